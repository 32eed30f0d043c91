"""The SOAP 1.2 envelope: read strictly, and written for answers and faults.

Sources: SOAP 1.2 part 1 §5, WS-Addressing 1.0 SOAP binding §6, GIE SESAM-Vitale examples (header set).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from lxml import etree

from opensegur.foundation.errors import RefusedInput
from opensegur.foundation.identifiers import new_urn_uuid
from opensegur.foundation.xml import XmlLimits, parse, serialize
from opensegur.sandbox.dmp.catalogue import refuse
from opensegur.sandbox.dmp.noms import ANONYMOUS, BAC_A_SABLE, SOAP12, WSA, WSSE, XML, q
from opensegur.sandbox.regles import Manquement

_URN_UUID = re.compile(r"(?:urn:uuid:)[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_LIMITS = XmlLimits(max_depth=60)
_ID_NAMES = frozenset({"ID", "Id", "AssertionID", f"{{{XML}}}id"})
_UNDERSTOOD = frozenset({WSA, WSSE})
_XML_RULES: Final = {
    "XML_MALFORMED": "xml.illisible",
    "XML_ENCODING": "xml.codage",
    "XML_DOCTYPE": "xml.doctype",
    "XML_TOO_DEEP": "xml.profondeur",
    "XML_TOO_LARGE": "xml.taille",
}
_WSA_FAULT_ACTION = "http://www.w3.org/2005/08/addressing/soap/fault"
_ESPACES_DES_CODES: Final = {
    "ActionNotSupported": WSA,
    "ActionMismatch": WSA,
    "MessageAddressingHeaderRequired": WSA,
    "InvalidAddressingHeader": WSA,
    "OnlyAnonymousAddressSupported": WSA,
    "InvalidSecurity": WSSE,
    "InvalidSecurityToken": WSSE,
    "FailedAuthentication": WSSE,
    "FailedCheck": WSSE,
    "MessageExpired": WSSE,
}
_CODES_SOAP = frozenset({"VersionMismatch", "MustUnderstand"})


@dataclass(frozen=True, slots=True)
class Enveloppe:
    """What a request says before its content: ``securite`` is the wsse:Security header, when there is one."""

    action: str
    message_id: str
    securite: etree._Element | None
    corps: etree._Element


def read_xml(data: bytes) -> etree._Element:
    """The root of ``data``; refusals are rules of the catalogue."""
    try:
        return parse(data, _LIMITS)
    except RefusedInput as error:
        raise refuse(_XML_RULES.get(error.code, "xml.illisible")) from error


def message_id_of(root: etree._Element) -> str:
    """The wsa:MessageID, however broken the rest is, so that a fault can name its request."""
    found = root.findtext(f"{q(SOAP12, 'Header')}/{q(WSA, 'MessageID')}") or ""
    return found.strip() if len(found) <= 200 else ""  # noqa: PLR2004 - longer than any URN we would repeat


def read_envelope(root: etree._Element) -> Enveloppe:
    if root.tag != q(SOAP12, "Envelope"):
        raise refuse("soap.version")
    children = [child for child in root if isinstance(child.tag, str)]
    if [child.tag for child in children] != [q(SOAP12, "Header"), q(SOAP12, "Body")]:
        raise refuse("soap.structure")
    header, body = children
    content = [child for child in body if isinstance(child.tag, str)]
    if len(content) != 1:
        raise refuse("soap.structure")
    _check_understood(header)
    _check_identifiers(root)
    message_id = _single(header, "MessageID")
    action = _single(header, "Action")
    _check_reply(header)
    security = header.findall(q(WSSE, "Security"))
    if len(security) > 1:
        raise refuse("vihf.multiple")
    return Enveloppe(action, message_id, security[0] if security else None, content[0])


def is_urn_uuid(value: str) -> bool:
    return _URN_UUID.fullmatch(value) is not None


def _single(header: etree._Element, name: str) -> str:
    found = header.findall(q(WSA, name))
    if len(found) != 1 or not (found[0].text or "").strip():
        raise refuse("wsa.obligatoire", name)
    return (found[0].text or "").strip()


def _check_reply(header: etree._Element) -> None:
    for name in ("ReplyTo", "FaultTo"):
        address = header.findtext(f"{q(WSA, name)}/{q(WSA, 'Address')}")
        if address is not None and address.strip() != ANONYMOUS:
            raise refuse("wsa.reponse", name)


def _check_understood(header: etree._Element) -> None:
    for child in header:
        if not isinstance(child.tag, str):
            continue
        # the published examples write mustUnderstand without its namespace: that binds nobody
        obliged = child.get(q(SOAP12, "mustUnderstand"), "").strip() in {"true", "1"}
        if obliged and etree.QName(child).namespace not in _UNDERSTOOD:
            raise refuse("soap.entete_inconnu", etree.QName(child).localname)


def _check_identifiers(root: etree._Element) -> None:
    seen: set[str] = set()
    for element in root.iter(etree.Element):
        for name, value in element.attrib.items():
            local = str(name)
            if (local in _ID_NAMES or local.endswith("utility-1.0.xsd}Id")) and value:
                if str(value) in seen:
                    raise refuse("soap.identifiants")
                seen.add(str(value))


def build_answer(body: etree._Element, *, action: str, relates_to: str) -> bytes:
    """The bytes of an answer: the header set of the published examples, ``body`` in the Body."""
    envelope = etree.Element(q(SOAP12, "Envelope"), nsmap={"soap": SOAP12, "wsa": WSA})
    header = etree.SubElement(envelope, q(SOAP12, "Header"))
    for name, value in (
        ("Action", action),
        ("MessageID", new_urn_uuid()),
        ("To", ANONYMOUS),
        ("RelatesTo", relates_to),
    ):
        if value:
            etree.SubElement(header, q(WSA, name)).text = value
    etree.SubElement(envelope, q(SOAP12, "Body")).append(body)
    return serialize(envelope)


def build_fault(manquement: Manquement, *, relates_to: str, receiver: bool = False) -> bytes:
    """A fault: ``soap:Sender`` (or ``Receiver``) with the rule's code as subcode, the reason in French."""
    code = manquement.code
    space = _space_of(code)
    # tools resolve the subcode's prefix from the Fault itself: it is declared there, under the very prefix that the
    # envelope gives to the same space, or lxml would drop it as a repetition
    prefix = {SOAP12: "soap", WSA: "wsa"}.get(space, "c")
    fault = etree.Element(q(SOAP12, "Fault"), nsmap={"soap": SOAP12, prefix: space})
    code_element = etree.SubElement(fault, q(SOAP12, "Code"))
    value = etree.SubElement(code_element, q(SOAP12, "Value"))
    if code in _CODES_SOAP:
        value.text = f"soap:{code}"
    else:
        value.text = "soap:Receiver" if receiver else "soap:Sender"
        subcode = etree.SubElement(code_element, q(SOAP12, "Subcode"))
        etree.SubElement(subcode, q(SOAP12, "Value")).text = f"{prefix}:{code}"
    reason = etree.SubElement(fault, q(SOAP12, "Reason"))
    text = etree.SubElement(reason, q(SOAP12, "Text"))
    text.set(q(XML, "lang"), "fr")
    text.text = manquement.texte
    return build_answer(fault, action=_WSA_FAULT_ACTION, relates_to=relates_to)


def _space_of(code: str) -> str:
    # the real service writes its own codes and IHE's in the soap prefix (fault seen by a public reader)
    if code.startswith(("DMP", "XDS")):
        return SOAP12
    return _ESPACES_DES_CODES.get(code, BAC_A_SABLE)
