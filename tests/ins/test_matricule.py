"""The matricule: published vectors, Corsica, impossible months, keys; what INSi sends is kept."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opensegur.foundation.errors import InvalidValue
from opensegur.ins import OID_NIA, OID_NIR, OID_NIR_TEST, Matricule, compute_key, parse_matricule

VECTORS = [
    ("2790351215189", "89"),
    ("297022A020778", "78"),
    ("160012B020777", "13"),
    ("180032B020401", "23"),
    ("1090763220834", "89"),
    ("2751263220749", "74"),
    ("1090763220888", "35"),
    ("2360663220836", "56"),
    ("1100863220830", "60"),
    ("1810163220751", "40"),
]

nirs = st.from_regex(
    r"[123478][0-9]{2}(0[1-9]|1[0-3]|[23][0-9]|[5-9][0-9])([0-9]{5}|2[AB][0-9]{3})[0-9]{3}", fullmatch=True
)


@pytest.mark.parametrize(("nir", "key"), VECTORS)
def test_published_vectors(nir, key):
    assert compute_key(nir) == key
    assert parse_matricule(nir + key, OID_NIR).key_is_valid


@given(nirs)
def test_a_computed_key_is_accepted_and_any_other_refused(nir):
    key = compute_key(nir)
    assert "01" <= key <= "97"
    assert parse_matricule(nir + key, OID_NIR).valeur == nir + key
    wrong = f"{int(key) % 97 + 1:02d}"
    with pytest.raises(InvalidValue) as caught:
        parse_matricule(nir + wrong, OID_NIR)
    assert caught.value.code == "INS_MATRICULE_CLE"


@given(nirs)
def test_corsica_agrees_with_the_other_published_way(nir):
    number = nir.replace("2A", "19").replace("2B", "18") if nir[6] in "AB" else nir
    assert compute_key(nir) == f"{97 - int(number) % 97:02d}"


@given(st.text(max_size=20))
def test_any_text_is_refused_with_our_error(text):
    with suppress(InvalidValue):
        assert parse_matricule(text, OID_NIR).key_is_valid


@pytest.mark.parametrize(
    "text", ["2 79 03 51 215 189 89", "279035121518989", "2.79.03.51.215.189-89", " 279035121518989\n"]
)
def test_a_person_may_type_it_in_groups(text):
    assert parse_matricule(text, OID_NIR_TEST).valeur == "279035121518989"


def test_a_lower_case_corsican_letter_is_read():
    assert parse_matricule("297022a02077878", OID_NIR).valeur == "297022A02077878"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "INS_MATRICULE"),
        ("27903512151898", "INS_MATRICULE"),
        ("2790351215189899", "INS_MATRICULE"),
        ("27903512151898X", "INS_MATRICULE"),
        ("5790351215189" + "00", "INS_MATRICULE"),
        ("979035121518989", "INS_MATRICULE"),
        ("297022C02077878", "INS_MATRICULE"),
        ("297023A02077878", "INS_MATRICULE"),
        ("279145121518989", "INS_MATRICULE_MOIS"),
        ("279005121518989", "INS_MATRICULE_MOIS"),
        ("279455121518989", "INS_MATRICULE_MOIS"),
        ("279035121518900", "INS_MATRICULE_CLE"),
        ("279035121518998", "INS_MATRICULE_CLE"),
        ("２79035121518989", "INS_MATRICULE"),
    ],
)
def test_what_cannot_be_a_matricule_is_refused(text, code):
    with pytest.raises(InvalidValue) as caught:
        parse_matricule(text, OID_NIR)
    assert caught.value.code == code
    assert caught.value.conseil
    assert not caught.value.detail


def test_the_key_of_something_else_is_refused():
    with pytest.raises(InvalidValue):
        compute_key("279")


def test_a_wrong_key_from_insi_is_kept_as_received():
    received = Matricule.received("1810363220456", "60", OID_NIR)
    assert received.valeur == "181036322045660"
    assert not received.key_is_valid
    assert received.cle == "60"


def test_an_absent_key_from_insi_is_computed():
    assert Matricule.received("297022A020778", "", OID_NIR).valeur == "297022A02077878"


@pytest.mark.parametrize(("nir", "key"), [("", ""), ("ABC", "12"), ("279035121518", ""), ("2790351215189", "8")])
def test_what_is_received_must_at_least_have_the_shape(nir, key):
    with pytest.raises(InvalidValue):
        Matricule.received(nir, key, OID_NIR)


def test_nir_and_nia_differ_by_their_authority_only():
    nir, nia = (Matricule("109076322088835", oid) for oid in (OID_NIR, OID_NIA))
    assert nia.is_nia
    assert not nir.is_nia
    assert nir != nia


def test_a_test_matricule_is_told():
    assert not Matricule("279035121518989", OID_NIR_TEST).is_production
    assert Matricule("279035121518989", OID_NIR).is_production


@pytest.mark.parametrize(
    ("oid", "reason"),
    [
        ("1.2.250.1.213.1.4.2", "INS-C"),
        ("1.2.250.1.213.1.4.5", "erreur"),
        ("1.2.250.1.213.1.4.12", "n’est pas"),
        ("", "n’est pas"),
    ],
)
def test_another_oid_is_refused_with_its_reason(oid, reason):
    with pytest.raises(InvalidValue) as caught:
        Matricule("279035121518989", oid)
    assert caught.value.code == "INS_OID"
    assert reason in caught.value.message


def test_it_is_printed_in_groups():
    assert Matricule("297022A02077878", OID_NIR).formatted() == "2 97 02 2A 020 778 78"


def test_its_representation_does_not_tell_it():
    shown = repr(Matricule("279035121518989", OID_NIR))
    assert "79035121518" not in shown
    assert "…" in shown
