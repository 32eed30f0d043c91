"""Dates, numbers and doses as a French reader expects them in the narrative of a section."""

from __future__ import annotations

from datetime import datetime

from opensegur.cda.datatypes import PARIS
from opensegur.cda.n3.valeurs import Periode, Plage, Quand, Quantite


def date(value: Quand) -> str:
    """« 12/03/2026 », « 03/2026 », « 2026 », « 12/03/2026 à 9 h 30 »; "" when nothing is known."""
    if isinstance(value, datetime):
        local = value.astimezone(PARIS)
        return f"{local.day:02}/{local.month:02}/{local.year:04} à {local.hour} h {local.minute:02}"
    return "/".join(reversed(value.split("-")))


def dates(periode: Periode) -> str:
    """« depuis … » is said by the heading: here « 12/03/2026 » or « 2019 – 03/2020 »."""
    begin, end = date(periode.debut), date(periode.fin)
    if begin and end:
        return f"{begin} – {end}"
    return begin or (f"jusqu’à {end}" if end else "")


def number(quantite: Quantite) -> str:
    """A comma for the decimals and a narrow space every three digits: « 12 500,5 »."""
    sign, digits = ("-", quantite.texte[1:]) if quantite.texte.startswith("-") else ("", quantite.texte)
    whole, _, decimals = digits.partition(".")
    grouped = f"{int(whole):,}".replace(",", "\u202f") if len(whole) > 4 else whole  # noqa: PLR2004 - as a year is written
    return f"{sign}{grouped},{decimals}" if decimals else f"{sign}{grouped}"


def quantity(quantite: Quantite | None) -> str:
    if quantite is None:
        return ""
    unit = unit_words(quantite.unite)
    return f"{number(quantite)} {unit}" if unit else number(quantite)


def bounds(plage: Plage | None) -> str:
    """« 4,0 à 6,0 », « < 5 », « ≥ 3 »; the unit is that of the result, said beside."""
    if plage is None:
        return ""
    if plage.bas and plage.haut:
        return f"{number(plage.bas)} à {number(plage.haut)}"
    if plage.bas:
        return f"{'≥' if plage.bas_inclus else '>'} {number(plage.bas)}"
    assert plage.haut is not None
    return f"{'≤' if plage.haut_inclus else '<'} {number(plage.haut)}"


def unit_words(unit: str) -> str:
    """A UCUM unit as people read it: « 10*9/L » is « 10⁹/L », an annotation loses its braces."""
    shown = unit.replace("10*", "10").replace("[IU]", "UI").replace("[pH]", "pH")
    for power, raised in (("103", "10³"), ("106", "10⁶"), ("109", "10⁹"), ("1012", "10¹²")):
        if unit.startswith(f"10*{power[2:]}"):
            shown = shown.replace(power, raised, 1)
    return shown.replace("{", "").replace("}", "").replace("um", "µm").replace("ug", "µg").replace("u[", "µ[")
