from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from opensegur.cda.locate import NAMESPACES
from opensegur.cda.n1 import PDF, TEXT, build_n1
from opensegur.cda.reading import read_document
from opensegur.cda.testing import CABINET, MATRICULE, PATIENT, TRAITS, complete_entete, sample_entete, sample_n1
from opensegur.cda.validation import validate_document
from opensegur.foundation.acteurs import Adresse
from opensegur.foundation.errors import InvalidValue
from opensegur.foundation.xml import parse
from opensegur.ins.matricule import Matricule
from opensegur.ins.oids import OID_NIA
from opensegur.ins.traits import Sexe


def select(document: bytes, xpath: str) -> list[str]:
    found = parse(document).xpath(xpath, namespaces=NAMESPACES)
    return [item if isinstance(item, str) else (item.text or "") for item in found]


def test_exactly_three_templates() -> None:
    assert select(sample_n1(), "h:templateId/@root") == [
        "2.16.840.1.113883.2.8.2.1",
        "1.2.250.1.213.1.1.1.1",
        "1.3.6.1.4.1.19376.1.2.20",
    ]


@pytest.mark.exigence("DOC/va1.04")
def test_the_ins_comes_first_then_the_local_number() -> None:
    ids = "h:recordTarget/h:patientRole/h:id"
    assert select(sample_n1(), f"{ids}/@root") == [MATRICULE.oid, "1.2.250.1.999.1.7"]
    assert select(sample_n1(), f"{ids}/@extension") == [MATRICULE.valeur, "P-000042"]


def test_without_a_matricule_no_ins_is_written() -> None:
    document = sample_n1(sample_entete(patient=replace(PATIENT, matricule=None)))
    assert select(document, "h:recordTarget/h:patientRole/h:id/@root") == ["1.2.250.1.999.1.7"]


def test_a_nia_keeps_its_authority() -> None:
    patient = replace(PATIENT, matricule=Matricule(MATRICULE.valeur, OID_NIA))
    assert select(sample_n1(sample_entete(patient=patient)), "//h:patientRole/h:id/@root")[0] == OID_NIA


def test_the_names_of_the_patient_are_qualified() -> None:
    name = "//h:patient/h:name"
    document = sample_n1()
    assert select(document, f"{name}/h:family[@qualifier='BR']") == ["DUPONT-EXEMPLE"]
    assert select(document, f"{name}/h:given[not(@qualifier)]") == ["CAMILLE ANNE"]
    assert select(document, f"{name}/h:given[@qualifier='BR']") == ["CAMILLE"]
    assert select(document, f"{name}/h:family[@qualifier='CL']") == ["MARTIN"]
    assert select(document, f"{name}/h:given[@qualifier='CL']") == ["CAMILLE"]


def test_no_used_name_no_cl() -> None:
    patient = replace(PATIENT, traits=replace(TRAITS, nom_utilise="", prenom_utilise=""))
    assert not select(sample_n1(sample_entete(patient=patient)), "//h:patient/h:name/*[@qualifier='CL']")


@pytest.mark.parametrize(("sexe", "code"), [(Sexe.M, "M"), (Sexe.F, "F"), (Sexe.I, "UN")])
def test_the_sex_is_that_of_jdv_j143(sexe: Sexe, code: str) -> None:
    patient = replace(PATIENT, traits=replace(TRAITS, sexe=sexe))
    assert select(sample_n1(sample_entete(patient=patient)), "//h:administrativeGenderCode/@code") == [code]


def test_the_place_of_birth_is_a_county_with_the_name_of_that_day() -> None:
    assert select(sample_n1(), "//h:birthplace/h:place/h:addr/h:county") == ["51215"]
    assert select(sample_n1(), "//h:birthplace/h:place/h:addr/h:city") == ["Dompremy"]


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (datetime(2026, 3, 12, 9, 30, tzinfo=UTC), "20260312103000+0100"),
        (datetime(2026, 7, 1, 22, 30, 5, tzinfo=UTC), "20260702003005+0200"),
    ],
)
def test_times_are_legal_times_with_their_zone(moment: datetime, written: str) -> None:
    document = sample_n1(sample_entete(created_at=moment))
    assert select(document, "h:effectiveTime/@value") == [written]


