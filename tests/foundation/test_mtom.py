"""MTOM both ways: what is packed is unpacked, whatever the bytes; what others send is read."""

from __future__ import annotations

import base64
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from opensegur.foundation.errors import InvalidValue
from opensegur.foundation.mime import parse_media_type
from opensegur.foundation.mtom import MtomLimits, Part, content_of, include, pack, unpack
from opensegur.foundation.soap import read_envelope
from opensegur.foundation.xml import parse

_ACTION = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b"
_identifiers = st.text(alphabet=string.ascii_letters + string.digits + ":@%+-._/=", min_size=1, max_size=60)
_types = st.sampled_from(["text/xml", "application/pdf", "application/octet-stream", "image/jpeg"])
# bytes that look like the message's own structure are the interesting ones
_data = st.lists(
    st.one_of(
        st.binary(max_size=50), st.sampled_from([b"\r\n", b"\n", b"\r", b"--", b"--opensegur-", b"\r\n--b\r\n"])
    )
).map(b"".join)
_parts = st.lists(st.builds(Part, _identifiers, _types, _data), max_size=6, unique_by=lambda part: part.content_id)


def _envelope(parts: list[Part]) -> etree._Element:
    root = etree.Element("lot")
    for part in parts:
        etree.SubElement(root, "document").append(include(part.content_id))
    return root


@given(_parts)
def test_what_is_packed_is_unpacked(parts: list[Part]) -> None:
    body, content_type = pack(_envelope(parts), parts, action=_ACTION)
    root, received = unpack(body, content_type)
    assert received == {part.content_id: part for part in parts}
    assert [content_of(element, received) for element in parse(root)] == [part.data for part in parts]


@given(st.binary(max_size=300))
def test_inline_content_is_base64_with_any_white_space(data: bytes) -> None:
    element = etree.Element("document")
    element.text = "\n " + base64.encodebytes(data).decode("ascii") + "\t"
    assert content_of(element, {}) == data


def test_the_content_type_says_what_ihe_asks() -> None:
    body, content_type = pack(_envelope([]), [], action=_ACTION)
    media = parse_media_type(content_type)
    assert media.type == "multipart/related"
    assert media.parameters["type"] == "application/xop+xml"
    assert media.parameters["start-info"] == "application/soap+xml"
    assert media.parameters["action"] == _ACTION
    assert f"Content-ID: {media.parameters['start']}".encode() in body


def test_an_include_is_percent_encoded_and_found_again() -> None:
    part = Part("d-1@urn:ihe:iti:xds-b:2007", "text/xml", b"<a/>")
    encoded = etree.fromstring(
        '<d xmlns:x="http://www.w3.org/2004/08/xop/include"><x:Include href="cid:d-1@urn%3Aihe%3Aiti%3Axds-b%3A2007"/></d>'
    )
    assert content_of(encoded, {part.content_id: part}) == b"<a/>"


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_other_writers_are_read(newline: bytes) -> None:
    lines = [
        b"preamble to ignore",
        b"--x y  ",
        b"Content-Type: application/xop+xml;",
        b" charset=utf-8",
        b"",
        b"<a/>",
        b"--x y",
        b"CONTENT-ID: <d>",
        b"Content-Transfer-Encoding: BASE64",
        b"",
        b"QUJD",
        b"--x y--",
        b"epilogue",
    ]
    root, parts = unpack(newline.join(lines), 'Multipart/Related; boundary="x y"')
    assert root == b"<a/>"
    assert parts["d"].data == b"ABC"


def test_the_root_may_come_last() -> None:
    message = (
        b"--b\r\nContent-ID: <d>\r\n\r\nx\r\n--b\r\nContent-ID: <r>\r\nContent-Type: text/xml\r\n\r\n<a/>\r\n--b--"
    )
    root, parts = unpack(message, 'multipart/related; boundary=b; start="<r>"')
    assert root == b"<a/>"
    assert list(parts) == ["d"]


def test_limits_are_the_callers() -> None:
    body, content_type = pack(_envelope([]), [Part("d", "text/plain", b"x" * 100)], action="")
    assert unpack(body, content_type, MtomLimits(max_parts=1))[1]["d"].data == b"x" * 100


@pytest.mark.parametrize("content_id", ["", "a b", "é", "<a>", "a\r\nX: y", "x" * 251])
def test_identifiers_that_cannot_travel_are_refused(content_id: str) -> None:
    with pytest.raises(InvalidValue, match="MIME_CONTENT_ID"):
        Part(content_id, "text/xml", b"")


@pytest.mark.parametrize("content_type", ["", "xml", "text/xml\r\nX: y", "text/ xml"])
def test_types_that_cannot_travel_are_refused(content_type: str) -> None:
    with pytest.raises(InvalidValue, match="MIME_CONTENT_TYPE"):
        Part("d", content_type, b"")


def test_two_parts_of_one_identifier_are_not_sent() -> None:
    with pytest.raises(InvalidValue, match="MIME_DUPLICATE_ID"):
        pack(_envelope([]), [Part("d", "text/plain", b"")] * 2, action="")


def test_an_action_that_would_break_the_header_is_not_sent() -> None:
    with pytest.raises(InvalidValue, match="MIME_ACTION"):
        pack(_envelope([]), [], action='a"\r\nX: y')


@pytest.mark.fixtures
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("td2.1-request", {"doc1@lps.example.test", "sig1@lps.example.test"}),
        ("td3.2-response", {"d-1@urn:ihe:iti:xds-b:2007"}),
    ],
)
def test_the_sample_messages_of_the_dmp_are_read(official: Path, name: str, expected: set[str]) -> None:
    folder = official / "dmp" / "samples-dmp"
    headers = (folder / f"{name}.mtom.http-headers.txt").read_text(encoding="utf-8").splitlines()
    content_type = next(line.partition(":")[2] for line in headers if line.lower().startswith("content-type:"))
    root, parts = unpack((folder / f"{name}.mtom.http-body").read_bytes(), content_type)
    assert set(parts) == expected
    documents = list(read_envelope(parse(root)).body.iter("{urn:ihe:iti:xds-b:2007}Document"))
    contents = [content_of(document, parts) for document in documents]
    assert contents[0] == (folder / "td2.1-document-stub.cda.xml").read_bytes()
    assert len(contents) == len(parts)
