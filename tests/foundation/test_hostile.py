"""What comes from outside may be built to hurt: each such input is refused with its stable code, and cheaply."""

from __future__ import annotations

import base64
import tracemalloc
from collections.abc import Callable
from copy import deepcopy

import pytest
from lxml import etree

from opensegur.foundation.certificates import SoftwareSigner
from opensegur.foundation.errors import OpenSegurError, RefusedInput
from opensegur.foundation.mtom import MtomLimits, Part, content_of, include, unpack
from opensegur.foundation.signature import sign_enveloped
from opensegur.foundation.soap import NS_SOAP11, NS_SOAP12, NS_WSA, read_envelope
from opensegur.foundation.testing import Authority, make_signer
from opensegur.foundation.verification import verify_enveloped
from opensegur.foundation.xml import XmlLimits, parse

_LIMITS = XmlLimits(max_bytes=1024 * 1024, max_depth=50)
_MTOM_LIMITS = MtomLimits(max_bytes=1024 * 1024, max_parts=20)

_LOL = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
_BOMB = f'<!DOCTYPE a [<!ENTITY l0 "lol">{_LOL}]>'

XML: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "XML_MALFORMED"),
    "blank": (b" \r\n\t ", "XML_MALFORMED"),
    "only a declaration": (b'<?xml version="1.0"?>', "XML_MALFORMED"),
    "only a comment": (b"<!-- nothing -->", "XML_MALFORMED"),
    "plain text": (b"bonjour", "XML_MALFORMED"),
    "json": (b'{"a": 1}', "XML_MALFORMED"),
    "html": (b"<html><br></html>", "XML_MALFORMED"),
    "html with its doctype": (b"<!DOCTYPE html><html/>", "XML_DOCTYPE"),
    "pdf": (b"%PDF-1.4\n1 0 obj", "XML_MALFORMED"),
    "zip": (b"PK\x03\x04\x14\x00\x00\x00", "XML_ENCODING"),
    "gzip": (b"\x1f\x8b\x08\x00\x00\x00\x00\x00", "XML_ENCODING"),
    "nulls": (b"\x00" * 1000, "XML_ENCODING"),
    "null inside": (b"<a>\x00</a>", "XML_MALFORMED"),
    "control character": (b"<a>\x08</a>", "XML_MALFORMED"),
    "control character by reference": (b"<a>&#8;</a>", "XML_MALFORMED"),
    "surrogate by reference": (b"<a>&#xD800;</a>", "XML_MALFORMED"),
    "bytes that are not utf-8": (b"<a>\xe9\xff</a>", "XML_MALFORMED"),
    "truncated": (b"<a><b>texte", "XML_MALFORMED"),
    "two roots": (b"<a/><b/>", "XML_MALFORMED"),
    "text after the root": (b"<a/>suite", "XML_MALFORMED"),
    "attribute twice": (b'<a b="1" b="2"/>', "XML_MALFORMED"),
    "unbound prefix": (b"<x:a/>", "XML_MALFORMED"),
    "unknown entity": (b"<a>&nbsp;</a>", "XML_MALFORMED"),
    "unclosed cdata": (b"<a><![CDATA[", "XML_MALFORMED"),
    "space before the declaration": (b' <?xml version="1.0"?><a/>', "XML_MALFORMED"),
    "billion laughs": (f"{_BOMB}<a>&l9;</a>".encode(), "XML_DOCTYPE"),
    "billion laughs in an attribute": (f'{_BOMB}<a b="&l9;"/>'.encode(), "XML_DOCTYPE"),
    "quadratic blow-up": (
        f'<!DOCTYPE a [<!ENTITY x "{"x" * 10_000}">]><a>{"&x;" * 10_000}</a>'.encode(),
        "XML_DOCTYPE",
    ),
    "bomb behind a declaration": (f'<?xml version="1.0"?>\n{_BOMB}<a/>'.encode(), "XML_DOCTYPE"),
    "bomb behind a byte-order mark": (b"\xef\xbb\xbf" + f"{_BOMB}<a/>".encode(), "XML_DOCTYPE"),
    "bomb behind a comment": (f"<!-- <a/> -->{_BOMB}<a/>".encode(), "XML_DOCTYPE"),
    "bomb behind an instruction": (f"<?x <a/> ?>{_BOMB}<a/>".encode(), "XML_DOCTYPE"),
    "file by entity": (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "XML_DOCTYPE"),
    "address by entity": (b'<!DOCTYPE a [<!ENTITY x SYSTEM "http://192.0.2.1/">]><a>&x;</a>', "XML_DOCTYPE"),
    "parameter entity": (b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://192.0.2.1/x.dtd">%x;]><a/>', "XML_DOCTYPE"),
    "external subset": (b'<!DOCTYPE a SYSTEM "http://192.0.2.1/a.dtd"><a/>', "XML_DOCTYPE"),
    "public subset": (b'<!DOCTYPE a PUBLIC "-//X//Y" "a.dtd"><a/>', "XML_DOCTYPE"),
    "default attributes by dtd": (b'<!DOCTYPE a [<!ATTLIST a ID CDATA "x">]><a/>', "XML_DOCTYPE"),
    "doctype in lower case": (b"<!doctype a><a/>", "XML_DOCTYPE"),
    "doctype inside the root": (b"<a><!DOCTYPE a></a>", "XML_MALFORMED"),
    "utf-16 with its mark": ('<?xml version="1.0" encoding="UTF-16"?><a/>'.encode("utf-16"), "XML_ENCODING"),
    "utf-16 without a mark": ("<!DOCTYPE a><a/>".encode("utf-16-be"), "XML_ENCODING"),
    "utf-16 little-endian without a mark": ("<a/>".encode("utf-16-le"), "XML_ENCODING"),
    "utf-32": ("<a/>".encode("utf-32"), "XML_ENCODING"),
    "utf-7 declared": (b'<?xml version="1.0" encoding="UTF-7"?>+ADw-a/+AD4-', "XML_ENCODING"),
    "utf-16 declared on ascii": (b'<?xml version="1.0" encoding="UTF-16"?><a/>', "XML_ENCODING"),
    "ebcdic declared": (b'<?xml version="1.0" encoding="IBM037"?><a/>', "XML_ENCODING"),
    "unknown encoding": (b'<?xml version="1.0" encoding="x-klingon"?><a/>', "XML_ENCODING"),
    "too deep by one": (b"<a>" * 51 + b"</a>" * 51, "XML_TOO_DEEP"),
    "very deep": (b"<a>" * 20_000 + b"</a>" * 20_000, "XML_TOO_DEEP"),
    "very deep and open": (b"<a>" * 100_000, "XML_TOO_DEEP"),
    "giant text": (b"<a>" + b"x" * (1024 * 1024) + b"</a>", "XML_TOO_LARGE"),
    "giant attribute": (b'<a b="' + b"x" * (1024 * 1024) + b'"/>', "XML_TOO_LARGE"),
    "a great many elements": (b"<a>" + b"<b/>" * 300_000 + b"</a>", "XML_TOO_LARGE"),
}


