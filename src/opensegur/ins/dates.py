"""Birth dates as strings AAAA-MM-JJ: incomplete and lunar ones never pass through a date type.

Sources: RNIV 1 v2.0 (EXI PP 19); Guide d'implémentation INS v3.0 (EXI ID 11, EXI ID 12); INSi's type DateLunaire.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from enum import StrEnum

from opensegur.foundation.errors import InvalidValue

_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TYPED = re.compile(r"([0-9]{1,2})[/.\- ]([0-9]{1,2})[/.\- ]([0-9]{4})")
_COMPACT = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")
_MONTHS = range(1, 13)


class Precision(StrEnum):
    """What is known of a birth date; a month above 12 or a day outside its month counts as unknown."""

    EXACTE = "exacte"
    JOUR_INCONNU = "jour inconnu"
    MOIS_INCONNU = "mois inconnu"
    JOUR_ET_MOIS_INCONNUS = "jour et mois inconnus"
    ANNEE_INCONNUE = "année inconnue"


@dataclass(frozen=True, slots=True)
class DateCompletee:
    """A calendar date AAAA-MM-JJ, and whether the completion rule made it."""

    valeur: str
    estimee: bool


def split_date(text: str) -> tuple[int, int, int]:
    """Year, month and day of AAAA-MM-JJ, whatever their values; raises ``InvalidValue`` (DATE_FORMAT)."""
    found = _ISO.fullmatch(text)
    if not found:
        raise InvalidValue(
            "DATE_FORMAT",
            "Cette date de naissance n’est pas lisible.",
            conseil="Écrivez-la AAAA-MM-JJ, par exemple 1997-02-26.",
        )
    year, month, day = found.groups()
    return int(year), int(month), int(day)


def precision(text: str) -> Precision:
    """What is known in ``text`` (AAAA-MM-JJ, possibly lunar); raises ``InvalidValue`` (DATE_FORMAT)."""
    year, month, day = split_date(text)
    if year == 0:
        return Precision.ANNEE_INCONNUE
    if month not in _MONTHS:
        return Precision.MOIS_INCONNU if 1 <= day <= 31 else Precision.JOUR_ET_MOIS_INCONNUS  # noqa: PLR2004
    return Precision.EXACTE if 1 <= day <= monthrange(year, month)[1] else Precision.JOUR_INCONNU


def check_exact_date(text: str) -> str:
    """Give ``text`` back when it is a calendar date.

    Raises ``InvalidValue``: DATE_FORMAT, or DATE_INCOMPLETE, because the sanitary identity refuses an incomplete
    date (EXI ID 12): it is completed first.
    """
    if precision(text) is not Precision.EXACTE:
        raise InvalidValue(
            "DATE_INCOMPLETE",
            "La date de naissance est incomplète ou impossible.",
            conseil="Complétez-la : jour inconnu, le 01 ; mois inconnu, 01 ; les deux inconnus, le 31/12.",
            detail=precision(text).value,
        )
    return text


def complete_date(text: str, *, annee: int | None = None) -> DateCompletee:
    """Apply the completion rule to ``text`` (AAAA-MM-JJ, incomplete or lunar).

    Day unknown: the 1st; month unknown: January; both: 31 December; year unknown: ``annee``, a year that agrees
    with the age announced. Source: RNIV EXI PP 19, EXI ID 11.

    Raises ``InvalidValue``: DATE_FORMAT, or DATE_ANNEE when the year is unknown and ``annee`` is not given.
    """
    year, month, day = split_date(text)
    if year == 0:
        if annee is None:
            raise InvalidValue(
                "DATE_ANNEE",
                "L’année de naissance est inconnue.",
                conseil="Donnez une année, ou une décennie, compatible avec l’âge annoncé.",
            )
        return DateCompletee(complete_date(f"{annee:04d}-{month:02d}-{day:02d}").valeur, estimee=True)
    match precision(text):
        case Precision.EXACTE:
            return DateCompletee(text, estimee=False)
        case Precision.JOUR_INCONNU:
            return DateCompletee(f"{year:04d}-{month:02d}-01", estimee=True)
        case Precision.MOIS_INCONNU:
            return DateCompletee(f"{year:04d}-01-{day:02d}", estimee=True)
        case _:
            return DateCompletee(f"{year:04d}-12-31", estimee=True)


def parse_typed_date(text: str) -> str:
    """AAAA-MM-JJ from what a person types: 26/02/1997, 26.2.1997, 26021997 or 1997-02-26.

    The values are not judged: ``00/03/1950`` gives ``1950-03-00``. Raises ``InvalidValue`` (DATE_FORMAT).
    """
    typed = text.strip()
    if found := _TYPED.fullmatch(typed) or _COMPACT.fullmatch(typed):
        day, month, year = found.groups()
        return f"{year}-{int(month):02d}-{int(day):02d}"
    split_date(typed)
    return typed


def format_date(text: str) -> str:
    """JJ/MM/AAAA from AAAA-MM-JJ; raises ``InvalidValue`` (DATE_FORMAT)."""
    year, month, day = split_date(text)
    return f"{day:02d}/{month:02d}/{year:04d}"