def test_sector_and_setting_stand_in_their_places() -> None:
    document = sample_n1()
    assert select(document, "h:componentOf//h:healthCareFacility/h:code/@code") == ["SA07"]
    assert select(document, "h:documentationOf[1]//h:standardIndustryClassCode/@code") == ["AMBULATOIRE"]
    assert select(document, "h:documentationOf[1]//h:standardIndustryClassCode/@displayName") == ["Ambulatoire"]


def test_free_lines_take_the_town_with_them() -> None:
    assert select(sample_n1(), "//h:patientRole/h:addr/h:streetAddressLine") == [
        "12 rue des Exemples",
        "Bâtiment B",
        "75011 PARIS",
    ]
    assert not select(sample_n1(), "//h:patientRole/h:addr/h:postalCode")


def test_a_town_alone_is_structured_and_nothing_is_unknown() -> None:
    town = sample_n1(sample_entete(patient=replace(PATIENT, adresse=Adresse(code_postal="75011", ville="PARIS"))))
    assert select(town, "//h:patientRole/h:addr/h:city") == ["PARIS"]
    nothing = sample_n1(sample_entete(patient=replace(PATIENT, adresse=None, telecoms=())))
    assert select(nothing, "//h:patientRole/h:addr/@nullFlavor") == ["UNK"]
    empty = sample_n1(sample_entete(structure=replace(CABINET, adresse=Adresse())))
    assert not select(empty, "h:custodian//h:addr")


def test_a_replacement_says_what_it_replaces() -> None:
    document = sample_n1(complete_entete())
    assert select(document, "h:relatedDocument/@typeCode") == ["RPLC"]
    assert select(document, "h:relatedDocument/h:parentDocument/h:id/@root") == ["1.2.250.1.999.1.1.20260312.1"]
    assert select(document, "h:versionNumber/@value") == ["2"]


def test_the_author_does_the_act_unless_somebody_else_is_named() -> None:
    performer = "h:documentationOf[1]//h:performer/h:assignedEntity/h:id/@extension"
    assert select(sample_n1(), performer) == ["810000000017"]
    assert select(sample_n1(complete_entete()), performer) == ["810000000025"]


def test_the_body_is_the_file_byte_for_byte() -> None:
    content = "Texte accentué, en latin-1".encode("latin-1")
    document = build_n1(sample_entete(), content, TEXT)
    [encoded] = select(document, "//h:nonXMLBody/h:text")
    assert base64.b64decode(encoded) == content
    assert select(document, "//h:nonXMLBody/h:text/@representation") == ["B64"]


@pytest.mark.parametrize(
    ("content", "media_type", "code"),
    [
        (b"\xff\xd8\xff", "image/jpeg", "CDA_MEDIA"),
        (b"", TEXT, "CDA_CORPS_VIDE"),
        (b"not a pdf", PDF, "CDA_PDF"),
    ],
)
def test_a_body_that_cannot_be_sent_is_refused(content: bytes, media_type: str, code: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        build_n1(sample_entete(), content, media_type)
    assert caught.value.code == code


@given(
    title=st.text(
        st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), min_size=1
    ).filter(str.strip),
    content=st.binary(min_size=1, max_size=200),
)
def test_whatever_is_written_is_read_back(title: str, content: bytes) -> None:
    read = read_document(build_n1(sample_entete(titre=title), content, TEXT))
    assert read.titre == " ".join(title.split())
    assert read.corps is not None
    assert read.corps.data == content


@pytest.mark.parametrize("entete", [sample_entete(), complete_entete()], ids=["short", "complete"])
def test_our_own_rules_find_nothing(entete: object) -> None:
    assert validate_document(sample_n1(entete)).findings == ()  # type: ignore[arg-type]


@pytest.mark.fixtures
@pytest.mark.parametrize("entete", [sample_entete(), complete_entete()], ids=["short", "complete"])
def test_the_official_schema_accepts(official: Path, entete: object) -> None:
    schema = etree.XMLSchema(etree.parse(official / "cda" / "xsd" / "CDA_extended.xsd"))
    schema.assertValid(parse(sample_n1(entete)))  # type: ignore[arg-type]
