"""The value sets: look-ups, search by words, and the shipped files against the published ones."""

import pytest

from opensegur.foundation.errors import InvalidValue
from opensegur.nomenclature import Concept, Table, classe_of_type, names, table

LOINC = "2.16.840.1.113883.6.1"


def test_a_consultation_report_has_its_official_label():
    assert table("JDV_J07").get("11488-4") == Concept("11488-4", LOINC, "CR ou fiche de consultation ou de visite")


def test_a_code_is_looked_up_in_its_system_only_when_asked():
    facilities = table("JDV_J02")
    assert facilities.contains("SA07")
    assert facilities.contains("SA07", "1.2.250.1.71.4.2.4")
    assert not facilities.contains("SA07", LOINC)
    assert facilities.get("SA00") is None


def test_a_code_that_lives_in_two_systems_is_told_apart():
    profession, role = "1.2.250.1.71.1.2.7", "1.2.250.1.213.1.6.1.107"
    roles = Table("T", "", "1", "s", (Concept("60", profession, "Infirmier"), Concept("60", role, "Autre")))
    assert roles.get("60", profession).label == "Infirmier"
    assert roles.get("60", role).label == "Autre"
    assert roles.get("60").label == "Infirmier"


def test_a_student_has_a_role_in_the_dmp():
    assert {c.code for c in table("JDV_J65") if c.system == "1.2.250.1.71.1.2.8"} == {"10", "21", "40", "50"}


def test_an_unknown_code_is_its_own_label():
    assert table("TRE_G15").label("999") == "999"
    assert table("TRE_G15").label("10") == "Médecin"


@pytest.mark.parametrize("text", ["synthese medicale", "SYNTHÈSE MÉDICALE", "médic synth", "  synth-médic "])
def test_search_takes_words_in_any_order_without_accents(text):
    assert "60591-5" in {concept.code for concept in table("JDV_J07").search(text)}


@pytest.mark.parametrize("text", ["", "   ", "?!"])
def test_an_empty_search_finds_nothing(text):
    assert table("JDV_J07").search(text) == ()


def test_search_takes_the_code_itself():
    assert [concept.code for concept in table("JDV_J07").search("11488-4")] == ["11488-4"]


def test_each_table_is_whole():
    for name in names():
        found = table(name)
        assert len(found) > 0
        assert found.version
        assert found.source
        keys = [(concept.code, concept.system) for concept in found]
        assert len(set(keys)) == len(keys), name
        assert all(concept.code and concept.label for concept in found), name
        assert name == "ASS_X16" or all(concept.system for concept in found), name


def test_a_table_is_read_once():
    assert table("JDV_J01") is table("JDV_J01")


@pytest.mark.parametrize("name", ["JDV_J999", "../tables", "", "JDV_J01.tsv", "/etc/passwd"])
def test_an_unknown_table_is_refused(name):
    with pytest.raises(InvalidValue) as caught:
        table(name)
    assert caught.value.code == "NOMENCLATURE_INCONNUE"


def test_the_dmp_takes_the_types_of_the_ci_sis_less_six():
    ci_sis = {(concept.code, concept.system) for concept in table("JDV_J07")}
    dmp = {(concept.code, concept.system) for concept in table("JDV_J66")}
    assert {code for code, _ in ci_sis - dmp} == {
        "PIECE-IDENTITE", "FEUILLE-DE-STYLE", "FICHE-CONTACTS", "EXPORT_DUI", "51851-4", "56446-8",
    }  # fmt: skip


def test_the_practice_settings_of_the_dmp_are_those_of_the_ci_sis_less_one():
    assert {c.code for c in table("JDV_J04")} - {c.code for c in table("JDV_J62")} == {"ESSMS"}


def test_the_facilities_of_the_dmp_are_those_of_the_ci_sis():
    assert table("JDV_J61") is table("JDV_J02")


@pytest.mark.parametrize(
    ("type_code", "classe"),
    [
        ("11488-4", "10"),
        ("57833-6", "42"),
        ("18748-4", "31"),
        ("SYNTH", "11"),
        ("60593-1", "43"),
        ("CERT_DECL", "52"),
    ],
)
def test_a_type_has_its_class(type_code, classe):
    assert classe_of_type(type_code).code == classe


def test_the_signature_document_has_its_own_class():
    assert classe_of_type("E1762") == Concept("urn:oid:1.3.6.1.4.1.19376.1.2.1.1.1", "URN", "Digital Signature")


def test_every_association_leads_to_a_known_class():
    for concept in table("ASS_X16"):
        assert table("JDV_J57").contains(concept.label), concept


@pytest.mark.parametrize("type_code", ["28617-9", "inconnu", ""])
def test_a_type_that_the_table_does_not_class_is_said(type_code):
    with pytest.raises(InvalidValue) as caught:
        classe_of_type(type_code)
    assert caught.value.code == "TYPE_SANS_CLASSE"
