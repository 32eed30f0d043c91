"""SOAP 1.2 envelopes with WS-Addressing 1.0: built and read.

Sources: W3C SOAP 1.2 Part 1; WS-Addressing 1.0 Core and SOAP Binding; ITI TF-2 Appendix V.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Literal

from lxml import etree

from opensegur.foundation.errors import InvalidValue, OpenSegurError, RefusedInput

NS_SOAP12 = "http://www.w3.org/2003/05/soap-envelope"
NS_SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
NS_WSA = "http://www.w3.org/2005/08/addressing"
NS_WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
ANONYMOUS = f"{NS_WSA}/anonymous"
ACTION_FAULT = f"{NS_WSA}/soap/fault"

_SOAP = f"{{{NS_SOAP12}}}"
_WSA = f"{{{NS_WSA}}}"
_MUST_UNDERSTAND = f"{_SOAP}mustUnderstand"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_PREFIXES = {"soap": NS_SOAP12, "wsa": NS_WSA}
_TRUE = frozenset({"true", "1"})
_CLARK = re.compile(r"\{([^}]+)\}([\w.-]+)")
_LONG_NUMBER = re.compile(r"\d[\d ]{8,}")


@dataclass(frozen=True, slots=True)
class Envelope:
    """What an envelope says. ``body`` is the one element inside ``soap:Body``.

    ``headers`` are the header blocks other than WS-Addressing's; an absent address is the empty string.
    """

    body: etree._Element
    action: str
    message_id: str
    to: str
    relates_to: str
    headers: tuple[etree._Element, ...]


class SoapFault(OpenSegurError):
    """The service answered with a SOAP fault.

    ``code`` is the local name of the subcode (``DMPInvalidCertificate``, ``siram_40``), or of the code when there
    is none; ``reason`` the service's own text, ``details`` the elements of its detail, ``sender`` whether it
    blames the request. A fault of the receiver may be retried.
    """

    def __init__(self, code: str, reason: str, details: tuple[etree._Element, ...], *, sender: bool) -> None:
        # the reason is written by another system: a long number in it may be a patient's
        shown = _LONG_NUMBER.sub("…", reason)[:300]
        super().__init__(
            code,
            f"Le service a refusé la demande : {shown}" if shown else "Le service a refusé la demande.",
            conseil="Corrigez ce que le service signale avant de recommencer."
            if sender
            else "Le service est en difficulté : recommencez plus tard.",
            detail=f"SOAP fault {'Sender' if sender else 'Receiver'}/{code}",
            retryable=not sender,
        )
        self.reason = reason
        self.details = details
        self.sender = sender


def build_envelope(
    body: etree._Element,
    *,
    action: str,
    message_id: str,
    to: str = "",
    reply_to: bool = True,
    relates_to: str = "",
    headers: Sequence[etree._Element] = (),
) -> etree._Element:
    """A SOAP 1.2 envelope around copies of ``body`` and ``headers``.

    ``message_id`` is written as given (``urn:uuid:…`` for IHE, ``uuid:…`` for INSi). An empty ``to`` or
    ``relates_to`` writes no such header; ``reply_to`` writes the anonymous address.
    """
    envelope = etree.Element(f"{_SOAP}Envelope", nsmap=_PREFIXES)
    header = etree.SubElement(envelope, f"{_SOAP}Header")
    etree.SubElement(header, f"{_WSA}MessageID").text = message_id
    if to:
        etree.SubElement(header, f"{_WSA}To").text = to
    if reply_to:
        address = etree.SubElement(header, f"{_WSA}ReplyTo", {_MUST_UNDERSTAND: "true"})
        etree.SubElement(address, f"{_WSA}Address").text = ANONYMOUS
    etree.SubElement(header, f"{_WSA}Action", {_MUST_UNDERSTAND: "true"}).text = action
    if relates_to:
        etree.SubElement(header, f"{_WSA}RelatesTo").text = relates_to
    header.extend(deepcopy(block) for block in headers)
    etree.SubElement(envelope, f"{_SOAP}Body").append(deepcopy(body))
    return envelope


def read_envelope(root: etree._Element) -> Envelope:
    """Read an envelope, whatever its prefixes and the order of its headers.

    Raises ``SoapFault`` when the body is a fault, and ``RefusedInput`` with one of the codes SOAP_VERSION (SOAP
    1.1), SOAP_ENVELOPE, SOAP_BODY, SOAP_HEADER (an address given twice).
    """
    envelope = open_envelope(root)
    raise_fault(envelope)
    return envelope


def open_envelope(root: etree._Element) -> Envelope:
    """Like ``read_envelope``, but gives a fault back as the body instead of raising it."""
    if root.tag == f"{{{NS_SOAP11}}}Envelope":
        raise _refused("SOAP_VERSION", "Le message est en SOAP 1.1, alors que SOAP 1.2 est attendu.")
    if root.tag != f"{_SOAP}Envelope":
        raise _refused("SOAP_ENVELOPE", "Le message n’est pas une enveloppe SOAP 1.2.")
    header = _only_child(root, f"{_SOAP}Header", "SOAP_ENVELOPE")
    body = _only_child(root, f"{_SOAP}Body", "SOAP_ENVELOPE")
    contents = [] if body is None else list(body.iterchildren(etree.Element))
    if len(contents) != 1:
        raise _refused("SOAP_BODY", "Le corps du message SOAP doit contenir un seul élément.")
    blocks = [] if header is None else list(header.iterchildren(etree.Element))
    return Envelope(
        body=contents[0],
        action=_address(header, "Action"),
        message_id=_address(header, "MessageID"),
        to=_address(header, "To"),
        relates_to=_address(header, "RelatesTo"),
        headers=tuple(block for block in blocks if etree.QName(block).namespace != NS_WSA),
    )


def raise_fault(envelope: Envelope) -> None:
    """Raise the ``SoapFault`` that ``envelope`` carries, if it carries one."""
    fault = envelope.body
    if fault.tag != f"{_SOAP}Fault":
        return
    values = [_local(value.text) for value in fault.iterfind(f"{_SOAP}Code//{_SOAP}Value")]
    texts = [(text.text or "").strip() for text in fault.iterfind(f"{_SOAP}Reason/{_SOAP}Text")]
    detail = fault.find(f"{_SOAP}Detail")
    raise SoapFault(
        next((value for value in values[1:] if value), "") or next(iter(values), "") or "Fault",
        next((text for text in texts if text), ""),
        () if detail is None else tuple(detail.iterchildren(etree.Element)),
        sender=next(iter(values), "") != "Receiver",
    )


def must_understand(block: etree._Element) -> bool:
    """Whether a header block is compulsory; the un-prefixed attribute of some senders counts too."""
    return (block.get(_MUST_UNDERSTAND) or block.get("mustUnderstand") or "").strip() in _TRUE


def build_fault(
    code: Literal["Sender", "Receiver"], subcode: str, reason: str, detail: etree._Element | None = None
) -> etree._Element:
    """The ``soap:Fault`` element. ``subcode`` is ``{namespace}name``, or a bare name written as ``soap:name``.

    The national services write their own codes with the SOAP prefix (``soap:DMPInvalidCertificate``).
    """
    clark = _CLARK.fullmatch(subcode)
    namespace, name = clark.groups() if clark else (NS_SOAP12, subcode.rpartition(":")[2])
    prefix = "soap" if namespace == NS_SOAP12 else "code"
    fault = etree.Element(f"{_SOAP}Fault", nsmap={"soap": NS_SOAP12, prefix: namespace})
    codes = etree.SubElement(fault, f"{_SOAP}Code")
    etree.SubElement(codes, f"{_SOAP}Value").text = f"soap:{code}"
    if name:
        inner = etree.SubElement(codes, f"{_SOAP}Subcode")
        etree.SubElement(inner, f"{_SOAP}Value").text = f"{prefix}:{name}"
    text = etree.SubElement(etree.SubElement(fault, f"{_SOAP}Reason"), f"{_SOAP}Text", {_XML_LANG: "fr"})
    try:
        text.text = reason
    except ValueError as error:
        raise InvalidValue("SOAP_REASON", "Le motif contient un caractère interdit en XML.") from error
    if detail is not None:
        etree.SubElement(fault, f"{_SOAP}Detail").append(deepcopy(detail))
    return fault


def _only_child(root: etree._Element, tag: str, code: str) -> etree._Element | None:
    found = root.findall(tag)
    if len(found) > 1:
        raise _refused(code, "Une partie de l’enveloppe SOAP est répétée.")
    return found[0] if found else None


def _address(header: etree._Element | None, name: str) -> str:
    if header is None:
        return ""
    found = header.findall(f"{_WSA}{name}")
    if len(found) > 1:
        raise _refused("SOAP_HEADER", "Une adresse du message SOAP est donnée deux fois.", detail=f"wsa:{name}")
    return (found[0].text or "").strip() if found else ""


def _local(name: str | None) -> str:
    return (name or "").strip().rpartition(":")[2]


def _refused(code: str, message: str, *, detail: str = "") -> RefusedInput:
    return RefusedInput(
        code, message, conseil="Le message n’a pas la forme prévue : signalez-le à l’éditeur.", detail=detail
    )