def _envelope(header: str = "", body: str = "<x/>", namespace: str = NS_SOAP12) -> bytes:
    parts = f"<s:Header>{header}</s:Header><s:Body>{body}</s:Body>"
    return f'<s:Envelope xmlns:s="{namespace}" xmlns:wsa="{NS_WSA}">{parts}</s:Envelope>'.encode()


SOAP: dict[str, tuple[bytes, str]] = {
    "not an envelope": (b"<a/>", "SOAP_ENVELOPE"),
    "envelope of no namespace": (b"<Envelope><Body><x/></Body></Envelope>", "SOAP_ENVELOPE"),
    "soap 1.1": (_envelope(namespace=NS_SOAP11), "SOAP_VERSION"),
    "no body": (f'<s:Envelope xmlns:s="{NS_SOAP12}"/>'.encode(), "SOAP_BODY"),
    "empty body": (_envelope(body=""), "SOAP_BODY"),
    "text as a body": (_envelope(body="bonjour"), "SOAP_BODY"),
    "comment as a body": (_envelope(body="<!-- x -->"), "SOAP_BODY"),
    "two elements in the body": (_envelope(body="<x/><y/>"), "SOAP_BODY"),
    "two bodies": (
        f'<s:Envelope xmlns:s="{NS_SOAP12}"><s:Body><x/></s:Body><s:Body><y/></s:Body></s:Envelope>'.encode(),
        "SOAP_ENVELOPE",
    ),
    "two headers": (
        f'<s:Envelope xmlns:s="{NS_SOAP12}"><s:Header/><s:Header/><s:Body><x/></s:Body></s:Envelope>'.encode(),
        "SOAP_ENVELOPE",
    ),
    "two actions": (_envelope("<wsa:Action>a</wsa:Action><wsa:Action>b</wsa:Action>"), "SOAP_HEADER"),
    "two message ids": (_envelope("<wsa:MessageID>a</wsa:MessageID><wsa:MessageID>b</wsa:MessageID>"), "SOAP_HEADER"),
    "two destinations": (_envelope("<wsa:To>a</wsa:To><wsa:To>b</wsa:To>"), "SOAP_HEADER"),
    "two relations": (_envelope("<wsa:RelatesTo>a</wsa:RelatesTo><wsa:RelatesTo>b</wsa:RelatesTo>"), "SOAP_HEADER"),
    "empty fault": (_envelope(body="<s:Fault/>"), "Fault"),
    "fault without a subcode": (
        _envelope(body="<s:Fault><s:Code><s:Value>s:Sender</s:Value></s:Code></s:Fault>"),
        "Sender",
    ),
    "envelope with a doctype": (b"<!DOCTYPE a>" + _envelope(), "XML_DOCTYPE"),
    "envelope cut in two": (_envelope()[:-30], "XML_MALFORMED"),
}

