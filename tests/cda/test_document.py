from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from opensegur.cda.document import Entete, Identifiant, Remplacement
from opensegur.cda.participations import LienProche, Participant, Proche, Representant
from opensegur.cda.patient import PatientCda
from opensegur.cda.testing import (
    CABINET,
    INFIRMIER,
    LOINC,
    MATRICULE,
    MEDECIN,
    MOMENT,
    PATIENT,
    TRAITS,
    complete_entete,
    sample_entete,
)
from opensegur.foundation.acteurs import Code
from opensegur.foundation.errors import InvalidValue

NAIVE = MOMENT.replace(tzinfo=None)


def test_a_valid_header_is_made() -> None:
    assert sample_entete().version == 1
    assert complete_entete().remplace is not None


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("uid that is no OID", {"uid": "urn:oid:1.2.3"}, "OID"),
    ("set_id that is no OID", {"set_id": "abc"}, "OID"),
    ("version zero", {"version": 0}, "CDA_VERSION"),
    ("version 2 that replaces nothing", {"version": 2}, "CDA_REMPLACEMENT"),
    ("version 1 that replaces", {"remplace": Remplacement("1.2.3", 1)}, "CDA_REMPLACEMENT"),
    (
        "replacing a later version",
        {"version": 2, "remplace": Remplacement("1.2.3", 2)},
        "CDA_REMPLACEMENT",
    ),
    (
        "replacing oneself",
        {"version": 2, "remplace": Remplacement("1.2.250.1.999.1.1.20260312.1", 1)},
        "CDA_REMPLACEMENT",
    ),
    ("type out of JDV_J07", {"type": Code("99999-9", LOINC)}, "CDA_CODE"),
    ("type in the wrong system", {"type": Code("11488-4", "1.2.3")}, "CDA_CODE"),
    ("type of a signature", {"type": Code("E1762", "ASTM")}, "CDA_TYPE_SIGNATURE"),
    ("empty title", {"titre": "  "}, "CDA_VIDE"),
    ("control character", {"titre": "Compte\x0brendu"}, "CDA_CARACTERE"),
    ("control character deep inside", {"structure": replace(CABINET, nom="Cabi\x00net")}, "CDA_CARACTERE"),
    ("naive creation time", {"created_at": NAIVE}, "CDA_FUSEAU"),
    ("naive act", {"acte_debut": NAIVE}, "CDA_FUSEAU"),
    ("naive contribution", {"auteur_at": NAIVE}, "CDA_FUSEAU"),
    ("act ended before it began", {"acte_fin": MOMENT - timedelta(hours=1)}, "CDA_INTERVALLE"),
    ("masking in the document", {"confidentialite": "MASQUE_PS"}, "CDA_MASQUAGE"),
    ("unknown confidentiality", {"confidentialite": "L"}, "CDA_CONFIDENTIALITE"),
    ("language without country", {"language": "fr"}, "CDA_LANGUE"),
    ("sector of J04 in J02", {"structure": replace(CABINET, secteur="AMBULATOIRE")}, "CDA_CODE"),
    ("setting of J02 in J04", {"structure": replace(CABINET, cadre="SA07")}, "CDA_CODE"),
    ("unknown speciality", {"auteur": replace(MEDECIN, savoir_faire="SM999")}, "CDA_CODE"),
    ("civility out of J245", {"auteur": replace(MEDECIN, civilite="Dr")}, "CDA_CODE"),
    ("title out of J246", {"responsable": replace(MEDECIN, titre="Docteur")}, "CDA_CODE"),
    ("function out of J47", {"auteur_fonction": Code("XXX", "2.16.840.1.113883.5.88")}, "CDA_CODE"),
    ("encounter out of J142", {"prise_en_charge": Code("ZZZ", "2.16.840.1.113883.5.4")}, "CDA_CODE"),
    ("act code without system", {"acte_code": Code("YYYY001", "CCAM")}, "OID"),
    ("order without OID", {"prescriptions": (Identifiant("x", "1"),)}, "OID"),
    ("executant with a wrong civility", {"executant": replace(INFIRMIER, civilite="MR")}, "CDA_CODE"),
]


@pytest.mark.parametrize(("changes", "code"), [(row[1], row[2]) for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_the_national_checks_would_refuse_cannot_be_made(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        sample_entete(**changes)
    assert caught.value.code == code
    assert caught.value.conseil


def test_the_error_on_a_code_proposes_the_near_ones() -> None:
    with pytest.raises(InvalidValue) as caught:
        sample_entete(type=Code("11488", LOINC))
    assert "11488-4 (CR ou fiche de consultation ou de visite)" in caught.value.conseil


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"matricule": None, "ipp": ""}, "CDA_SANS_IDENTIFIANT"),
        ({"ipp_oid": ""}, "CDA_IPP_OID"),
        ({"ipp_oid": "hôpital"}, "OID"),
        ({"traits": replace(TRAITS, prenoms="")}, "CDA_TRAITS_INS"),
        ({"traits": replace(TRAITS, lieu_naissance="")}, "CDA_TRAITS_INS"),
        ({"deces": "12/03/2026"}, "CDA_DECES"),
        ({"rang_naissance": 0}, "CDA_RANG_NAISSANCE"),
    ],
)
def test_a_patient_is_identified(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        replace(PATIENT, **changes)
    assert caught.value.code == code


def test_without_the_ins_the_traits_may_be_incomplete() -> None:
    patient = PatientCda(traits=replace(TRAITS, prenoms="", lieu_naissance=""), ipp="7", ipp_oid="1.2.3")
    assert patient.matricule is None


def test_an_identity_never_shows_in_a_representation() -> None:
    shown = repr(complete_entete())
    for secret in ("DUPONT", "EXEMPLE,", MATRICULE.valeur, "Jeanne", "P-000042"):
        assert secret not in shown


@pytest.mark.parametrize(
    "make",
    [
        lambda: Participant("XXX", MEDECIN),
        lambda: Participant("REF", MEDECIN, fin=NAIVE),
        lambda: Proche(LienProche.AIDANT, " "),
        lambda: Proche(LienProche.AIDANT, "EXEMPLE", parente=Code("ZZ", "1.2")),
        lambda: Representant(""),
        lambda: Representant("EXEMPLE", civilite="Mme"),
        lambda: Remplacement("1.2.3", 0),
    ],
)
def test_the_optional_actors_are_checked_too(make: Any) -> None:
    with pytest.raises(InvalidValue):
        make()


def test_every_professional_of_a_header_is_listed() -> None:
    assert [person.nom for person in complete_entete().professionnels].count("LEROY") == 5
    assert isinstance(complete_entete(), Entete)
