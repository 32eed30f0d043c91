"""Distinguished names as text: written in the manner of RFC 2253, compared part by part.

The VIHF's Issuer names the signing certificate's subject. Two writings of one name differ in their keywords
(``serialNumber=`` or ``2.5.4.5=``), in hexadecimal or plain values, in case, in the order inside a multi-valued
part and in direction: they are compared by their parts, never as strings.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from cryptography import x509

# RFC 2253 §2.3: these attributes have a keyword; every other is written as an OID and a hexadecimal value
_KEYWORDS = {
    "2.5.4.3": "CN",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "2.5.4.6": "C",
    "2.5.4.9": "STREET",
    "0.9.2342.19200300.100.1.25": "DC",
    "0.9.2342.19200300.100.1.1": "UID",
}
# what other writers use
_ALIASES = {keyword: oid for oid, keyword in _KEYWORDS.items()} | {
    "S": "2.5.4.8",
    "SN": "2.5.4.4",
    "SURNAME": "2.5.4.4",
    "GN": "2.5.4.42",
    "G": "2.5.4.42",
    "GIVENNAME": "2.5.4.42",
    "SERIALNUMBER": "2.5.4.5",
    "T": "2.5.4.12",
    "TITLE": "2.5.4.12",
    "E": "1.2.840.113549.1.9.1",
    "EMAIL": "1.2.840.113549.1.9.1",
    "EMAILADDRESS": "1.2.840.113549.1.9.1",
    "ORGANIZATIONIDENTIFIER": "2.5.4.97",
}
_OID = re.compile(r"(?:OID\.)?(\d+(?:\.\d+)+)", re.IGNORECASE)
_HEX = re.compile(r"#(?:[0-9A-Fa-f]{2})+")
_PIECE = re.compile(r'\\([0-9A-Fa-f]{2})|\\(.)|"((?:[^"\\]|\\.)*)"|([^\\"])', re.DOTALL)
_TO_ESCAPE = re.compile(r'[,+"\\<>;]')
# some issuers put accents where ASCII alone is allowed: UTF-8 reads both
_STRING_TAGS = {0x0C: "utf-8", 0x13: "utf-8", 0x14: "latin-1", 0x16: "utf-8", 0x1E: "utf-16-be"}
_LONG_FORM = 0x80

_Part = frozenset[tuple[str, str]]


def subject_dn(certificate: x509.Certificate) -> str:
    """The certificate's subject, most specific part first: ``CN=…,OU=…,O=…,C=FR``."""
    return format_dn(certificate.subject)


def issuer_dn(certificate: x509.Certificate) -> str:
    """The certificate's issuer, most specific part first."""
    return format_dn(certificate.issuer)


def format_dn(name: x509.Name) -> str:
    """``name`` in the manner of RFC 2253."""
    return ",".join("+".join(_format_attribute(attribute) for attribute in rdn) for rdn in reversed(name.rdns))


def same_dn(a: str, b: str) -> bool:
    """Whether two texts write the same name. A text that is no distinguished name equals nothing."""
    first, second = _parse(a), _parse(b)
    return bool(first) and (first == second or first == second[::-1])


def _format_attribute(attribute: x509.NameAttribute[str | bytes]) -> str:
    oid, value = attribute.oid.dotted_string, attribute.value
    if oid in _KEYWORDS and isinstance(value, str):
        return f"{_KEYWORDS[oid]}={_escape(value)}"
    return f"{oid}=#{_der_value(attribute).hex()}"


def _escape(value: str) -> str:
    escaped = _TO_ESCAPE.sub(lambda found: "\\" + found.group(), value)
    if escaped[:1] in (" ", "#"):
        escaped = "\\" + escaped
    return escaped[:-1] + "\\ " if escaped.endswith(" ") and len(escaped) > 1 else escaped


def _der_value(attribute: x509.NameAttribute[str | bytes]) -> bytes:
    """The DER of the attribute's value: inside the name, the set and the pair, after the OID."""
    der = x509.Name([attribute]).public_bytes()
    for _ in range(3):
        der = _content(der)
    return _after_first(der)


def _content(der: bytes) -> bytes:
    length, start = _length(der)
    return der[start : start + length]


def _after_first(der: bytes) -> bytes:
    length, start = _length(der)
    return der[start + length :]


def _length(der: bytes) -> tuple[int, int]:
    """The length of the first element's content and where it starts."""
    if der[1] < _LONG_FORM:
        return der[1], 2
    size = der[1] - _LONG_FORM
    return int.from_bytes(der[2 : 2 + size], "big"), 2 + size


def _parse(text: str) -> list[_Part]:
    """The parts of a name, or nothing when ``text`` is not one."""
    parts: list[_Part] = []
    for rdn in _split(text, ",;"):
        attributes = [_parse_attribute(piece) for piece in _split(rdn, "+")]
        if not all(attributes):
            return []
        parts.append(frozenset(attribute for attribute in attributes if attribute))
    return parts


def _split(text: str, separators: str) -> Iterator[str]:
    """Cut at the separators that are neither escaped nor quoted."""
    start = 0
    for piece in _PIECE.finditer(text):
        if piece.group(4) is not None and piece.group(4) in separators:
            yield text[start : piece.start()]
            start = piece.end()
    yield text[start:]


def _parse_attribute(text: str) -> tuple[str, str] | None:
    keyword, equals, value = text.strip().partition("=")
    dotted = _OID.fullmatch(keyword.strip())
    oid = dotted.group(1) if dotted else _ALIASES.get(keyword.strip().upper())
    if not equals or oid is None:
        return None
    plain = _from_hex(value.strip()) if _HEX.fullmatch(value.strip()) else _unescape(value.strip())
    folded = " ".join(unicodedata.normalize("NFC", plain).casefold().split())
    return (oid, folded)


def _unescape(value: str) -> str:
    data = bytearray()
    for hexadecimal, escaped, quoted, plain in _PIECE.findall(value):
        data += bytes.fromhex(hexadecimal) if hexadecimal else (escaped or quoted or plain).encode()
    return data.decode("utf-8", "replace")


def _from_hex(value: str) -> str:
    der = bytes.fromhex(value[1:])
    minimum = 2
    if len(der) < minimum or der[0] not in _STRING_TAGS:
        return value
    return _content(der).decode(_STRING_TAGS[der[0]], "replace")