_TYPE = 'multipart/related; type="application/xop+xml"; boundary="b"; start="<r>"'
_ROOT = b"--b\r\nContent-Type: application/xop+xml\r\nContent-ID: <r>\r\n\r\n<a/>\r\n"
_END = b"--b--\r\n"


def _part(fields: bytes, data: bytes = b"x") -> bytes:
    return b"--b\r\n" + fields + b"\r\n\r\n" + data + b"\r\n"


MIME: dict[str, tuple[bytes, str, str]] = {
    "no content type": (_ROOT + _END, "", "MIME_HEADER"),
    "nonsense as a content type": (_ROOT + _END, ";;;", "MIME_HEADER"),
    "content type of 10 kB": (_ROOT + _END, "multipart/related; a=" + "x" * 10_000, "MIME_HEADER"),
    "content type with line ends": (_ROOT + _END, _TYPE + '; x="a\r\nSet-Cookie: b"', "MIME_HEADER"),
    "boundary twice": (_ROOT + _END, _TYPE + "; boundary=c", "MIME_HEADER"),
    "boundary of another message": (_ROOT + _END, _TYPE.replace('"b"', '"c"'), "MIME_TRUNCATED"),
    "unclosed quote": (_ROOT + _END, 'multipart/related; boundary="b', "MIME_HEADER"),
    "another multipart": (_ROOT + _END, 'multipart/form-data; boundary="b"', "MIME_TYPE"),
    "xml as a multipart": (b"<a/>", "application/soap+xml", "MIME_TYPE"),
    "another root type": (_ROOT + _END, _TYPE.replace("xop+xml", "zip"), "MIME_TYPE"),
    "no boundary": (_ROOT + _END, 'multipart/related; type="application/xop+xml"', "MIME_BOUNDARY"),
    "empty boundary": (_ROOT + _END, _TYPE.replace('"b"', '""'), "MIME_BOUNDARY"),
    "boundary of 71 characters": (_ROOT + _END, _TYPE.replace('"b"', f'"{"b" * 71}"'), "MIME_BOUNDARY"),
    "boundary with an accent": (_ROOT + _END, _TYPE.replace('"b"', '"é"'), "MIME_BOUNDARY"),
    "boundary that ends with a space": (_ROOT + _END, _TYPE.replace('"b"', '"b "'), "MIME_BOUNDARY"),
    "empty message": (b"", _TYPE, "MIME_TRUNCATED"),
    "only a preamble": (b"This is a multi-part message.\r\n", _TYPE, "MIME_TRUNCATED"),
    "only the closing line": (_END, _TYPE, "MIME_TRUNCATED"),
    "only a delimiter": (b"--b", _TYPE, "MIME_TRUNCATED"),
    "no closing line": (_ROOT, _TYPE, "MIME_TRUNCATED"),
    "cut in the headers": (_ROOT + b"--b\r\nContent-Ty", _TYPE, "MIME_TRUNCATED"),
    "cut in the data": (_ROOT + _part(b"Content-ID: <d>", b"x" * 1000)[:-500], _TYPE, "MIME_TRUNCATED"),
    "cut in the closing line": (_ROOT + b"--b-", _TYPE, "MIME_TRUNCATED"),
    "delimiter with a tail": (b"--bonjour\r\n\r\n--b--", _TYPE, "MIME_TRUNCATED"),
    "headers without an end": (b"--b\r\nContent-ID: <r>\r\n" + _END, _TYPE, "MIME_HEADER"),
    "headers of 100 kB": (_ROOT + _part(b"X: " + b"x" * 100_000) + _END, _TYPE, "MIME_HEADER"),
    "a thousand headers": (
        _ROOT + _part(b"\r\n".join(b"X-%d: y" % i for i in range(1000))) + _END,
        _TYPE,
        "MIME_HEADER",
    ),
    "header without a colon": (_ROOT + _part(b"bonjour") + _END, _TYPE, "MIME_HEADER"),
    "header with a space in its name": (_ROOT + _part(b"Content ID: <d>") + _END, _TYPE, "MIME_HEADER"),
    "header twice": (_ROOT + _part(b"Content-ID: <d>\r\nContent-Id: <e>") + _END, _TYPE, "MIME_HEADER"),
    "header with an accent": (_ROOT + _part("Content-ID: <é>".encode()) + _END, _TYPE, "MIME_HEADER"),
    "header with a null": (_ROOT + _part(b"Content-ID: <d\x00>") + _END, _TYPE, "MIME_HEADER"),
    "part of a senseless type": (_ROOT + _part(b"Content-Type: x\r\nContent-ID: <d>") + _END, _TYPE, "MIME_HEADER"),
    "thousands of parts": (
        _ROOT + b"".join(_part(b"Content-ID: <%d>" % i) for i in range(5000)) + _END,
        _TYPE,
        "MIME_TOO_MANY_PARTS",
    ),
    "thousands of delimiters": (_ROOT + b"--b\r\n" * 50_000 + _END, _TYPE, "MIME_HEADER"),
    "giant part": (_ROOT + _part(b"Content-ID: <d>", b"x" * 1024 * 1024) + _END, _TYPE, "MIME_TOO_LARGE"),
    "identifier twice": (_ROOT + _part(b"Content-ID: <d>") * 2 + _END, _TYPE, "MIME_DUPLICATE_ID"),
    "identifier of the root again": (_ROOT + _part(b"Content-ID: <r>") + _END, _TYPE, "MIME_DUPLICATE_ID"),
    "part without an identifier": (_ROOT + _part(b"Content-Type: text/xml") + _END, _TYPE, "MIME_NO_ID"),
    "empty identifier": (_ROOT + _part(b"Content-ID: <>") + _END, _TYPE, "MIME_NO_ID"),
    "identifier with chevrons inside": (_ROOT + _part(b"Content-ID: <a><b>") + _END, _TYPE, "MIME_NO_ID"),
    "identifier of 300 characters": (_ROOT + _part(b"Content-ID: <" + b"d" * 300 + b">") + _END, _TYPE, "MIME_NO_ID"),
    "start part absent": (_ROOT + _END, _TYPE.replace("<r>", "<autre>"), "MIME_START"),
    "start part of another type": (
        _part(b"Content-Type: image/png\r\nContent-ID: <r>") + _END,
        _TYPE,
        "MIME_START",
    ),
    "start empty": (_ROOT + _END, _TYPE.replace("<r>", ""), "MIME_START"),
    "envelope in utf-16": (
        _part(b"Content-Type: application/xop+xml; charset=utf-16\r\nContent-ID: <r>") + _END,
        _TYPE,
        "MIME_CHARSET",
    ),
    "envelope in utf-7": (
        _part(b"Content-Type: application/xop+xml; charset=UTF-7\r\nContent-ID: <r>") + _END,
        _TYPE,
        "MIME_CHARSET",
    ),
    "unknown transfer encoding": (
        _ROOT + _part(b"Content-ID: <d>\r\nContent-Transfer-Encoding: x-zip") + _END,
        _TYPE,
        "MIME_ENCODING",
    ),
    "wrong base64": (
        _ROOT + _part(b"Content-ID: <d>\r\nContent-Transfer-Encoding: base64", b"****") + _END,
        _TYPE,
        "MIME_ENCODING",
    ),
}

