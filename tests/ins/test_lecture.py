"""A scan goes to the right place, whatever was scanned and on whatever keyboard."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opensegur.ins import OID_NIR, Matricule, Sexe
from opensegur.ins.clavier import _LOCKED, _NORMAL
from opensegur.ins.datamatrix import ContenuIns, encode_content
from opensegur.ins.lecture import Genre, recognize_scan
from opensegur.medicament.gs1 import has_gtin_key

FRENCH = {meant: got for got, meant in _NORMAL.items()}
LOCKED = {meant: got for got, meant in _LOCKED.items()}
INS = encode_content(
    ContenuIns(Matricule("297022A02077878", OID_NIR), "ADRTROIS", "DOMINIQUE", Sexe.F, "1997-02-26", "2A020")
)
GS = "\u001d"
SCANS = [
    (INS, Genre.INS),
    ("APCV1:q8fJ3-x_Kd02mVbQz71LrTnYw5uEoPAs", Genre.APPLI_VITALE),
    (f"]d20103400930000120172812311AB{GS}", Genre.BOITE),
    (f"010340093000012017281231{'10'}LOT42{GS}21SERIE9", Genre.BOITE),
    ("(01)03400930000120(17)281231(10)LOT42", Genre.BOITE),
    ("297022A02077878", Genre.MATRICULE),
    ("2 97 02 2A 020 778 78", Genre.MATRICULE),
    ("0125K7Q4M8W0Z9XJ3H", Genre.ORDONNANCE),
    ("https://ordonnance.example/0125K7Q4M8W0Z9XJ3H", Genre.ORDONNANCE),
    ("MARTIN", Genre.INCONNU),
    ("", Genre.INCONNU),
    ("297022A02077879", Genre.INCONNU),
]


@pytest.mark.parametrize(("text", "genre"), SCANS)
def test_each_code_is_told_from_the_others(text, genre):
    assert recognize_scan(text).genre is genre


@pytest.mark.parametrize("keyboard", [FRENCH, LOCKED], ids=["AZERTY", "AZERTY locked"])
@pytest.mark.parametrize(("text", "genre"), [scan for scan in SCANS if scan[1] is not Genre.INCONNU])
def test_on_a_french_keyboard_too(text, genre, keyboard):
    assert recognize_scan(text.translate(keyboard) + "\n").genre is genre


def test_a_box_says_what_it_bears():
    scan = recognize_scan(f"]d2010340093000012010LOT42{GS}17281231")
    assert scan.valeurs == {"01": "03400930000120", "10": "LOT42", "17": "281231"}


def test_a_box_with_a_wrong_check_digit_is_no_box():
    assert has_gtin_key("03400930000120")
    assert recognize_scan("010340093000012117281231").genre is Genre.INCONNU


def test_a_prescription_says_its_number_and_an_ins_its_identity():
    assert recognize_scan("https://ordonnance.example/0125K7Q4M8W0Z9XJ3H").valeurs == {"numero": "0125K7Q4M8W0Z9XJ3H"}
    scan = recognize_scan(INS)
    assert scan.ins is not None
    assert scan.ins.contenu.nom_naissance == "ADRTROIS"


def test_a_spoilt_ins_is_still_an_ins_and_says_why():
    scan = recognize_scan(INS.replace("S5F", "S5X"))
    assert scan.genre is Genre.INS
    assert scan.ins is None
    assert scan.faute is not None
    assert scan.faute.conseil


@given(st.text(max_size=120))
def test_nothing_that_is_scanned_breaks_the_counter(text):
    assert recognize_scan(text).genre in Genre


def test_no_scan_shows_in_a_representation():
    assert "ADRTROIS" not in repr(recognize_scan(INS))
