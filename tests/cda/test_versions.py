from __future__ import annotations

from dataclasses import replace

import pytest

from opensegur.cda.reading import read_document
from opensegur.cda.testing import LOINC, PATIENT, TRAITS, complete_entete, sample_entete, sample_n1
from opensegur.cda.versions import next_version
from opensegur.foundation.acteurs import Code
from opensegur.foundation.errors import InvalidValue
from opensegur.ins.matricule import Matricule
from opensegur.ins.oids import OID_NIR_DEMO

TYPE = Code("11488-4", LOINC)


def test_the_next_version_keeps_the_set_and_names_the_old_one() -> None:
    old = read_document(sample_n1(complete_entete()))
    follows = next_version(old, TYPE, PATIENT)
    assert (follows.version, follows.set_id) == (3, "1.2.250.1.999.1.2.20260312")
    assert follows.remplace.uid == "1.2.250.1.999.1.1.20260312.2"
    new = sample_entete(uid="1.2.3.4", version=follows.version, set_id=follows.set_id, remplace=follows.remplace)
    assert read_document(sample_n1(new)).remplace == old.uid


def test_the_type_does_not_change() -> None:
    with pytest.raises(InvalidValue) as caught:
        next_version(read_document(sample_n1()), Code("34112-3", LOINC), PATIENT)
    assert caught.value.code == "CDA_REMPLACEMENT_TYPE"


@pytest.mark.parametrize(
    "patient",
    [
        replace(PATIENT, matricule=Matricule(PATIENT.matricule.valeur, OID_NIR_DEMO) if PATIENT.matricule else None),
        replace(PATIENT, matricule=None, traits=replace(TRAITS, nom_naissance="AUTRE")),
    ],
    ids=["another matricule", "another name"],
)
def test_the_patient_does_not_change(patient: object) -> None:
    with pytest.raises(InvalidValue) as caught:
        next_version(read_document(sample_n1()), TYPE, patient)  # type: ignore[arg-type]
    assert caught.value.code == "CDA_REMPLACEMENT_PATIENT"


def test_without_a_matricule_name_and_birth_date_decide() -> None:
    old = read_document(sample_n1(sample_entete(patient=replace(PATIENT, matricule=None))))
    assert next_version(old, TYPE, PATIENT).version == 2


def test_an_incomplete_document_cannot_be_replaced() -> None:
    old = replace(read_document(sample_n1()), version=None)
    with pytest.raises(InvalidValue) as caught:
        next_version(old, TYPE, PATIENT)
    assert caught.value.code == "CDA_REMPLACEMENT"
