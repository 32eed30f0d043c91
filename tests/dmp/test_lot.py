"""A lot to send: its message, its signature, what is refused before it leaves."""

import base64
import hashlib
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from lxml import etree

from opensegur.cda.testing import CABINET, MEDECIN, sample_n1
from opensegur.dmp import Author, DocumentADeposer, Submission, Visibilite, prepare_submission
from opensegur.dmp.ebrim_reading import read_document_entry, read_submission_set
from opensegur.dmp.hl7 import Cx
from opensegur.dmp.metadata import hash_of
from opensegur.dmp.noms import HAS_MEMBER, REPLACES, RIM, SIGNS, XDS
from opensegur.dmp.signature import canonical_form
from opensegur.dmp.submission import build_message
from opensegur.foundation.acteurs import Code
from opensegur.foundation.dsig import DS
from opensegur.foundation.errors import InvalidValue
from opensegur.foundation.mtom import content_of
from opensegur.foundation.schemas import load_schema
from opensegur.foundation.xml import parse

MOMENT = datetime(2026, 3, 12, 10, 0, tzinfo=UTC)


@pytest.fixture
def build(signer):
    def message(lot, moment=MOMENT, hash_name="sha256"):
        return build_message(
            lot,
            auteur=Author.of_professionnel(MEDECIN, CABINET),
            source_id="1.2.250.1.999.1",
            signer=signer,
            moment=moment,
            hash_name=hash_name,
        )

    return message


def parts_of(message):
    return {part.content_id: part for part in message.parts}


def contents(message):
    """Each document of the message, by its id in it."""
    found = message.body.iterfind(f"{XDS}Document")
    return {element.get("id"): content_of(element, parts_of(message)) for element in found}


def entries(message):
    return {fiche.get("id"): read_document_entry(fiche) for fiche in message.body.iter(f"{RIM}ExtrinsicObject")}


def associations(message):
    return [
        (found.get("associationType"), found.get("sourceObject"), found.get("targetObject"))
        for found in message.body.iter(f"{RIM}Association")
    ]


def test_the_message_is_valid_and_carries_the_document_untouched(build, lot, document):
    message = build(lot)
    assert load_schema("xds").findings(message.body) == []
    assert contents(message)["Document01"] == document
    assert [part.content_type for part in message.parts] == ["text/xml", "text/xml"]


def test_hash_and_size_are_those_of_the_bytes_sent(build, lot):
    message = build(lot)
    for identifier, entry in entries(message).items():
        data = contents(message)[identifier]
        assert (entry.hash, entry.size) == (hashlib.sha1(data).hexdigest(), len(data))


def test_the_lot_has_its_members_and_its_signature(build, lot):
    assert associations(build(lot)) == [
        (HAS_MEMBER, "SubmissionSet01", "Document01"),
        (HAS_MEMBER, "SubmissionSet01", "Signature01"),
        (SIGNS, "Signature01", "SubmissionSet01"),
    ]


@pytest.mark.exigence("DMP/va1.16")
def test_a_replacement_names_the_entry_that_it_replaces(build, document):
    target = "urn:uuid:bb431f18-28b7-5e93-a5f9-7312e23fe9c7"
    lot = prepare_submission(document, uid="1.2.3.1", uid_signature="1.2.3.2", remplace=target)
    message = build(lot)
    assert associations(message)[-1] == (REPLACES, "Document01", target)
    assert load_schema("xds").findings(message.body) == []


def test_the_lot_says_by_whom_when_and_with_what(build, lot):
    package = build(lot).body.find(f".//{RIM}RegistryPackage")
    read = read_submission_set(package)
    assert read.unique_id == lot.uid
    assert read.source_id == "1.2.250.1.999.1"
    assert read.submission_time == MOMENT
    assert read.author == Author.of_professionnel(MEDECIN, CABINET)
    assert read.content_type == lot.content_type


