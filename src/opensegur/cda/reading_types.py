"""HL7 v3 data types read back, as found: nothing raises here, what is absent is empty."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

from lxml import etree

from opensegur.cda.datatypes import PARIS
from opensegur.cda.document import Identifiant
from opensegur.cda.document_lu import Coordonnee, Fichier, Horodatage, Modele
from opensegur.cda.locate import attribute, child, children, text_of
from opensegur.foundation.acteurs import Code

_TS = re.compile(r"(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?(?:\.\d+)?(?:([+-])(\d{2})(\d{2}))?")
_NUMBER_AND_STREET = ("houseNumber", "houseNumberNumeric", "streetNameType", "streetName")
STREET = (*_NUMBER_AND_STREET, "unitID", "additionalLocator", "postBox", "precinct")
_COMPLEMENTS = ("unitID", "additionalLocator", "postBox", "precinct")


def read_time(element: etree._Element | None) -> Horodatage:
    brut = attribute(element, "value")
    return Horodatage(brut, parse_timestamp(brut))


@lru_cache(maxsize=8192)
def parse_timestamp(text: str) -> datetime | None:
    """The moment of an HL7 TS; what has no zone is legal time in Paris, what has no hour begins its day."""
    found = _TS.fullmatch(text)
    if not found:
        return None
    year, month, day, hour, minute, second = (int(part) if part else None for part in found.groups()[:6])
    sign, zone_hours, zone_minutes = found.groups()[6:]
    try:
        naive = datetime(year or 0, month or 1, day or 1, hour or 0, minute or 0, second or 0)  # noqa: DTZ001 - zone added below
        if sign is None:
            return naive.replace(tzinfo=PARIS)
        offset = timedelta(hours=int(zone_hours), minutes=int(zone_minutes)) * (-1 if sign == "-" else 1)
        return naive.replace(tzinfo=timezone(offset) if offset else UTC)
    except (ValueError, OverflowError):
        return None


def read_code(element: etree._Element | None) -> Code | None:
    """The coded value, or ``None`` when the element is absent or carries no code."""
    code = attribute(element, "code")
    return Code(code, attribute(element, "codeSystem"), attribute(element, "displayName")) if code else None


def read_identifier(element: etree._Element) -> Identifiant:
    return Identifiant(attribute(element, "root"), attribute(element, "extension"))


def read_identifiers(parent: etree._Element | None) -> tuple[Identifiant, ...]:
    found = (read_identifier(element) for element in children(parent, "id"))
    return tuple(identifier for identifier in found if identifier.root)


def read_templates(parent: etree._Element) -> tuple[Modele, ...]:
    return tuple(
        Modele(attribute(element, "root"), attribute(element, "extension"))
        for element in children(parent, "templateId")
    )


def read_telecoms(parent: etree._Element | None) -> tuple[Coordonnee, ...]:
    found = (Coordonnee(attribute(item, "value"), attribute(item, "use")) for item in children(parent, "telecom"))
    return tuple(contact for contact in found if contact.valeur)


def read_address(parent: etree._Element | None) -> str:
    """The first address on one line: street, complements, town, country."""
    addr = child(parent, "addr")
    if addr is None:
        return ""
    lines = [text_of(line) for line in children(addr, "streetAddressLine")]
    street = " ".join(filter(None, (text_of(child(addr, name)) for name in _NUMBER_AND_STREET)))
    complements = [text_of(child(addr, name)) for name in _COMPLEMENTS]
    town = " ".join(filter(None, (text_of(child(addr, name)) for name in ("postalCode", "city"))))
    loose = "" if len(addr) else text_of(addr)
    parts = (*lines, street, *complements, town, text_of(child(addr, "country")), loose)
    return ", ".join(part for part in parts if part)


def read_file(element: etree._Element | None) -> Fichier | None:
    """An ``ED``: decoded when it says base64, its text in UTF-8 otherwise."""
    if element is None:
        return None
    media_type = attribute(element, "mediaType").lower()
    content = "".join(str(piece) for piece in element.itertext())
    if attribute(element, "representation") != "B64":
        return Fichier(media_type, content.strip().encode())
    try:
        return Fichier(media_type, decode_base64(content))
    except ValueError:
        return Fichier(media_type, b"", illisible=True)


def decode_base64(text: str) -> bytes:
    """Strict base64, white space allowed anywhere; raises ``ValueError``."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
