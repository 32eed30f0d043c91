"""ebRIM: whatever an entry holds, its XML is valid and says the same when read back."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from opensegur.dmp.ebrim import EbrimWriter
from opensegur.dmp.ebrim_reading import parse_specialty, read_document_entry, read_submission_set
from opensegur.dmp.hl7 import Cx, Xcn, Xon
from opensegur.dmp.metadata import Author, Disponibilite, DocumentEntry, SourcePatientInfo, SubmissionSet
from opensegur.dmp.noms import LCM, NS_LCM, RIM
from opensegur.dmp.testing import registry_object
from opensegur.dmp.visibilite import Visibilite
from opensegur.foundation.acteurs import Code
from opensegur.foundation.errors import RefusedInput
from opensegur.foundation.schemas import load_schema
from opensegur.foundation.xml import parse

# XML attributes turn line breaks into spaces, and slots are trimmed: one line of text, no space around
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"], exclude_characters="\u00a0"), max_size=30
).map(lambda text: " ".join(text.split()))
NAMES = TEXTS.filter(bool)
OIDS = st.lists(st.integers(0, 9999), min_size=1, max_size=5).map(lambda arcs: ".".join(["1.2", *map(str, arcs)]))
CODES = st.builds(Code, NAMES, OIDS, NAMES)
MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)).map(
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)
PERSONS = st.builds(Xcn, NAMES, NAMES, TEXTS, OIDS, st.sampled_from("DU"), st.sampled_from(["IDNPS", "NH"]))
AUTHORS = st.builds(
    Author,
    st.none() | PERSONS,
    st.none() | st.builds(Xon, NAMES, NAMES, OIDS),
    st.none() | CODES,
    st.lists(NAMES, max_size=2).map(tuple),
)
PATIENTS = st.builds(Cx, NAMES, OIDS, st.sampled_from(["NH", "PI"]))
INFOS = st.builds(
    SourcePatientInfo,
    nom_naissance=NAMES,
    premier_prenom=TEXTS,
    prenoms=TEXTS,
    nom_utilise=TEXTS,
    prenom_utilise=TEXTS,
    date_naissance=st.dates().map(lambda day: day.strftime("%Y%m%d")),
    sexe=st.sampled_from("MFU"),
    lieu_naissance=st.sampled_from(["", "63220", "2A004", "99132"]),
)
ENTRIES = st.builds(
    DocumentEntry,
    unique_id=OIDS,
    patient_id=PATIENTS,
    type_code=CODES,
    class_code=CODES,
    format_code=CODES,
    confidentiality_codes=st.lists(CODES, min_size=1, max_size=4).map(tuple),
    healthcare_facility_type=CODES,
    practice_setting=CODES,
    title=TEXTS,
    authors=st.lists(AUTHORS, max_size=2).map(tuple),
    creation_time=st.none() | MOMENTS,
    service_start_time=st.none() | MOMENTS,
    service_stop_time=st.none() | MOMENTS,
    legal_authenticator=st.none() | PERSONS,
    comments=TEXTS,
    source_patient_id=st.none() | PATIENTS,
    source_patient_info=st.none() | INFOS,
    event_codes=st.lists(CODES, max_size=2).map(tuple),
    reference_ids=st.lists(NAMES, max_size=2).map(tuple),
    hash=st.sampled_from(["", "da39a3ee5e6b4b0d3255bfef95601890afd80709"]),
    size=st.none() | st.integers(0, 10**9),
)
LOTS = st.builds(
    SubmissionSet,
    unique_id=OIDS,
    patient_id=PATIENTS,
    source_id=OIDS,
    content_type=CODES,
    author=AUTHORS,
    submission_time=st.none() | MOMENTS,
    title=TEXTS,
    comments=TEXTS,
)


def schema_findings(*objects):
    request = etree.Element(f"{LCM}SubmitObjectsRequest", nsmap={"lcm": NS_LCM})
    etree.SubElement(request, f"{RIM}RegistryObjectList").extend(objects)
    return load_schema("xds").findings(request)


def reread(element):
    return parse(etree.tostring(element))


@settings(max_examples=60)
@given(ENTRIES)
def test_an_entry_is_valid_and_read_back(entry):
    fiche = EbrimWriter().document_entry(entry, "Document01")
    assert read_document_entry(reread(fiche)) == entry
    assert schema_findings(fiche) == []


@settings(max_examples=40)
@given(ENTRIES)
def test_an_entry_of_the_registry_is_valid_and_read_back(entry):
    entry = replace(
        entry,
        entry_uuid="urn:uuid:3459f26d-aefd-559d-bcd6-afa1aa5b3401",
        logical_id="urn:uuid:bb431f18-28b7-5e93-a5f9-7312e23fe9c7",
        version="2",
        availability_status=Disponibilite.ARCHIVED,
        repository_unique_id="1.2.250.1.999.2.1",
    )
    fiche = registry_object(entry)
    read = read_document_entry(reread(fiche))
    assert read == entry
    assert reread(parse(read.source)).get("id") == entry.entry_uuid
    assert schema_findings(fiche) == []


@settings(max_examples=40)
@given(LOTS)
def test_a_lot_is_valid_and_read_back(lot):
    package = EbrimWriter().submission_set(lot, "SubmissionSet01")
    assert read_submission_set(reread(package)) == lot
    assert schema_findings(package) == []


@given(ENTRIES)
@settings(max_examples=20)
def test_every_part_names_its_owner_and_no_id_is_used_twice(entry):
    writer = EbrimWriter()
    fiches = [writer.document_entry(entry, name) for name in ("Document01", "Document02")]
    for fiche in fiches:
        for part in fiche.iterfind(f"{RIM}Classification"):
            assert part.get("classifiedObject") == fiche.get("id")
        for part in fiche.iterfind(f"{RIM}ExternalIdentifier"):
            assert part.get("registryObject") == fiche.get("id")
    ids = [part.get("id") for fiche in fiches for part in fiche.iter() if part.get("id")]
    assert len(ids) == len(set(ids))


def test_an_entry_without_unique_id_is_refused_without_a_traceback():
    with pytest.raises(RefusedInput) as refused:
        read_document_entry(parse(f'<r:ExtrinsicObject xmlns:r="{RIM[1:-1]}" id="urn:uuid:1"/>'.encode()))
    assert refused.value.code == "DMP_FICHE"


def test_an_entry_of_another_software_is_read_as_far_as_it_can_be():
    fiche = parse(
        f"""<r:ExtrinsicObject xmlns:r="{RIM[1:-1]}" id="urn:uuid:1" mimeType="text/xml" status="urn:autre">
        <r:Slot name="creationTime"><r:ValueList><r:Value>hier</r:Value></r:ValueList></r:Slot>
        <r:Slot name="size"><r:ValueList><r:Value>beaucoup</r:Value></r:ValueList></r:Slot>
        <r:Slot name="sourcePatientInfo"><r:ValueList><r:Value>PID-3|x</r:Value></r:ValueList></r:Slot>
        <r:Slot name="legalAuthenticator"><r:ValueList><r:Value>^</r:Value></r:ValueList></r:Slot>
        <r:Classification classificationScheme="urn:uuid:93606bcf-9494-43ec-9b4e-a7748d1a838d" id="c">
        <r:Slot name="authorSpecialty"><r:ValueList><r:Value>Cardiologue</r:Value></r:ValueList></r:Slot>
        </r:Classification>
        <r:ExternalIdentifier identificationScheme="urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab" value="1.2.3"/>
        </r:ExtrinsicObject>""".encode()
    )
    entry = read_document_entry(fiche)
    assert (entry.unique_id, entry.title, entry.creation_time, entry.size) == ("1.2.3", "", None, None)
    assert entry.legal_authenticator is None
    assert entry.source_patient_info is None
    assert entry.availability_status is None
    assert entry.authors == (Author(specialty=Code("", "", "Cardiologue")),)


def test_a_specialty_is_a_code_with_its_label():
    assert parse_specialty("G15_10/SM26^Médecin - X^1.2.250.1.213.1.1.4.5") == Code(
        "G15_10/SM26", "1.2.250.1.213.1.1.4.5", "Médecin - X"
    )


@pytest.mark.exigence("DMP/va1.04")
def test_hiding_a_document_adds_codes_after_its_base_level():
    base = Code("N", "2.16.840.1.113883.5.25", "Normal")
    entry = DocumentEntry(
        unique_id="1.2.3",
        patient_id=Cx("1", "1.2", "PI"),
        type_code=base,
        class_code=base,
        format_code=base,
        confidentiality_codes=(base,),
        healthcare_facility_type=base,
        practice_setting=base,
        title="",
        authors=(),
        creation_time=None,
    )
    hidden = entry.with_visibilite(Visibilite(invisible_patient=True, invisible_representants=True))
    assert [code.code for code in hidden.confidentiality_codes] == [
        "N",
        "INVISIBLE_PATIENT",
        "INVISIBLE_REPRESENTANTS_LEGAUX",
    ]
    assert hidden.visibilite.invisible_patient
    assert hidden.with_visibilite(Visibilite()).confidentiality_codes == (base,)