_XOP = 'xmlns:x="http://www.w3.org/2004/08/xop/include"'
REFERENCES: dict[str, tuple[str, str]] = {
    "unknown part": (f'<d {_XOP}><x:Include href="cid:autre"/></d>', "MIME_REFERENCE"),
    "no address": (f"<d {_XOP}><x:Include/></d>", "MIME_REFERENCE"),
    "file address": (f'<d {_XOP}><x:Include href="file:///etc/passwd"/></d>', "MIME_REFERENCE"),
    "web address": (f'<d {_XOP}><x:Include href="http://192.0.2.1/a"/></d>', "MIME_REFERENCE"),
    "identifier without its scheme": (f'<d {_XOP}><x:Include href="doc"/></d>', "MIME_REFERENCE"),
    "two includes": (f'<d {_XOP}><x:Include href="cid:doc"/><x:Include href="cid:doc"/></d>', "MIME_INCLUDE"),
    "include and text": (f'<d {_XOP}>QUJD<x:Include href="cid:doc"/></d>', "MIME_INCLUDE"),
    "another element": ("<d><e>QUJD</e></d>", "MIME_INCLUDE"),
    "not base64": ("<d>bonjour à tous</d>", "MIME_BASE64"),
    "base64 cut": ("<d>QUJ</d>", "MIME_BASE64"),
    "base64 of the web": ("<d>-_-_</d>", "MIME_BASE64"),
}