def test_the_signature_is_an_entry_hidden_from_everybody(build, lot):
    signature = entries(build(lot))["Signature01"]
    assert signature.unique_id == lot.uid_signature
    assert signature.est_signature
    assert signature.language_code == "art"
    assert [code.code for code in signature.confidentiality_codes] == ["N", "MASQUE_PS", "INVISIBLE_PATIENT"]
    assert signature.legal_authenticator == signature.authors[0].person
    assert signature.creation_time == MOMENT


def test_the_manifest_covers_the_lot_and_each_document(build, lot, document):
    signature = parse(contents(build(lot))["Signature01"])
    references = signature.findall(f".//{DS}Manifest/{DS}Reference")
    assert [found.get("URI") for found in references] == [
        f"urn:oid:{lot.uid}",
        f"urn:oid:{lot.documents[0].entry.unique_id}",
    ]
    assert references[0].findtext(f"{DS}DigestValue") == "AA=="
    digest = base64.b64encode(hashlib.sha256(canonical_form(document)).digest()).decode()
    assert references[1].findtext(f"{DS}DigestValue") == digest


def test_what_stands_outside_the_root_is_signed_too():
    body = b"<a>x</a>"
    assert canonical_form(b"<!-- note -->" + body) != canonical_form(body)
    assert canonical_form(b"<?xml-stylesheet href='x'?>" + body) != canonical_form(body)


def test_a_binary_document_is_signed_as_its_bytes(build, lot):
    binary = replace(lot.documents[0].entry, mime_type="application/dicom")
    message = build(replace(lot, documents=(DocumentADeposer(binary, b"\x00\x01"),)))
    reference = parse(contents(message)["Signature01"]).findall(f".//{DS}Manifest/{DS}Reference")[1]
    assert reference.find(f"{DS}Transforms") is None
    assert reference.findtext(f"{DS}DigestValue") == base64.b64encode(hashlib.sha256(b"\x00\x01").digest()).decode()


def test_a_second_sending_is_the_first_one_to_the_byte(build, lot):
    first, second = build(lot), build(lot, moment=MOMENT + timedelta(hours=5))
    assert etree.tostring(first.body) == etree.tostring(second.body)
    assert first.parts == second.parts


def test_without_a_moment_the_lot_is_dated_when_it_leaves(build, lot):
    package = build(replace(lot, moment=None), moment=MOMENT + timedelta(hours=5)).body.find(
        f".//{RIM}RegistryPackage"
    )
    assert read_submission_set(package).submission_time == MOMENT + timedelta(hours=5)


@pytest.mark.skipif(shutil.which("xmlsec1") is None, reason="needs xmlsec1")
@pytest.mark.parametrize("hash_name", ["sha256", "sha1"])
def test_xmlsec1_verifies_the_signature(build, lot, tmp_path, hash_name):
    path = tmp_path / "signature.xml"
    path.write_bytes(contents(build(lot, hash_name=hash_name))["Signature01"])
    command = [
        "xmlsec1",
        "--verify",
        "--insecure",
        "--ignore-manifests",
        "--id-attr:Id",
        "http://www.w3.org/2000/09/xmldsig#:Manifest",
        "--id-attr:Id",
        "http://uri.etsi.org/01903/v1.1.1#:SignedProperties",
        str(path),
    ]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    path.write_bytes(path.read_bytes().replace(lot.uid.encode(), b"1.2.250.1.999.6.6"))
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0


def test_two_documents_travel_in_one_lot(build, lot):
    other = replace(lot.documents[0].entry, unique_id="1.2.250.1.999.7")
    two = replace(lot, documents=(*lot.documents, DocumentADeposer(other, b"<autre/>")))
    message = build(two)
    assert list(contents(message)) == ["Document01", "Document02", "Signature01"]
    assert contents(message)["Document02"] == b"<autre/>"
    assert load_schema("xds").findings(message.body) == []


def wrong(lot, **changes):
    with pytest.raises(InvalidValue) as refused:
        replace(lot, **changes)
    assert refused.value.conseil
    return refused.value.code


