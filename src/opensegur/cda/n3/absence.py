"""What is said of a part of a record that has nothing in it: that there is none, or that nothing is known.

Source: HL7 IPS, Absent and Unknown Data; CI-SIS JDV_AbsentOrUnknown* (2024.01).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from lxml import etree

from opensegur.cda.noeud import NS
from opensegur.foundation.acteurs import Code
from opensegur.foundation.errors import InvalidValue
from opensegur.nomenclature import table

ABSENT = "2.16.840.1.113883.5.1150.1"
PROBLEMES, ACTES, ALLERGIES, TRAITEMENTS, DISPOSITIFS = (
    f"JDV_AbsentOrUnknown{part}" for part in ("Problem", "Procedure", "Allergy", "Medication", "Devices")
)


def absence(part: str, told: Collection[str]) -> Code:
    """The code that stands for an empty ``part``: the one of its table that is ``told``, or that nothing is known."""
    known, unknown = _codes(part)
    return known if known.code in told else unknown


def check_absences(told: Iterable[str], filled: Iterable[str]) -> None:
    """Raise ``InvalidValue`` (CDA_ABSENCE) for what is no absence, or is contradicted by a ``filled`` part."""
    by_code = {_codes(part)[0].code: part for part in (PROBLEMES, ACTES, TRAITEMENTS, DISPOSITIFS)}
    full = set(filled)
    for each in told:
        if each not in by_code:
            raise InvalidValue(
                "CDA_ABSENCE", "Cette absence n’existe pas.", conseil=f"Choisissez {', '.join(by_code)}."
            )
        if by_code[each] in full:
            raise InvalidValue(
                "CDA_ABSENCE",
                f"Le document dit « {_codes(by_code[each])[0].label} », et il y en a.",
                conseil="Retirez l’un des deux.",
            )


def read_absences(root: etree._Element) -> tuple[str, ...]:
    """The parts of which the document says that there is none; allergies say it themselves."""
    known = {_codes(part)[0].code for part in (PROBLEMES, ACTES, TRAITEMENTS, DISPOSITIFS)}
    found = (each.get("code", "") for each in root.iter(f"{{{NS}}}code", f"{{{NS}}}value") if _is_absent(each))
    return tuple(sorted(known.intersection(found)))


def is_absent(value: Code | None) -> bool:
    return value is not None and value.system == ABSENT


def _is_absent(element: etree._Element) -> bool:
    return element.get("codeSystem") == ABSENT


def _codes(part: str) -> tuple[Code, Code]:
    """« There is none », then « nothing is known »."""
    known, unknown = (
        next(each for each in table(part) if each.code.startswith("no-known-") is sure) for sure in (True, False)
    )
    return (
        Code(known.code, known.system, known.label),
        Code(unknown.code, unknown.system, unknown.label),
    )
