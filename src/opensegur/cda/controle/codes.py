"""Is this code written as its terminology writes codes? Check digits and shapes, without any terminology at hand.

Sources: LOINC Users' Guide (mod 10), SNOMED CT Release File Specification (Verhoeff), GS1 (CIP13), ATC, CIM-10, CCAM.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from opensegur.foundation.cles import luhn

LOINC = "2.16.840.1.113883.6.1"
SNOMED = "2.16.840.1.113883.6.96"
CIP = "1.2.250.1.213.2.3.2"

_D = (
    "0123456789",
    "1234067895",
    "2340178956",
    "3401289567",
    "4012395678",
    "5987604321",
    "6598710432",
    "7659821043",
    "8765932104",
    "9876543210",
)
_P = (
    "0123456789",
    "1576283094",
    "5803796142",
    "8916043527",
    "9453126870",
    "4286573901",
    "2793806415",
    "7046913258",
)


def verhoeff(digits: str) -> bool:
    check = 0
    for rank, digit in enumerate(reversed(digits)):
        check = int(_D[check][int(_P[rank % 8][int(digit)])])
    return check == 0


def ean13(digits: str) -> bool:
    return sum(int(digit) * (3 if rank % 2 else 1) for rank, digit in enumerate(digits)) % 10 == 0


def _shape(pattern: str, check: Callable[[str], bool] | None = None) -> Callable[[str], bool]:
    compiled = re.compile(pattern)

    def judge(code: str) -> bool:
        return bool(compiled.fullmatch(code)) and (check is None or check(code))

    return judge


_SHAPES: dict[str, Callable[[str], bool]] = {
    LOINC: _shape(
        r"(?:LP|LA)?[0-9]{1,7}-[0-9]|[Xx]{2}-.+", lambda code: not code[0].isdigit() or luhn(code.replace("-", ""))
    ),
    SNOMED: _shape(r"[1-9][0-9]{5,17}", verhoeff),
    "2.16.840.1.113883.6.3": _shape(r"[A-Z][0-9]{2}(?:\.?[0-9+*]{1,4})?[+*]?"),
    "2.16.840.1.113883.6.73": _shape(r"[A-V](?:[0-9]{2}(?:[A-Z](?:[A-Z](?:[0-9]{2})?)?)?)?"),
    "1.2.250.1.215.300.1": _shape(r"[A-Z]{4}[0-9]{3}(?:-[0-9A-Z]+)*|[0-9]{2}(?:\.[0-9]{2})*"),
    "1.2.250.1.213.2.3.1": _shape(r"[0-9]{8}"),
    CIP: _shape(r"[0-9]{7}|[0-9]{13}", lambda code: len(code) == 7 or ean13(code)),  # noqa: PLR2004 - the old CIP7
}


def is_well_written(code: str, system: str) -> bool:
    """True too for a terminology whose codes have no shape that we know."""
    judge = _SHAPES.get(system)
    return judge is None or judge(code)
