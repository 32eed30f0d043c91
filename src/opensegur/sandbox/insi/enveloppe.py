"""The envelope read with the sandbox's own eyes: Content-Type, XML, SOAP, addressing.

Sources: SOAP 1.2 part 1 §5 and part 2 §7.1, WSDL DESIR_ICIR_EXP 1.5.0.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from lxml import etree

from opensegur.foundation.errors import RefusedInput
from opensegur.foundation.mime import parse_media_type
from opensegur.foundation.xml import XmlLimits, parse
from opensegur.sandbox.insi.controle import ControleInsi
from opensegur.sandbox.insi.noms import BAM, LPS, OPERATIONS, SOAP12, WSA, Operation

UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_LIMITS = XmlLimits(max_bytes=1024 * 1024, max_depth=40)
_MAX_ID = 200
_RULES: Final = {"XML_MALFORMED": "xml.forme", "XML_DOCTYPE": "xml.doctype"}


@dataclass(frozen=True, slots=True)
class Enveloppe:
    operation: Operation
    message_id: str
    bam: etree._Element | None
    lps: etree._Element | None
    corps: etree._Element


def read_root(content_type: str, body: bytes, controle: ControleInsi) -> tuple[etree._Element, str]:
    """The root of the message and the action that its Content-Type names."""
    try:
        media = parse_media_type(content_type)
    except RefusedInput:
        media = None
    controle.require(media is not None and media.type == "application/soap+xml", "message.type")
    assert media is not None
    charset = media.parameters.get("charset", "utf-8").strip('"').lower()
    controle.require(charset in {"utf-8", "utf8", "us-ascii"}, "message.type", "charset")
    try:
        root = parse(body, _LIMITS)
    except RefusedInput as error:
        raise controle.refuse(_RULES.get(error.code, "xml.limites")) from error
    return root, media.parameters.get("action", "").strip('"')


def message_id_of(root: etree._Element) -> str:
    """The wsa:MessageID, however broken the rest is, so that a fault can name its request."""
    found = (root.findtext(f"{{{SOAP12}}}Header/{{{WSA}}}MessageID") or "").strip()
    return found if len(found) <= _MAX_ID else ""


def operation_of(root: etree._Element) -> str:
    """The operation that the message asks, in words, however broken the rest is."""
    action = (root.findtext(f"{{{SOAP12}}}Header/{{{WSA}}}Action") or "").strip()
    operation = OPERATIONS.get(action)
    return operation.libelle if operation else ""


def read_envelope(root: etree._Element, media_action: str, controle: ControleInsi) -> Enveloppe:
    controle.require(root.tag == f"{{{SOAP12}}}Envelope", "soap.version")
    parts = [child for child in root if isinstance(child.tag, str)]
    names = [child.tag for child in parts]
    controle.require(names == [f"{{{SOAP12}}}Header", f"{{{SOAP12}}}Body"], "soap.structure")
    header, body = parts
    contents = [child for child in body if isinstance(child.tag, str)]
    controle.require(len(contents) == 1, "soap.structure", "Body")
    action = _single(header, f"{{{WSA}}}Action", controle)
    operation = OPERATIONS.get(action)
    controle.require(operation is not None, "wsa.action")
    assert operation is not None
    controle.require(contents[0].tag == operation.corps, "wsa.action_corps", etree.QName(contents[0]).localname)
    controle.require(media_action in {"", action}, "wsa.action_http")
    message_id = _single(header, f"{{{WSA}}}MessageID", controle)
    prefix, _, value = message_id.partition(":")
    controle.require(prefix == "uuid" and UUID.fullmatch(value), "wsa.message_id")
    return Enveloppe(
        operation, message_id, _only(header, BAM, "ContexteBAM"), _only(header, LPS, "ContexteLPS"), contents[0]
    )


def _single(header: etree._Element, tag: str, controle: ControleInsi) -> str:
    found = header.findall(tag)
    controle.require(len(found) <= 1, "soap.structure", etree.QName(tag).localname)
    return (found[0].text or "").strip() if found else ""


def _only(header: etree._Element, namespace: str, name: str) -> etree._Element | None:
    found = header.findall(f"{{{namespace}}}{name}")
    return found[0] if len(found) == 1 else None