def _code(action: Callable[[], object]) -> str:
    with pytest.raises(OpenSegurError) as caught:
        action()
    assert caught.value.message
    assert len(caught.value.detail) <= 300
    return caught.value.code


@pytest.mark.parametrize("name", XML)
def test_hostile_xml(name: str) -> None:
    data, code = XML[name]
    assert _code(lambda: parse(data, _LIMITS)) == code


@pytest.mark.parametrize("name", SOAP)
def test_hostile_soap(name: str) -> None:
    data, code = SOAP[name]
    assert _code(lambda: read_envelope(parse(data, _LIMITS))) == code


@pytest.mark.parametrize("name", MIME)
def test_hostile_mime(name: str) -> None:
    body, content_type, code = MIME[name]
    assert _code(lambda: unpack(body, content_type, _MTOM_LIMITS)) == code


@pytest.mark.parametrize("name", REFERENCES)
def test_hostile_references(name: str) -> None:
    source, code = REFERENCES[name]
    parts = {"doc": Part("doc", "text/plain", b"x")}
    assert _code(lambda: content_of(etree.fromstring(source), parts)) == code


# signatures

_SAML = "{urn:oasis:names:tc:SAML:2.0:assertion}"
_DS = "{http://www.w3.org/2000/09/xmldsig#}"


def _assertion(signer: SoftwareSigner, identifier: str = "_a1") -> etree._Element:
    assertion = etree.Element(f"{_SAML}Assertion", ID=identifier)
    etree.SubElement(assertion, f"{_SAML}Issuer").text = "CN=DMP SIGN"
    etree.SubElement(assertion, f"{_SAML}Subject").text = "899700123456"
    sign_enveloped(assertion, signer)
    return assertion


def _set(path: str, text: str) -> Callable[[etree._Element], None]:
    def change(assertion: etree._Element) -> None:
        found = assertion.find(path)
        assert found is not None
        found.text = text

    return change


def _set_attribute(path: str, name: str, value: str) -> Callable[[etree._Element], None]:
    def change(assertion: etree._Element) -> None:
        found = assertion.find(path)
        assert found is not None
        found.set(name, value)

    return change


def _drop(path: str) -> Callable[[etree._Element], None]:
    def change(assertion: etree._Element) -> None:
        found = assertion.find(path)
        parent = found.getparent() if found is not None else None
        assert found is not None
        assert parent is not None
        parent.remove(found)

    return change


def _other_certificate(assertion: etree._Element) -> None:
    other = base64.b64encode(Authority().issue("INTRUS").signer.certificate.public_bytes(_der())).decode()
    _set(f".//{_DS}X509Certificate", other)(assertion)


def _der() -> object:
    from cryptography.hazmat.primitives.serialization import Encoding

    return Encoding.DER


def _double(path: str) -> Callable[[etree._Element], None]:
    def change(assertion: etree._Element) -> None:
        found = assertion.find(path)
        assert found is not None
        found.addnext(deepcopy(found))

    return change


def _comment_in_the_subject(assertion: etree._Element) -> None:
    subject = assertion.find(f"{_SAML}Subject")
    assert subject is not None
    comment = etree.Comment("x")
    comment.tail, subject.text = "3456", "89970012"
    subject.append(comment)


def _homonym(assertion: etree._Element) -> None:
    etree.SubElement(assertion, "leurre", ID="_a1")


