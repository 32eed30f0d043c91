"""Distinguished names as software writes them in Issuer, compared with a certificate's subject part by part.

Sources: RFC 4514, RFC 2253; the multi-valued names of CPS cards as Java prints them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from cryptography import x509
from cryptography.x509.oid import NameOID

_ALIASES: Final = {
    "E": "1.2.840.113549.1.9.1",
    "EMAILADDRESS": "1.2.840.113549.1.9.1",
    "S": NameOID.STATE_OR_PROVINCE_NAME.dotted_string,
    "SN": NameOID.SURNAME.dotted_string,
    "SURNAME": NameOID.SURNAME.dotted_string,
    "GN": NameOID.GIVEN_NAME.dotted_string,
    "GIVENNAME": NameOID.GIVEN_NAME.dotted_string,
    "T": NameOID.TITLE.dotted_string,
    "TITLE": NameOID.TITLE.dotted_string,
    "SERIALNUMBER": NameOID.SERIAL_NUMBER.dotted_string,
    "CN": NameOID.COMMON_NAME.dotted_string,
    "L": NameOID.LOCALITY_NAME.dotted_string,
    "ST": NameOID.STATE_OR_PROVINCE_NAME.dotted_string,
    "O": NameOID.ORGANIZATION_NAME.dotted_string,
    "OU": NameOID.ORGANIZATIONAL_UNIT_NAME.dotted_string,
    "C": NameOID.COUNTRY_NAME.dotted_string,
    "STREET": NameOID.STREET_ADDRESS.dotted_string,
    "DC": NameOID.DOMAIN_COMPONENT.dotted_string,
    "UID": NameOID.USER_ID.dotted_string,
}

Rdn = frozenset[tuple[str, str]]


def same_name(text: str, name: x509.Name) -> bool:
    """Whether an Issuer text is this DN, RDN by RDN: order of writing, aliases and spaces apart."""
    written = _parse_dn(text)
    actual = [
        frozenset((attribute.oid.dotted_string, _fold(str(attribute.value))) for attribute in rdn)
        for rdn in name.rdns
    ]
    return written is not None and written in (actual, actual[::-1])


def _fold(value: str) -> str:
    return " ".join(value.split()).casefold()


def _parse_dn(text: str) -> list[Rdn] | None:
    rdns: list[Rdn] = []
    for part in _split(text, ",;"):
        pairs = [_pair(item) for item in _split(part, "+")]
        if any(pair is None for pair in pairs):
            return None
        rdns.append(frozenset(pair for pair in pairs if pair is not None))
    return rdns or None


def _split(text: str, separators: str) -> Iterable[str]:
    return re.findall(rf'(?:\\.|"(?:\\.|[^"\\])*"|[^{separators}\\"])+', text, re.DOTALL)


def _pair(item: str) -> tuple[str, str] | None:
    kind, equals, value = item.partition("=")
    kind = kind.strip().upper().removeprefix("OID.")
    oid = _ALIASES.get(kind, kind)
    if not equals or not re.fullmatch(r"[0-2](?:\.\d+)+", oid):
        return None
    decoded = _value(value.strip())
    return None if decoded is None else (oid, _fold(decoded))


def _value(text: str) -> str | None:
    if text.startswith("#"):
        return _from_der(text[1:])
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1]
    raw = re.sub(
        rb"\\([0-9A-Fa-f]{2}|.)",
        lambda match: bytes.fromhex(match[1].decode()) if len(match[1]) == 2 else match[1],  # noqa: PLR2004
        text.encode("utf-8"),
    )
    return raw.decode("utf-8", "replace")


def _from_der(text: str) -> str | None:
    """``#`` and the DER of a short directory string (RFC 4514 §2.4), as Java prints multi-valued CPS names."""
    try:
        raw = bytes.fromhex(text)
    except ValueError:
        return None
    if len(raw) < 2 or raw[0] not in (0x0C, 0x13, 0x14, 0x16) or raw[1] != len(raw) - 2:  # noqa: PLR2004
        return None
    return raw[2:].decode("utf-8" if raw[0] == 0x0C else "latin-1", "replace")  # noqa: PLR2004 - UTF8String
