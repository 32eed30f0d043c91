"""ITI-43: the request of the samples, and answers whole, partial, refused or broken."""

import pytest
from lxml import etree

from opensegur.dmp import Demande, DmpError
from opensegur.dmp.noms import NS_RS, NS_XDS, REPONSE
from opensegur.dmp.retrieve import build_request, read_response
from opensegur.foundation.errors import RefusedInput
from opensegur.foundation.mtom import unpack
from opensegur.foundation.schemas import load_schema
from opensegur.foundation.soap import open_envelope, read_envelope
from opensegur.foundation.xml import canonicalize, parse

SAMPLES = "dmp/samples-dmp"
UID = "1.2.250.1.999.9.9.42.4.1"
REPOSITORY = "1.2.250.1.213.4.1.1.1.2"


@pytest.mark.fixtures
def test_the_request_is_the_sample(official):
    expected = read_envelope(parse((official / f"{SAMPLES}/td3.2-request.xml").read_bytes())).body
    request = parse(etree.tostring(build_request([Demande(UID, REPOSITORY)])))
    assert canonicalize(request, exclusive=True) == canonicalize(expected, exclusive=True)


def test_several_documents_are_asked_for_at_once():
    request = build_request([Demande("1.2.3", "1.2"), Demande("1.2.4", "1.2")])
    assert len(request) == 2
    assert load_schema("xds").findings(request) == []


@pytest.mark.fixtures
def test_the_official_answer_gives_the_document(official):
    headers = (official / f"{SAMPLES}/td3.2-response.mtom.http-headers.txt").read_text(encoding="utf-8")
    content_type = next(line for line in headers.splitlines() if line.startswith("Content-Type")).partition(": ")[2]
    data, parts = unpack((official / f"{SAMPLES}/td3.2-response.mtom.http-body").read_bytes(), content_type)
    found = read_response(open_envelope(parse(data)).body, parts, "TD3.2")
    (document,) = found.documents
    assert (document.unique_id, document.repository, document.mime_type) == (UID, REPOSITORY, "text/xml")
    assert document.data.startswith(b"<ClinicalDocument")
    assert document.data.endswith(b"</ClinicalDocument>")


@pytest.mark.fixtures
def test_the_official_refusal(official):
    name = "td3.2-response-error-XDSDocumentUniqueIdError"
    body = open_envelope(parse((official / f"{SAMPLES}/{name}.xml").read_bytes())).body
    with pytest.raises(DmpError) as refused:
        read_response(body, {}, "TD3.2")
    assert refused.value.code == "XDSDocumentUniqueIdError"
    assert refused.value.anomalies[0].location == REPOSITORY


def answer(inside, status="Success"):
    return parse(
        f'<x:RetrieveDocumentSetResponse xmlns:x="{NS_XDS}"><r:RegistryResponse xmlns:r="{NS_RS}" '
        f'status="{REPONSE}{status}"/>{inside}</x:RetrieveDocumentSetResponse>'.encode()
    )


def document(content, uid="1.2.3"):
    return (
        f"<x:DocumentResponse><x:RepositoryUniqueId>1.2</x:RepositoryUniqueId><x:DocumentUniqueId>{uid}"
        f"</x:DocumentUniqueId><x:mimeType>text/xml</x:mimeType>{content}</x:DocumentResponse>"
    )


def test_a_document_inside_the_message_is_read_too():
    (found,) = read_response(answer(document("<x:Document>PGEvPg==</x:Document>")), {}, "TD3.2").documents
    assert found.data == b"<a/>"
    assert "PGEv" not in repr(found)


def test_a_partial_answer_gives_what_it_has():
    found = read_response(answer(document("<x:Document/>"), "PartialSuccess"), {}, "TD3.2")
    assert [received.unique_id for received in found.documents] == ["1.2.3"]


@pytest.mark.parametrize(
    "body",
    [
        parse(b"<autre/>"),
        parse(f'<x:RetrieveDocumentSetResponse xmlns:x="{NS_XDS}"/>'.encode()),
        answer(document("")),
        answer(document("<x:Document/>", uid="")),
        answer(document("<x:Document>pas du base64 !</x:Document>")),
        answer(
            document(
                '<x:Document><i:Include xmlns:i="http://www.w3.org/2004/08/xop/include" href="cid:perdu"/></x:Document>'
            )
        ),
    ],
    ids=["another message", "no status", "no document", "no identifier", "not base64", "lost part"],
)
def test_a_broken_answer_is_refused(body):
    with pytest.raises(RefusedInput):
        read_response(body, {}, "TD3.2")