SIGNATURES: dict[str, tuple[Callable[[etree._Element], None], str]] = {
    "no signature": (_drop(f"{_DS}Signature"), "SIGN_ABSENTE"),
    "two signatures": (_double(f"{_DS}Signature"), "SIGN_FORME"),
    "two references": (_double(f".//{_DS}Reference"), "SIGN_FORME"),
    "no value": (_drop(f".//{_DS}SignatureValue"), "SIGN_FORME"),
    "changed text": (_set(f"{_SAML}Subject", "899700999999"), "SIGN_EMPREINTE"),
    "comment that hides the end of a text": (_comment_in_the_subject, "SIGN_FORME"),
    "changed digest": (_set(f".//{_DS}DigestValue", "AA=="), "SIGN_EMPREINTE"),
    "another value": (_set(f".//{_DS}SignatureValue", base64.b64encode(b"x" * 256).decode()), "SIGN_VALEUR"),
    "value that is not base64": (_set(f".//{_DS}SignatureValue", "é*"), "SIGN_VALEUR"),
    "another certificate": (_other_certificate, "SIGN_VALEUR"),
    "no certificate": (_drop(f"{_DS}Signature/{_DS}KeyInfo"), "SIGN_CERTIFICAT"),
    "certificate that is not one": (_set(f".//{_DS}X509Certificate", "AAAA"), "SIGN_CERTIFICAT"),
    "reference to elsewhere": (_set_attribute(f".//{_DS}Reference", "URI", "#autre"), "SIGN_REFERENCE"),
    "reference to a file": (_set_attribute(f".//{_DS}Reference", "URI", "file:///etc/passwd"), "SIGN_REFERENCE"),
    "two elements of one identifier": (_homonym, "SIGN_REFERENCE"),
    "another identifier": (lambda assertion: assertion.set("ID", "_b2"), "SIGN_REFERENCE"),
    "weak algorithm": (
        _set_attribute(f".//{_DS}SignatureMethod", "Algorithm", f"{_DS[1:-1]}hmac-sha1"),
        "SIGN_ALGORITHME",
    ),
    "digest with md5": (
        _set_attribute(f".//{_DS}DigestMethod", "Algorithm", "http://www.w3.org/2001/04/xmldsig-more#md5"),
        "SIGN_ALGORITHME",
    ),
    "xslt as a transform": (
        _set_attribute(f".//{_DS}Transform", "Algorithm", "http://www.w3.org/TR/1999/REC-xslt-19991116"),
        "SIGN_ALGORITHME",
    ),
    "inclusive canonicalisation": (
        _set_attribute(
            f".//{_DS}CanonicalizationMethod", "Algorithm", "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
        ),
        "SIGN_ALGORITHME",
    ),
}


@pytest.mark.parametrize("name", SIGNATURES)
def test_hostile_signatures(name: str, signer: SoftwareSigner) -> None:
    change, code = SIGNATURES[name]
    assertion = _assertion(signer)
    assert verify_enveloped(assertion) == signer.certificate
    change(assertion)
    assert _code(lambda: verify_enveloped(assertion)) == code


def test_a_wrapped_assertion_is_refused(signer: SoftwareSigner) -> None:
    genuine = _assertion(signer)
    forged = etree.Element(f"{_SAML}Assertion", ID="_a1")
    etree.SubElement(forged, f"{_SAML}Issuer").text = "CN=DMP SIGN"
    signature = genuine.find(f"{_DS}Signature")
    assert signature is not None
    forged.append(deepcopy(signature))
    etree.SubElement(forged, "extensions").append(genuine)
    assert _code(lambda: verify_enveloped(forged)) == "SIGN_REFERENCE"


def test_refusals_do_not_grow_the_memory() -> None:
    def refuse_all() -> None:
        for data, _ in XML.values():
            with pytest.raises(RefusedInput):
                parse(data, _LIMITS)
        for body, content_type, _ in MIME.values():
            with pytest.raises(RefusedInput):
                unpack(body, content_type, _MTOM_LIMITS)

    refuse_all()  # caches and interned names settle
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        for _ in range(3):
            refuse_all()
        after, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 256 * 1024
    assert peak - before < 16 * 1024 * 1024


def test_there_are_enough_of_them() -> None:
    assert len(XML) + len(SOAP) + len(MIME) + len(REFERENCES) + len(SIGNATURES) >= 80


def test_an_include_never_leaves_the_message() -> None:
    element = etree.Element("d")
    element.append(include("absent"))
    assert _code(lambda: content_of(element, {})) == "MIME_REFERENCE"


def test_a_signer_of_tests_is_one() -> None:
    assert make_signer("SIGN").sign(b"x")
