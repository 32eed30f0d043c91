"""How a medicine is to be taken, in words and, when it can be, in numbers (FR-Traitement-prescrit-subordonnee).

Source: CI-SIS Volet eP-MED-DM 2024.01; IHE PCC, dosing modes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lxml import etree

from opensegur.cda.locate import child, children
from opensegur.cda.n3 import affichage
from opensegur.cda.n3.dose import check_amount, read_amount
from opensegur.cda.n3.ecriture import ts
from opensegur.cda.n3.lecture import is_a, read_quand, read_quantity
from opensegur.cda.n3.rythme import Rythme, build_rhythm, read_rhythm
from opensegur.cda.n3.valeurs import Plage, Quand, Quantite, check_quand
from opensegur.cda.noeud import NS_XSI, Noeud, node

_IHE = "1.3.6.1.4.1.19376.1.5.3.1.4."


class Mode(StrEnum):
    """How doses follow one another; the value is the template of IHE PCC."""

    NORMAL = f"{_IHE}7.1"
    PROGRESSIF = f"{_IHE}8"
    FRACTIONNE = f"{_IHE}9"
    CONDITIONNEL = f"{_IHE}10"
    COMBINE = f"{_IHE}11"


@dataclass(frozen=True, slots=True)
class Prise:
    """One dose and its rhythm, from ``debut`` and for ``duree``; ``debit`` per unit of time."""

    rythme: Rythme | None = None
    dose: Plage | None = None
    debit: Plage | None = None
    debut: Quand = ""
    duree: Quantite | None = None

    def __post_init__(self) -> None:
        check_quand(self.debut, quoi="Début de la prise")
        check_amount(self.dose)
        check_amount(self.debit)

    @property
    def texte(self) -> str:
        """« 1 à 2 {tablet}, toutes les 8 h, pendant 2 d »: what the table shows when nobody wrote words."""
        pieces = [_range(self.dose), _range(self.debit), _rhythm(self.rythme)]
        if self.debut:
            pieces.append(f"à partir du {affichage.date(self.debut)}")
        if self.duree:
            pieces.append(f"pendant {affichage.quantity(self.duree)}")
        return ", ".join(piece for piece in pieces if piece)


def build_times(prise: Prise) -> list[Noeud]:
    """The rhythm of a line whose dose is said at its top (normal mode)."""
    return [build_rhythm(prise.rythme)] if prise.rythme else []


def build_expression(prise: Prise, *, rythme_du: bool = False) -> Noeud:
    """The ``effectiveTime`` that adds to the period of the line: since when, for how long, how often.

    An expression (SXPR_TS) has two parts at least: without a rhythm it is the interval alone, unless one is due.
    """
    low = node("low", value=ts(prise.debut)) if prise.debut else node("low", nullFlavor="UNK")
    width = node("width", value=prise.duree.texte, unit=prise.duree.unite) if prise.duree else None
    rhythm = prise.rythme or (Rythme() if rythme_du else None)
    if rhythm is None:
        return node("effectiveTime", low, width, xsi_type="IVL_TS", operator="A")
    interval = node("comp", low, width, xsi_type="IVL_TS", operator="A")
    return node("effectiveTime", interval, build_rhythm(rhythm, "comp"), xsi_type="SXPR_TS", operator="A")


def read_dose(line: etree._Element) -> Prise | None:
    """From a line, main or subordinate; None when it gives neither dose nor rhythm."""
    times = children(line, "effectiveTime")
    expression = next((each for each in times if _is_added(each)), None)
    if expression is not None:
        parts = children(expression, "comp") or [expression]
        interval = next((each for each in parts if _kind(each) == "IVL_TS"), None)
        rhythm = next((found for each in parts if (found := read_rhythm(each))), None)
        begin, width = read_quand(child(interval, "low")), read_quantity(child(interval, "width"))
    else:
        rhythm = next((found for each in times if (found := read_rhythm(each))), None)
        begin, width = "", None
    dose, rate = read_amount(child(line, "doseQuantity")), read_amount(child(line, "rateQuantity"))
    if rhythm is None and dose is None and rate is None:
        return None
    return Prise(rhythm, dose, rate, begin, width)


def read_mode(line: etree._Element) -> Mode:
    return next((each for each in Mode if is_a(line, each.value)), Mode.NORMAL)


def _is_added(time: etree._Element) -> bool:
    """An expression, or an interval that is not the period of the line."""
    return _kind(time) == "SXPR_TS" or (_kind(time) == "IVL_TS" and time.get("operator") == "A")


def _kind(element: etree._Element) -> str:
    return element.get(f"{{{NS_XSI}}}type", "").rpartition(":")[2]


def _range(plage: Plage | None) -> str:
    if plage is None or plage.bas is None or plage.haut is None:
        return ""
    if plage.bas == plage.haut:
        return affichage.quantity(plage.bas)
    return f"{affichage.number(plage.bas)} à {affichage.quantity(plage.haut)}"


def _rhythm(rythme: Rythme | None) -> str:
    if rythme is None:
        return ""
    if rythme.periode:
        return f"toutes les {affichage.quantity(rythme.periode)}"
    return rythme.libelle
