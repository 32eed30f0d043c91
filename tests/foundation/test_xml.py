"""The parser's good side; its refusals are in test_hostile."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from opensegur.foundation.errors import RefusedInput
from opensegur.foundation.xml import XmlLimits, canonicalize, parse, serialize

_text = st.text(st.characters(codec="utf-8", exclude_categories=("C",)), max_size=40)


def _verdict(data: bytes) -> str:
    try:
        return f"read {parse(data).tag!r}"
    except RefusedInput as refused:
        return refused.code


@given(_text, _text)
def test_what_is_written_is_read(text: str, attribute: str) -> None:
    element = etree.Element("a", b=attribute)
    element.text = text
    read = parse(serialize(element))
    assert (read.text or "", read.get("b")) == (text, attribute)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    assert _verdict(data).startswith(("read", "XML_"))


@given(st.text(alphabet="<>/!?-[]a=\"'& \n", max_size=60))
def test_anything_like_xml_is_read_or_refused(text: str) -> None:
    assert _verdict(text.encode()).startswith(("read", "XML_"))


@pytest.mark.parametrize(
    ("declaration", "codec"),
    [
        ("", "utf-8"),
        ("", "utf-8-sig"),
        ('<?xml version="1.0"?>', "utf-8"),
        ("<?xml version='1.0' encoding='utf-8' standalone='yes'?>", "utf-8"),
        ('<?xml version="1.0" encoding="ISO-8859-1"?>', "latin-1"),
        ('<?xml version="1.0" encoding="ISO-8859-15"?>', "iso-8859-15"),
        ('<?xml version="1.0" encoding="windows-1252"?>', "cp1252"),
    ],
)
def test_the_encodings_of_health_documents_are_read(declaration: str, codec: str) -> None:
    source = f"{declaration}<!-- é -->\n<?xml-stylesheet href='x'?>\n<a>é</a>"
    assert parse(source.encode(codec)).text == "é"


def test_a_large_text_is_read() -> None:
    assert len(parse(b"<a>" + b"x" * 12_000_000 + b"</a>").text or "") == 12_000_000


def test_the_number_of_tags_is_bounded() -> None:
    few = XmlLimits(max_tags=4)
    assert parse(b"<a><b/>x</a>", few).tag == "a"
    with pytest.raises(RefusedInput) as refusal:
        parse(b"<a><b/><c/><d/></a>", few)
    assert (refusal.value.code, refusal.value.detail) == ("XML_TOO_LARGE", "5 tags")


def test_the_limits_are_inclusive() -> None:
    data = b"<a>" * 5 + b"</a>" * 5
    assert parse(data, XmlLimits(max_bytes=len(data), max_depth=5)).tag == "a"
    with pytest.raises(RefusedInput, match="XML_TOO_LARGE"):
        parse(data, XmlLimits(max_bytes=len(data) - 1))


def test_canonical_forms() -> None:
    root = parse(b'<a xmlns="urn:a" xmlns:n="urn:n" z="1"  b="2" ><c><!-- x --><d/></c></a>')
    child = root[0]
    assert canonicalize(child, exclusive=True) == b'<c xmlns="urn:a"><d></d></c>'
    assert canonicalize(child, exclusive=False) == b'<c xmlns="urn:a" xmlns:n="urn:n"><d></d></c>'
    assert canonicalize(child, exclusive=True, with_comments=True) == b'<c xmlns="urn:a"><!-- x --><d></d></c>'
    assert canonicalize(child, exclusive=True, inclusive_prefixes=["n"]).startswith(b'<c xmlns="urn:a" xmlns:n=')
