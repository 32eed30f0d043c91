"""The code of a box, as scanners give it."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opensegur.foundation.errors import InvalidValue
from opensegur.ins.lecture import Genre, recognize_scan
from opensegur.medicament.gs1 import SEPARATOR, Avertissement, LectureBoite, parse_box, read_identifiers

TODAY = date(2026, 6, 1)
_ERRORS = {
    "cle-gtin-invalide": "GS1_CLE",
    "date-invalide": "GS1_DATE",
    "longueur-invalide": "GS1_LONGUEUR",
    "ai-inconnu": "GS1_INCONNU",
}
_WARNINGS = {
    "separateur-substitue": Avertissement.SEPARATEUR_ECRIT,
    "separateur-peut-etre-perdu": Avertissement.SEPARATEUR_PERDU,
    "ni-lot-ni-peremption": Avertissement.SANS_LOT,
    "produit-inconnu-bdpm": Avertissement.ETRANGER,
    "perime": Avertissement.PERIME,
}


def cases(official: Path) -> list[dict[str, Any]]:
    return json.loads((official / "pharmacie" / "gs1" / "gs1-chaines.json").read_text(encoding="utf-8"))["cas"]


@pytest.mark.fixtures
def test_the_recorded_codes_are_read_as_expected(official: Path) -> None:
    read = 0
    for case in cases(official):
        expected = case["attendu"]
        if expected.get("type") == "numero-prescription":
            continue
        read += 1
        if "erreur" in expected:
            with pytest.raises(InvalidValue) as refusal:
                parse_box(case["brut"], TODAY)
            assert refusal.value.code == _ERRORS[expected["erreur"]], case["id"]
            continue
        scan = recognize_scan(case["brut"])
        assert scan.genre is Genre.BOITE, case["id"]
        box = parse_box(scan.texte, TODAY)
        assert told(box, expected) == expected_values(expected), case["id"]
    assert read == 26


def told(box: LectureBoite, expected: dict[str, Any]) -> dict[str, Any]:
    day = box.peremption.isoformat() if box.peremption else None
    made = box.fabrication.isoformat() if box.fabrication else None
    values = {
        "gtin14": box.gtin,
        "cip13": box.cip13 or None,
        "cip7": box.cip7,
        "peremption": day,
        "lot": box.lot,
        "serie": box.serie,
        "fabrication": made,
        "autres": dict(box.autres),
        "symbologie": box.symbologie,
    }
    kept = {key: value for key, value in values.items() if key in expected}
    return {**kept, "avertissements": set(box.avertissements)}


def expected_values(expected: dict[str, Any]) -> dict[str, Any]:
    # the keyboard is mended by the router of scans, which tells nothing of it here
    warnings = {_WARNINGS[each] for each in expected.get("avertissements", ()) if each in _WARNINGS}
    ignored = {"peremptionBrute", "cis", "avertissements"}
    return {**{key: value for key, value in expected.items() if key not in ignored}, "avertissements": warnings}


TEXTS = st.text("ABCDEFGHJKLMNP0123456789-./", min_size=1, max_size=20)


@given(TEXTS, TEXTS, st.dates(date(2000, 1, 1), date(2049, 12, 31)))
def test_what_a_manufacturer_writes_is_read_whatever_the_order(lot: str, serial: str, expiry: date) -> None:
    expected = ("03400935955838", expiry, lot, serial)
    day = f"17{expiry:%y%m%d}"
    for text in (
        f"0103400935955838{day}10{lot}{SEPARATOR}21{serial}",
        f"010340093595583821{serial}{SEPARATOR}{day}10{lot}",
        f"]d2010340093595583810{lot}{SEPARATOR}21{serial}{SEPARATOR}{day}",
    ):
        box = parse_box(text, TODAY)
        assert (box.gtin, box.peremption, box.lot, box.serie) == expected


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading(text: str) -> None:
    identifiers = read_identifiers(text)
    with suppress(InvalidValue):
        assert parse_box(text, TODAY).gtin == identifiers["01"]


@pytest.mark.parametrize(
    ("written", "read"),
    [("760101", date(2076, 1, 1)), ("770101", date(1977, 1, 1)), ("260600", date(2026, 6, 30))],
)
def test_the_century_is_the_nearest(written: str, read: date) -> None:
    assert parse_box(f"010340093595583817{written}", TODAY).peremption == read


def test_a_box_is_good_until_the_evening_of_its_last_day() -> None:
    box = "010340093595583817260531"
    assert Avertissement.PERIME not in parse_box(box, date(2026, 5, 31)).avertissements
    assert Avertissement.PERIME in parse_box(box, date(2026, 6, 1)).avertissements