def one(lot, data=b"<x/>", remplace="", **changes):
    return (DocumentADeposer(replace(lot.documents[0].entry, **changes), data, remplace),)


def test_an_impossible_lot_is_refused_when_it_is_made(lot):
    uid = lot.documents[0].entry.unique_id
    assert wrong(lot, documents=()) == "DMP_LOT_VIDE"
    assert wrong(lot, uid="pas un oid") == "OID"
    assert wrong(lot, uid_signature=uid) == "DMP_LOT_IDENTIFIANTS"
    assert wrong(lot, documents=one(lot, remplace="1.2.3")) == "DMP_REMPLACEMENT"
    stranger = Cx("279035121518989", "1.2.250.1.213.1.4.8", "NH")
    assert (
        wrong(lot, documents=(*lot.documents, *one(lot, unique_id="1.2.9", patient_id=stranger)))
        == "DMP_LOT_PATIENTS"
    )


UNKNOWN = Code("X", "1.2.3", "Inconnu")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("class_code", UNKNOWN),
        ("type_code", UNKNOWN),
        ("format_code", UNKNOWN),
        ("healthcare_facility_type", UNKNOWN),
        ("practice_setting", Code("", "")),
        ("confidentiality_codes", ()),
        ("confidentiality_codes", (UNKNOWN,)),
        ("confidentiality_codes", tuple(Code(code, "2.16.840.1.113883.5.25") for code in "NR")),
        ("class_code", Code("42", "1.2.250.1.213.1.1.4.1", "Prescription")),
        ("authors", ()),
        ("authors", (Author(),)),
        ("creation_time", None),
        ("service_start_time", None),
        ("service_stop_time", MOMENT.replace(year=1999)),
        ("legal_authenticator", None),
        ("source_patient_id", None),
        ("title", " "),
        ("title", "a\x08b"),
        ("language_code", "français"),
        ("unique_id", "x"),
        ("patient_id", Cx("IPP1", "1.2.250.1.999.4", "PI")),
    ],
)
def test_metadata_that_the_dmp_would_refuse_never_leave(lot, field, value):
    assert wrong(lot, documents=one(lot, **{field: value})) in {"DMP_METADONNEES", "OID"}


def test_the_lot_itself_is_checked(build, lot):
    with pytest.raises(InvalidValue) as refused:
        build(replace(lot, content_type=UNKNOWN))
    assert refused.value.code == "DMP_METADONNEES"
    assert "JDV_J59" in refused.value.conseil


@pytest.mark.exigence("DMP/va1.17")
@pytest.mark.parametrize(
    ("visibilite", "codes"),
    [
        (Visibilite(), ["N"]),
        (Visibilite(masque_ps=True), ["N", "MASQUE_PS"]),
        (Visibilite(invisible_patient=True), ["N", "INVISIBLE_PATIENT"]),
        (Visibilite(invisible_representants=True), ["N", "INVISIBLE_REPRESENTANTS_LEGAUX"]),
        (
            Visibilite(masque_ps=True, invisible_patient=True, cumul=True),
            ["N", "MASQUE_PS", "INVISIBLE_PATIENT"],
        ),
    ],
)
def test_a_document_is_hidden_from_whom_it_was_decided(build, visibilite, codes):
    lot = prepare_submission(sample_n1(), uid="1.2.3.1", uid_signature="1.2.3.2", visibilite=visibilite)
    entry = entries(build(lot))["Document01"]
    assert [code.code for code in entry.confidentiality_codes] == codes


def test_nobody_is_not_somebody_to_hide_a_document_for():
    with pytest.raises(InvalidValue) as refused:
        Visibilite(masque_ps=True, invisible_patient=True)
    assert refused.value.code == "DMP_VISIBILITE_CUMUL"


def test_a_submission_knows_its_size(lot, document):
    assert lot.taille == len(document)
    assert isinstance(lot, Submission)
    assert hash_of(document) == hashlib.sha1(document).hexdigest()
