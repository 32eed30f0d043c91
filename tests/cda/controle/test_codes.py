from __future__ import annotations

import pytest

from opensegur.cda.controle.codes import CIP, LOINC, SNOMED, is_well_written

CIM10, ATC, CCAM, UCD = (
    "2.16.840.1.113883.6.3",
    "2.16.840.1.113883.6.73",
    "1.2.250.1.215.300.1",
    "1.2.250.1.213.2.3.1",
)


@pytest.mark.parametrize(
    ("code", "system"),
    [
        ("11502-2", LOINC),
        ("718-7", LOINC),
        ("XX-local", LOINC),
        ("73211009", SNOMED),
        ("3400930000120", CIP),
        ("I10", CIM10),
        ("E11.9", CIM10),
        ("A01BC02", ATC),
        ("J07", ATC),
        ("DEQP003", CCAM),
        ("anything", "1.2.3.4"),
    ],
)
def test_a_code_of_its_terminology_is_taken(code: str, system: str) -> None:
    assert is_well_written(code, system)


@pytest.mark.parametrize(
    ("code", "system"),
    [
        ("11502-3", LOINC),
        ("11520-2", LOINC),
        ("11502", LOINC),
        ("73211008", SNOMED),
        ("72311009", SNOMED),
        ("3400930000121", CIP),
        ("34009300001", CIP),
        ("10I", CIM10),
        ("A1BC02", ATC),
        ("DEQP03", CCAM),
        ("934567", UCD),
    ],
)
def test_a_slip_of_the_finger_is_seen(code: str, system: str) -> None:
    assert not is_well_written(code, system)


@pytest.mark.parametrize("code", ["718-7", "2160-0", "11502-2"])
def test_a_wrong_digit_or_two_neighbours_exchanged_is_always_seen_in_loinc(code: str) -> None:
    digits = code.replace("-", "")
    for rank, char in enumerate(digits):
        for other in "0123456789":
            if other != char:
                changed = digits[:rank] + other + digits[rank + 1 :]
                assert not is_well_written(f"{changed[:-1]}-{changed[-1]}", LOINC)
