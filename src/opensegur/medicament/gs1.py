"""What the code of a box says: product, expiry, lot, serial number (GS1 General Specifications §3 and §7).

Read as a scanner gives it: a prefix of symbology or none, the separator of fields as a byte, spelt out or lost, the
brackets of what is printed beside the code. What is ambiguous is read one way and told.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from opensegur.foundation.errors import InvalidValue

SEPARATOR = "\u001d"
_SYMBOLOGIES = {"d2": "GS1 DataMatrix", "C1": "GS1-128", "Q3": "GS1 QR Code", "e0": "GS1 DataBar", "E0": "EAN-13"}
_PREFIX = re.compile(r"\](d2|C1|Q3|e0|E0)")
_SPELT = re.compile(r"<GS>|\{GS\}|\[GS\]|\^\]|\u241d")
_BRACKETS = re.compile(r"\(([0-9]{2,3})\)([^(]+)")
_GTIN = re.compile(r"[0-9]{14}")
_EAN13 = re.compile(r"34009[0-9]{8}")
_FIXED = {"01": 14, "11": 6, "13": 6, "15": 6, "17": 6}
_VARIABLE = ("10", "21", "240", "710", "711", "712", "713", "714", "715", "716")
_DATES = {"11": "fabrication", "17": "péremption"}
_LONGEST = 20
_ALLOWED = re.compile(r"[!-Z_a-z]{1,20}")
_FRENCH = "034009"


class Avertissement(StrEnum):
    """What was read but has to be looked at, in French."""

    SEPARATEUR_ECRIT = "La douchette écrit le séparateur au lieu de l’envoyer : le code est lu, mais réglez-la."
    SEPARATEUR_PERDU = "Le lot et le numéro de série sont peut-être collés : vérifiez le lot sur la boîte."
    SANS_LOT = "Ce code ne porte ni lot ni péremption : relevez-les sur la boîte."
    ETRANGER = "Ce produit n’a pas de code français : cherchez-le par son nom."
    PERIME = "La date de péremption est passée."


@dataclass(frozen=True, slots=True)
class LectureBoite:
    """``gtin`` 14 digits; ``peremption`` the last day of use; "" or ``None`` for what the code does not say.

    ``autres``: the other identifiers, as read (``712``: a Spanish national number).
    """

    gtin: str
    peremption: date | None = None
    lot: str = ""
    serie: str = ""
    fabrication: date | None = None
    symbologie: str = ""
    autres: Mapping[str, str] = field(default_factory=dict)
    avertissements: tuple[Avertissement, ...] = ()

    @property
    def cip13(self) -> str:
        """Thirteen digits, or nothing for a product that is not French."""
        return self.gtin[1:] if self.gtin.startswith(_FRENCH) else ""

    @property
    def cip7(self) -> str:
        return self.cip13[5:12]


def parse_box(text: str, today: date) -> LectureBoite:
    """Read the code of a box; ``today`` places the two digits of a year and tells what is out of date.

    Raises ``InvalidValue``: GS1_CLE (check digit of the product), GS1_LONGUEUR, GS1_DATE, GS1_INCONNU.
    """
    symbology, bare, spelt = _bare(text)
    if _EAN13.fullmatch(bare):
        gtin = f"0{bare}"
        _check_key(gtin)
        return LectureBoite(gtin, symbologie=symbology, avertissements=(Avertissement.SANS_LOT,))
    values = dict(_fields(bare))
    gtin = values.pop("01", "")
    if not gtin:
        raise _refusal("GS1_INCONNU", "Ce code ne désigne pas un produit.")
    _check_key(gtin)
    expiry = _day(values.pop("17", ""), "17", today)
    made = _day(values.pop("11", ""), "11", today)
    lot, serial = values.pop("10", ""), values.pop("21", "")
    told = [
        (spelt, Avertissement.SEPARATEUR_ECRIT),
        (_is_glued(bare, lot, serial), Avertissement.SEPARATEUR_PERDU),
        (not gtin.startswith(_FRENCH), Avertissement.ETRANGER),
        (expiry is not None and expiry < today, Avertissement.PERIME),
    ]
    return LectureBoite(
        gtin, expiry, lot, serial, made, symbology, values, tuple(warning for holds, warning in told if holds)
    )


def read_identifiers(text: str) -> dict[str, str]:
    """The identifiers of a code of a box, as they are written, up to the first that cannot be read.

    Empty for what is not the code of a box: no product in it, or one whose key is wrong.
    """
    _, bare, _ = _bare(text)
    values = {"01": f"0{bare}"} if _EAN13.fullmatch(bare) else {}
    with suppress(InvalidValue):
        values.update(() if values else _fields(bare))
    return values if _has_key(values.get("01", "")) else {}


def has_gtin_key(gtin: str) -> bool:
    """Whether the last of the 14 digits is the check digit of the others (GS1 §7.9)."""
    total = sum(int(digit) * (3 if index % 2 == 0 else 1) for index, digit in enumerate(gtin))
    return total % 10 == 0


def _bare(text: str) -> tuple[str, str, bool]:
    """The symbology, the text without it and with real separators, and whether these were spelt out."""
    stripped = text.strip("\r\n\t ")
    found = _PREFIX.match(stripped)
    rest = stripped[found.end() :] if found else stripped
    bare, spelt = _SPELT.subn(SEPARATOR, rest)
    return (_SYMBOLOGIES[found.group(1)] if found else ""), bare.lstrip(SEPARATOR), spelt > 0


def _fields(text: str) -> Iterator[tuple[str, str]]:
    if text.startswith("("):
        yield from _BRACKETS.findall(text)
        return
    seen: set[str] = set()
    while text:
        code = next((each for each in (*_FIXED, *_VARIABLE) if text.startswith(each) and each not in seen), None)
        if code is None:
            raise _refusal("GS1_INCONNU", "Ce code contient un champ inconnu.")
        seen.add(code)
        text = text[len(code) :]
        length = _FIXED.get(code)
        value = text[:length] if length else text.partition(SEPARATOR)[0]
        if (length and not re.fullmatch(f"[0-9]{{{length}}}", value)) or (
            not length and not _ALLOWED.fullmatch(value)
        ):
            raise _refusal("GS1_LONGUEUR", f"Le champ {code} de ce code est incomplet ou trop long.")
        yield code, value
        text = text[len(value) :].lstrip(SEPARATOR)


def _check_key(gtin: str) -> None:
    if not _has_key(gtin):
        raise _refusal("GS1_CLE", "La clé du code produit est fausse.")


def _has_key(gtin: str) -> bool:
    return bool(_GTIN.fullmatch(gtin)) and has_gtin_key(gtin)


def _day(text: str, code: str, today: date) -> date | None:
    """``AAMMJJ``; a day 00 is the last of the month; the century is the nearest (GS1 §7.12)."""
    if not text:
        return None
    short, month, day = int(text[:2]), int(text[2:4]), int(text[4:])
    year = today.year - today.year % 100 + short
    gap = short - today.year % 100
    if gap >= 51:  # noqa: PLR2004 - the window of the standard
        year -= 100
    elif gap <= -50:  # noqa: PLR2004 - same
        year += 100
    try:
        return date(year, month, day or calendar.monthrange(year, month)[1])
    except (ValueError, calendar.IllegalMonthError) as error:
        raise _refusal("GS1_DATE", f"La date de {_DATES[code]} de ce code n’existe pas.") from error


def _is_glued(bare: str, lot: str, serial: str) -> bool:
    """A lot that ends the code and holds what may be the beginning of a serial number."""
    return bool(lot) and not serial and bare.endswith(lot) and "21" in lot[1:-1]


def _refusal(code: str, message: str) -> InvalidValue:
    return InvalidValue(code, message, conseil="Scannez de nouveau la boîte, ou saisissez le CIP et le lot.")
