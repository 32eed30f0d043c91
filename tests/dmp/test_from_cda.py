"""Metadata read in documents: ours, the official ones, and those that the DMP cannot take."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from opensegur.cda import reading
from opensegur.cda.testing import CABINET, INFIRMIER, MEDECIN, complete_entete, sample_entete, sample_n1
from opensegur.dmp import Author, Visibilite, activite_of, entry_of_cda, prepare_submission, replaced_uid
from opensegur.dmp.controles import check_entry
from opensegur.dmp.formats import HORS_PROFILS, format_of_media, format_of_model
from opensegur.dmp.hl7 import Cx, Xcn, Xon
from opensegur.dmp.metadata import SourcePatientInfo, hash_of
from opensegur.foundation.acteurs import Code
from opensegur.foundation.errors import InvalidValue, RefusedInput
from opensegur.ins import OID_NIR, Matricule
from opensegur.nomenclature import table

LOINC = "2.16.840.1.113883.6.1"


def test_our_own_document_says_everything(document, matricule):
    entete = sample_entete()
    entry = entry_of_cda(document)
    assert check_entry(entry) == []
    assert entry.unique_id == entete.uid
    assert entry.patient_id == Cx.of_matricule(matricule)
    assert (entry.type_code.code, entry.class_code.code) == ("11488-4", "10")
    assert entry.format_code.code == "urn:ihe:iti:xds-sd:text:2008"
    assert entry.format_code.system == "1.3.6.1.4.1.19376.1.2.3"
    assert entry.title == entete.titre
    assert entry.creation_time == entete.created_at
    assert entry.service_start_time == entete.acte_debut
    assert entry.authors == (Author.of_professionnel(MEDECIN, CABINET),)
    assert entry.legal_authenticator == Xcn.of_professionnel(MEDECIN)
    assert entry.healthcare_facility_type.code == "SA07"
    assert entry.practice_setting.code == "AMBULATOIRE"
    assert entry.language_code == "fr-FR"
    assert (entry.hash, entry.size) == (hash_of(document), len(document))


def test_the_rest_of_a_rich_header_follows():
    entete = complete_entete()
    entry = entry_of_cda(sample_n1(entete))
    assert check_entry(entry) == []
    assert entry.service_stop_time == entete.acte_fin
    assert [code.code for code in entry.event_codes] == ["34117-2"]
    assert entry.authors[0].roles == ("Médecin traitant",)
    assert entry.reference_ids == ("ORD-2026-7^^^&1.2.250.1.999.1.3&ISO^urn:ihe:iti:xds:2013:order",)


def test_the_traits_are_those_of_the_document():
    traits = sample_entete().patient.traits
    info = entry_of_cda(sample_n1()).source_patient_info
    assert info == SourcePatientInfo(
        nom_naissance=traits.nom_naissance,
        premier_prenom=traits.premier_prenom,
        prenoms=traits.prenoms,
        nom_utilise=traits.nom_utilise,
        prenom_utilise=traits.prenom_utilise,
        date_naissance=traits.date_naissance.replace("-", ""),
        sexe=traits.sexe.value,
        lieu_naissance=traits.lieu_naissance,
    )


def test_the_values_of_sourcePatientInfo_are_those_of_the_profile():
    info = SourcePatientInfo("DUPONT", "ALICE", "ALICE MARIE", "MARTIN", "LISE", "19800115", "F", "63220")
    assert info.values() == (
        "PID-5|DUPONT^ALICE^ALICE MARIE^^^^L",
        "PID-5|MARTIN^LISE^^^^^D",
        "PID-7|19800115",
        "PID-8|F",
        "PID-11|^^^^^^BDL^^63220",
    )


def test_a_local_number_is_the_source_s_identifier():
    patient = replace(sample_entete().patient, ipp="IPP42", ipp_oid="1.2.250.1.999.4")
    entry = entry_of_cda(sample_n1(sample_entete(patient=patient)))
    assert entry.source_patient_id == Cx("IPP42", "1.2.250.1.999.4", "PI")
    without = entry_of_cda(sample_n1(sample_entete(patient=replace(patient, ipp="", ipp_oid=""))))
    assert without.source_patient_id == without.patient_id


def test_the_title_and_the_visibility_may_be_chosen(document):
    entry = entry_of_cda(document, titre="Autre\n titre", visibilite=Visibilite(masque_ps=True))
    assert entry.title == "Autre titre"
    assert [code.code for code in entry.confidentiality_codes] == ["N", "MASQUE_PS"]


@pytest.mark.exigence("DMP/va1.15")
def test_a_document_names_the_version_that_it_replaces(document):
    assert replaced_uid(document) == ""
    assert replaced_uid(sample_n1(complete_entete())) == sample_entete().uid


def refused(data, **options):
    with pytest.raises(InvalidValue) as error:
        entry_of_cda(data, **options)
    assert error.value.conseil
    return error.value.code


def test_a_document_of_another_patient_is_not_sent(document):
    assert refused(document, matricule=Matricule("179019999999988", OID_NIR)) == "DMP_AUTRE_PATIENT"


def test_a_document_without_ins_needs_one():
    patient = replace(sample_entete().patient, matricule=None, ipp="IPP42", ipp_oid="1.2.250.1.999.4")
    data = sample_n1(sample_entete(patient=patient))
    assert refused(data) == "DMP_SANS_INS"
    given = Matricule("179019999999988", OID_NIR)
    assert entry_of_cda(data, matricule=given).patient_id == Cx.of_matricule(given)


def test_a_type_outside_the_dmp_is_not_sent():
    outside = next(found for found in table("JDV_J07") if not table("JDV_J66").contains(found.code, found.system))
    data = sample_n1(sample_entete(type=Code(outside.code, outside.system, outside.label)))
    assert refused(data) == "DMP_TYPE"


def test_an_identifier_with_an_extension_is_not_sent(document):
    uid = sample_entete().uid
    data = document.replace(f'<id root="{uid}"'.encode(), f'<id root="{uid}" extension="1"'.encode(), 1)
    assert data != document
    assert refused(data) == "DMP_UID"


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4", b"<html/>", b'<!DOCTYPE a><a xmlns="urn:hl7-org:v3"/>'])
def test_what_is_no_document_is_refused_without_a_traceback(data):
    with pytest.raises(RefusedInput):
        prepare_submission(data, uid="1.2.3.1", uid_signature="1.2.3.2")


def test_an_empty_document_says_what_is_missing():
    data = b'<ClinicalDocument xmlns="urn:hl7-org:v3"/>'
    assert refused(data) == "DMP_SANS_INS"


def strip_facility(document):
    return document.replace(b'code="SA07"', b'code="SA99"').replace(b'code="AMBULATOIRE"', b'code="AILLEURS"')


def test_the_sender_s_structure_stands_for_what_the_document_does_not_say(document):
    poor = strip_facility(document)
    with pytest.raises(InvalidValue) as error:
        prepare_submission(poor, uid="1.2.3.1", uid_signature="1.2.3.2")
    assert error.value.code == "DMP_METADONNEES"
    entry = entry_of_cda(poor, structure=CABINET)
    assert (entry.healthcare_facility_type.code, entry.practice_setting.code) == ("SA07", "AMBULATOIRE")


def test_the_activity_follows_the_encounter():
    ambulatory = reading.read_document(sample_n1(complete_entete()))
    assert activite_of(ambulatory).code == "07"
    unknown = reading.read_document(sample_n1(sample_entete(prise_en_charge=None)))
    assert table("JDV_J59").contains(activite_of(unknown).code)


def test_every_activity_of_the_table_is_admitted():
    document = reading.read_document(sample_n1(complete_entete()))
    for concept in table("JDV_J142"):
        encounter = replace(document.rencontre, code=Code(concept.code, concept.system))
        assert table("JDV_J59").contains(activite_of(replace(document, rencontre=encounter)).code)


def test_a_device_and_a_patient_may_be_authors(document):
    uid = f'root="1.2.250.1.71.4.2.1" extension="{MEDECIN.id_nat}"'.encode()
    assert uid in document
    ins = b'root="1.2.250.1.213.1.4.10" extension="279035121518989"'
    patient = entry_of_cda(document.replace(uid, ins)).authors[0].person
    assert (patient.kind, patient.name_type, patient.authority) == ("NH", "D", "1.2.250.1.213.1.4.10")


@pytest.mark.parametrize(
    ("models", "code"),
    [
        (["1.2.250.1.213.1.1.1.1", "1.2.250.1.213.1.1.1.29"], "urn:asip:ci-sis:ldl-ses:2017"),
        (["1.3.6.1.4.1.19376.1.3.3", "1.2.250.1.213.1.1.1.55"], "urn:ihe:lab:xd-lab:2008"),
        (["1.3.6.1.4.1.19376.1.5.3.1.1.1", "1.2.250.1.213.1.1.1.39"], "urn:ihe:pharm:pre:2010"),
        (["1.2.250.1.213.1.1.1.59"], HORS_PROFILS),  # TROD: published for the CI-SIS, not yet in the DMP's set
        (["1.2.3"], HORS_PROFILS),
        ([], HORS_PROFILS),
    ],
)
def test_the_format_follows_the_model(models, code):
    found = format_of_model(models)
    assert found.code == code
    assert table("JDV_J60").contains(found.code, found.system)


@pytest.mark.parametrize(
    ("media", "code"),
    [
        ("application/pdf", "urn:ihe:iti:xds-sd:pdf:2008"),
        ("text/plain; charset=utf-8", "urn:ihe:iti:xds-sd:text:2008"),
        ("TEXT/RTF", "urn:ihe:iti-fr:xds-sd:rtf:2010"),
        ("image/jpeg", "urn:ihe:iti-fr:xds-sd:jpeg:2010"),
        ("image/png", HORS_PROFILS),
    ],
)
def test_the_format_of_a_file_follows_its_media_type(media, code):
    assert format_of_media(media).code == code


SAMPLES = {
    "BIO-CR-BIO_2024.01_TSH_1": ("11502-2", "10", "urn:ihe:lab:xd-lab:2008"),
    "DOC_NON_STRUCTURE_CDA-R2-N1": ("11502-2", "10", "urn:ihe:iti:xds-sd:pdf:2008"),
    "IMG-DA-IMG_2024.01_Radiographie_ChevilleGenou": ("55115-0", "42", "urn:ans:ci-sis:img-da:2022"),
    "IMG_CR_IMG_2024.01": ("18748-4", "31", "urn:ihe:rad:CDA:ImagingReportStructuredHeadings:2013"),
    "IMG_CR_IMG_2024.01_CDA-R2-Niveau-1": ("18748-4", "31", "urn:ihe:iti:xds-sd:pdf:2008"),
    "IPS-FR_2024.01": ("60591-5", "11", "urn:ihe:pcc:ips:2020"),
    "LDL-EES_2022.01": ("18761-7", "11", "urn:asip:ci-sis:ldl-ees:2017"),
    "LDL-SES_2022.01": ("11490-0", "10", "urn:asip:ci-sis:ldl-ses:2017"),
    "VAC-NOTE_2023.01": ("87273-9", "52", "urn:asip:ci-sis:vac-note:2021"),
    "VAC_2023.01": ("11369-6", "52", "urn:asip:ci-sis:vac:2019"),
    "VSM_1.4_2022.01": ("SYNTH", "11", "urn:asip:ci-sis:vsm:2012"),
    "eDISP-MED_2024.01": ("60593-1", "43", "urn:ihe:pharm:dis:2010"),
    "eP-MED-DM_2024.01_PosoStruct": ("57833-6", "42", "urn:ihe:pharm:pre:2010"),
}


@pytest.mark.fixtures
@pytest.mark.parametrize("name", SAMPLES)
def test_the_official_documents_may_go_as_they_are(official, name):
    data = (official / f"cda/samples/{name}.xml").read_bytes()
    lot = prepare_submission(data, uid="1.2.3.1", uid_signature="1.2.3.2")
    entry = lot.documents[0].entry
    assert (entry.type_code.code, entry.class_code.code, entry.format_code.code) == SAMPLES[name]
    assert lot.documents[0].data is data


@pytest.mark.fixtures
def test_the_times_of_an_official_document_are_converted_to_utc(official):
    data = (official / "cda/samples/BIO-CR-BIO_2024.01_TSH_1.xml").read_bytes()
    entry = entry_of_cda(data)
    assert entry.service_start_time == datetime(2021, 1, 4, 8, 22, tzinfo=UTC)
    assert entry.service_start_time.utcoffset().total_seconds() == 0


@pytest.mark.fixtures
def test_a_document_inside_its_style_sheet_says_so(official):
    data = (official / "biologie/cda/crbio_2021_auto_presentable.xml").read_bytes()
    assert entry_of_cda(data).mime_type == "application/xslt+xml"


def test_a_nurse_has_a_specialty_too():
    author = Author.of_professionnel(INFIRMIER)
    assert author.institution is None
    assert author.specialty.code == "G15_60"
    assert Xon.of_structure(CABINET).id == CABINET.id_nat
