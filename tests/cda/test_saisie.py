from __future__ import annotations

from typing import Any

import pytest

from opensegur.cda.saisie import EXEMPLES, parse_json, patient_from, professionnel_from, structure_from
from opensegur.cda.testing import sample_entete, sample_n1
from opensegur.cda.validation import validate_document
from opensegur.foundation.errors import InvalidValue

PATIENT = dict(EXEMPLES["patient"])
AUTEUR = dict(EXEMPLES["author"])
STRUCTURE = dict(AUTEUR["structure"])


def without(values: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key != name}


def test_the_examples_make_a_valid_document() -> None:
    author = professionnel_from(AUTEUR)
    entete = sample_entete(
        patient=patient_from(PATIENT), auteur=author, responsable=author, structure=structure_from(STRUCTURE)
    )
    assert validate_document(sample_n1(entete)).findings == ()


@pytest.mark.parametrize("name", ["nom_naissance", "premier_prenom", "date_naissance", "sexe", "matricule_oid"])
def test_a_missing_field_is_named(name: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        patient_from(without(PATIENT, name))
    assert caught.value.code == "SAISIE_CHAMP_MANQUANT"
    assert f"« {name} »" in caught.value.message


@pytest.mark.parametrize("name", ["id_nat", "nom", "secteur"])
def test_a_structure_is_whole(name: str) -> None:
    with pytest.raises(InvalidValue, match=name):
        structure_from(without(STRUCTURE, name))


def test_an_unknown_field_proposes_the_near_one() -> None:
    with pytest.raises(InvalidValue) as caught:
        patient_from({**PATIENT, "nom_naisance": "X"})
    assert caught.value.conseil == "Vouliez-vous « nom_naissance » ?"
    with pytest.raises(InvalidValue) as caught:
        professionnel_from({**AUTEUR, "zzz": "X"})
    assert "id_nat" in caught.value.conseil


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("nom_naissance", 12, "un texte"),
        ("telecoms", "tel:01", "une liste"),
        ("telecoms", [12], "une liste de textes"),
        ("adresse", [], "un objet"),
    ],
)
def test_a_wrong_type_says_what_is_expected(name: str, value: Any, words: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        patient_from({**PATIENT, name: value})
    assert caught.value.code == "SAISIE_TYPE"
    assert words in caught.value.message


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'"x"', b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_json_object_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidValue) as caught:
        parse_json(data, "Patient")
    assert caught.value.code == "SAISIE_JSON"


def test_a_byte_order_mark_is_accepted() -> None:
    assert parse_json(b'\xef\xbb\xbf{"a": 1}', "Patient") == {"a": 1}


def test_a_wrong_matricule_is_refused() -> None:
    with pytest.raises(InvalidValue) as caught:
        patient_from({**PATIENT, "matricule": "279035121518900"})
    assert caught.value.code == "INS_MATRICULE_CLE"


def test_a_patient_may_have_only_a_local_number() -> None:
    values = {**without(without(PATIENT, "matricule"), "adresse"), "ipp": "42", "ipp_oid": "1.2.3"}
    patient = patient_from(values)
    assert patient.matricule is None
    assert patient.adresse is None
