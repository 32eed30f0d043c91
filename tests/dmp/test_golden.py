"""Our messages beside the published shapes, and under the eyes of a SOAP library that is not ours."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from lxml import etree

from opensegur.dmp import Author, DocumentADeposer, Submission
from opensegur.dmp.ebrim_reading import read_document_entry, read_submission_set
from opensegur.dmp.noms import NS_QUERY, NS_XDS, RIM
from opensegur.dmp.queries import Criteres, build_find_documents
from opensegur.dmp.retrieve import Demande, build_request
from opensegur.dmp.submission import build_message
from opensegur.foundation.soap import read_envelope
from opensegur.foundation.xml import parse
from opensegur.ins import OID_NIR_TEST, Matricule

MOMENT = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)


def body_of(official, name):
    return read_envelope(parse((official / f"dmp/samples-dmp/{name}.xml").read_bytes())).body


def shape(element):
    """Tag, attribute names and, where they name something of the standard, attribute values; then the children."""
    named = (
        "name",
        "classificationScheme",
        "identificationScheme",
        "associationType",
        "objectType",
        "nodeRepresentation",
    )
    kept = {name: value for name, value in element.attrib.items() if name in named}
    # one of the samples leaves out the hash and the size of the signature
    children = [child for child in element.iterchildren(etree.Element) if child.get("name") not in {"hash", "size"}]
    return (element.tag, sorted(element.attrib), kept, [shape(child) for child in children])


@pytest.fixture
def rebuild(signer):
    """Read a sample with our reader, write it again with our writer."""

    def message(body, replaced=""):
        fiche = next(found for found in body.iter(f"{RIM}ExtrinsicObject") if found.get("id") == "Document01")
        lot = read_submission_set(next(body.iter(f"{RIM}RegistryPackage")))
        entry = read_document_entry(fiche)
        submission = Submission(
            uid=lot.unique_id,
            uid_signature="1.2.250.1.999.9.9.42.5.1",
            documents=(DocumentADeposer(replace(entry, source=b""), b"<a/>", replaced),),
            content_type=lot.content_type,
            titre=lot.title,
            commentaire=lot.comments,
        )
        return build_message(submission, auteur=lot.author, source_id=lot.source_id, signer=signer, moment=MOMENT)

    return message


@pytest.mark.fixtures
@pytest.mark.parametrize(
    ("name", "replaced"),
    [
        ("td2.1-request-rootpart", ""),
        ("td2.1b-request-replace-rootpart", "urn:uuid:bb431f18-28b7-5e93-a5f9-7312e23fe9c7"),
    ],
)
def test_a_deposit_has_the_shape_of_the_sample(official, rebuild, name, replaced):
    expected = body_of(official, name)
    ours = parse(etree.tostring(rebuild(expected, replaced).body))
    assert shape(ours) == shape(expected)


@pytest.mark.fixtures
def test_the_values_of_the_sample_are_read(official):
    body = body_of(official, "td2.1-request-rootpart")
    lot = read_submission_set(next(body.iter(f"{RIM}RegistryPackage")))
    assert lot.author.specialty.code == "G15_10/SM26"
    assert lot.content_type.code == "07"
    assert lot.submission_time == MOMENT
    assert isinstance(lot.author, Author)


@pytest.fixture(scope="module")
def zeep_client(official):
    zeep = pytest.importorskip("zeep", reason="needs zeep")

    def load(name, *, strict=True):
        path = str(official / f"dmp/wsdl/{name}.wsdl")
        return zeep.Client(path, settings=zeep.Settings(strict=strict))

    return load


@pytest.mark.fixtures
def test_zeep_reads_our_search(zeep_client):
    client = zeep_client("iti18")
    request = build_find_documents(Matricule("280019999999987", OID_NIR_TEST), Criteres())
    element = client.get_element(f"{{{NS_QUERY}}}AdhocQueryRequest")
    read = element.parse(parse(etree.tostring(request)), client.wsdl.types)
    assert read.ResponseOption.returnType == "LeafClass"
    assert read.AdhocQuery.id == "urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d"
    values = {slot.name: slot.ValueList._value_1 for slot in read.AdhocQuery.Slot}
    patient = "'280019999999987^^^&1.2.250.1.213.1.4.10&ISO^NH'"
    assert values["$XDSDocumentEntryPatientId"] == [{"Value": patient}]


@pytest.mark.fixtures
def test_zeep_reads_our_retrieval(zeep_client):
    client = zeep_client("iti43")
    element = client.get_element(f"{{{NS_XDS}}}RetrieveDocumentSetRequest")
    read = element.parse(parse(etree.tostring(build_request([Demande("1.2.3", "1.2")]))), client.wsdl.types)
    (asked,) = read if isinstance(read, list) else read.DocumentRequest
    assert (asked.RepositoryUniqueId, asked.DocumentUniqueId) == ("1.2", "1.2.3")


@pytest.mark.fixtures
def test_zeep_reads_our_deposit(zeep_client, official, rebuild):
    client = zeep_client("iti41", strict=False)  # zeep knows no substitution groups, which ebRIM's objects are
    body = rebuild(body_of(official, "td2.1-request-rootpart")).body
    element = client.get_element(f"{{{NS_XDS}}}ProvideAndRegisterDocumentSetRequest")
    read = element.parse(parse(etree.tostring(body)), client.wsdl.types)
    assert [document.id for document in read.Document] == ["Document01", "Signature01"]
