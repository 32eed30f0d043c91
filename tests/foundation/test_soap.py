"""Envelopes out and in, and exchanges over a scripted transport."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from opensegur.foundation.errors import InvalidValue, RefusedInput, TransportError
from opensegur.foundation.mtom import Part, include, pack, unpack
from opensegur.foundation.ports import FixedClock, HttpResponse
from opensegur.foundation.schemas import load_schema
from opensegur.foundation.soap import (
    ACTION_FAULT,
    NS_SOAP12,
    NS_WSA,
    SoapClient,
    SoapFault,
    build_envelope,
    build_fault,
    must_understand,
    read_envelope,
)
from opensegur.foundation.testing import ScriptedTransport, soap_response
from opensegur.foundation.xml import parse, serialize

_NOW = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
_URL = "https://service.example/repository"
_ID = "urn:uuid:7966ca7d-317c-5446-b859-413084d1571f"
_text = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=40)


def _body(name: str = "{urn:essai}Demande") -> etree._Element:
    return etree.Element(name)


def _call(*replies: HttpResponse | Exception, **arguments: object) -> tuple[object, ScriptedTransport]:
    transport = ScriptedTransport(replies)
    client = SoapClient(transport, FixedClock(_NOW))
    return client.call(_URL, _body(), action="urn:a", message_id=_ID, **arguments), transport  # type: ignore[arg-type]


@given(action=_text, message_id=_text, to=_text, relates_to=_text)
def test_what_is_built_is_read(action: str, message_id: str, to: str, relates_to: str) -> None:
    block = etree.Element("{urn:essai}Contexte")
    built = build_envelope(
        _body(), action=action, message_id=message_id, to=to, relates_to=relates_to, headers=[block, block]
    )
    read = read_envelope(parse(serialize(built)))
    assert (read.action, read.message_id, read.to, read.relates_to) == (action, message_id, to, relates_to)
    assert read.body.tag == "{urn:essai}Demande"
    assert [header.tag for header in read.headers] == ["{urn:essai}Contexte"] * 2
    assert load_schema("soap").findings(built) == []


def test_an_envelope_is_a_copy() -> None:
    body, block = _body(), etree.Element("bloc")
    holder = etree.Element("parent")
    holder.append(body)
    build_envelope(body, action="a", message_id="b", headers=[block])
    assert body.getparent() is holder
    assert block.getparent() is None


def test_addressing_is_compulsory_in_the_soap_namespace() -> None:
    built = build_envelope(_body(), action="a", message_id="b")
    for name in ("Action", "ReplyTo"):
        header = built.find(f".//{{{NS_WSA}}}{name}")
        assert header is not None
        assert header.get(f"{{{NS_SOAP12}}}mustUnderstand") == "true"
    for name in ("To", "RelatesTo"):
        assert built.find(f".//{{{NS_WSA}}}{name}") is None


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (f'<a xmlns:s="{NS_SOAP12}" s:mustUnderstand="true"/>', True),
        (f'<a xmlns:s="{NS_SOAP12}" s:mustUnderstand="1"/>', True),
        ('<a mustUnderstand="true"/>', True),
        (f'<a xmlns:s="{NS_SOAP12}" s:mustUnderstand="false"/>', False),
        ("<a/>", False),
    ],
)
def test_must_understand_is_read_in_both_spellings(source: str, expected: bool) -> None:
    assert must_understand(etree.fromstring(source)) is expected


def test_order_and_prefixes_do_not_matter() -> None:
    source = f"""<?xml version="1.0"?><?pi?><!-- c -->
      <Envelope xmlns="{NS_SOAP12}"><Body><!-- c --><q:Demande xmlns:q="urn:essai"/></Body>
        <Header><Action xmlns="{NS_WSA}" mustUnderstand="true"> urn:a </Action><x xmlns=""/></Header></Envelope>"""
    read = read_envelope(parse(source.encode()))
    assert read.action == "urn:a"
    assert [header.tag for header in read.headers] == ["x"]


@pytest.mark.parametrize("code", ["Sender", "Receiver"])
@pytest.mark.parametrize("subcode", ["DMPInvalidSignature", "{urn:siram}siram_40"])
def test_a_fault_comes_back_as_it_was_built(code: str, subcode: str) -> None:
    detail = etree.Element("{urn:siram}Erreur", code="insi_102")
    fault = build_fault(code, subcode, "Signature refusée", detail)  # type: ignore[arg-type]
    envelope = build_envelope(fault, action=ACTION_FAULT, message_id="m", reply_to=False)
    assert load_schema("soap").findings(envelope) == []
    with pytest.raises(SoapFault) as caught:
        read_envelope(parse(serialize(envelope)))
    assert caught.value.code == subcode.rpartition("}")[2]
    assert caught.value.reason == "Signature refusée"
    assert [element.get("code") for element in caught.value.details] == ["insi_102"]
    assert caught.value.retryable is (code == "Receiver")


def test_a_long_number_of_a_reason_is_not_shown() -> None:
    fault = SoapFault("DMPPatientNotFound", "Pas de dossier pour 279035121518989", (), sender=True)
    assert "279035121518989" not in str(fault)
    assert "279035121518989" in fault.reason


def test_a_reason_that_xml_cannot_hold_is_refused() -> None:
    with pytest.raises(InvalidValue, match="SOAP_REASON"):
        build_fault("Sender", "x", "\x00")


@pytest.mark.fixtures
@pytest.mark.parametrize(
    ("sample", "code", "retryable"),
    [
        ("dmp/samples-dmp/fault-DMPInvalidCertificate.xml", "DMPInvalidCertificate", False),
        ("ins/soap/responses/live_fault_siram_40_insi_102.xml", "siram_40", True),
        ("ins/soap/responses/live_fault_siram_100_desir_550.xml", "siram_100", False),
    ],
)
def test_the_faults_of_the_services_are_read(official: Path, sample: str, code: str, retryable: bool) -> None:
    with pytest.raises(SoapFault) as caught:
        read_envelope(parse((official / sample).read_bytes()))
    assert (caught.value.code, caught.value.retryable) == (code, retryable)
    assert caught.value.reason


def test_a_call_sends_an_envelope_and_reads_the_answer() -> None:
    answer, transport = _call(soap_response(_body("{urn:essai}Reponse"), relates_to=_ID))
    assert answer.envelope.body.tag == "{urn:essai}Reponse"  # type: ignore[attr-defined]
    assert answer.received_at == _NOW  # type: ignore[attr-defined]
    (request,) = transport.requests
    assert (request.method, request.url) == ("POST", _URL)
    assert request.headers["Content-Type"] == 'application/soap+xml; charset=utf-8; action="urn:a"'
    sent = read_envelope(parse(request.body))
    assert (sent.action, sent.message_id, sent.to) == ("urn:a", _ID, _URL)
    assert answer.request == request.body  # type: ignore[attr-defined]


def test_a_call_without_destination_nor_http_action() -> None:
    _, transport = _call(soap_response(_body()), to=None, http_action=False, reply_to=False)
    (request,) = transport.requests
    assert request.headers["Content-Type"] == "application/soap+xml; charset=utf-8"
    assert b"wsa:To" not in request.body
    assert b"ReplyTo" not in request.body


def test_a_call_with_documents_goes_by_mtom_and_an_answer_too() -> None:
    reply = etree.Element("{urn:essai}Reponse")
    reply.append(include("r@x"))
    body, content_type = pack(
        build_envelope(reply, action="b", message_id="m", relates_to=_ID),
        [Part("r@x", "text/xml", b"<b/>")],
        action="b",
    )
    answer, transport = _call(
        HttpResponse(200, {"content-type": content_type}, body), attachments=[Part("d@x", "text/xml", b"<a/>")]
    )
    (request,) = transport.requests
    _, parts = unpack(request.body, request.headers["Content-Type"])
    assert parts["d@x"].data == b"<a/>"
    assert answer.parts["r@x"].data == b"<b/>"  # type: ignore[attr-defined]


@pytest.mark.parametrize("status", [200, 400, 500])
def test_a_fault_is_a_fault_whatever_the_status(status: int) -> None:
    fault = build_fault("Sender", "DMPInvalidCertificate", "refusé")
    with pytest.raises(SoapFault, match="DMPInvalidCertificate"):
        _call(soap_response(fault, status=status, relates_to=_ID))


def test_a_fault_may_come_in_a_multipart() -> None:
    envelope = build_envelope(
        build_fault("Sender", "XDSDocumentUniqueIdError", "inconnu"), action="f", message_id="m"
    )
    body, content_type = pack(envelope, [], action="f")
    with pytest.raises(SoapFault, match="XDSDocumentUniqueIdError"):
        _call(HttpResponse(500, {"content-type": content_type}, body))


@pytest.mark.parametrize(
    ("status", "retryable"),
    [(302, False), (401, False), (403, False), (404, False), (429, True), (500, True), (503, True)],
)
def test_an_http_error_without_a_fault(status: int, retryable: bool) -> None:
    with pytest.raises(TransportError) as caught:
        _call(HttpResponse(status, {"content-type": "text/html"}, b"<html><br></html>"))
    assert caught.value.code == f"HTTP_{status}"
    assert caught.value.retryable is retryable


@pytest.mark.parametrize("body", [b"", b"<a/>", b"<!DOCTYPE a><a/>"])
def test_an_http_error_with_xml_that_is_no_fault(body: bytes) -> None:
    with pytest.raises(TransportError, match="HTTP_502"):
        _call(HttpResponse(502, {"content-type": "text/xml"}, body))


def test_an_http_error_with_an_ordinary_envelope() -> None:
    with pytest.raises(TransportError, match="HTTP_500"):
        _call(soap_response(_body(), status=500))


@pytest.mark.parametrize(
    ("response", "code"),
    [
        (soap_response(etree.Element("x"), relates_to="urn:uuid:autre"), "SOAP_RELATES_TO"),
        (soap_response(build_fault("Sender", "x", "y"), relates_to="urn:uuid:autre"), "SOAP_RELATES_TO"),
        (HttpResponse(200, {"content-type": "text/html"}, b"<html/>"), "SOAP_CONTENT_TYPE"),
        (HttpResponse(200, {}, b"<a/>"), "MIME_HEADER"),
        (HttpResponse(200, {"content-type": "application/soap+xml"}, b"<a/>"), "SOAP_ENVELOPE"),
        (HttpResponse(200, {"content-type": "application/soap+xml"}, b""), "XML_MALFORMED"),
        (HttpResponse(200, {"content-type": "multipart/related; boundary=b"}, b"--b--"), "MIME_TRUNCATED"),
    ],
)
def test_answers_that_are_refused(response: HttpResponse, code: str) -> None:
    with pytest.raises(RefusedInput) as caught:
        _call(response)
    assert caught.value.code == code
