"""SOAP 1.2: one exchange over a transport, and the names of ``soap_envelope`` under one roof.

A fault is a fault whatever the HTTP status; an HTTP error without a SOAP answer is a transport error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from opensegur.foundation.errors import OpenSegurError, RefusedInput, TransportError
from opensegur.foundation.mime import parse_media_type
from opensegur.foundation.mtom import Part, pack, unpack
from opensegur.foundation.ports import Clock, HttpRequest, HttpResponse, Transport
from opensegur.foundation.soap_envelope import (
    ACTION_FAULT,
    ANONYMOUS,
    NS_SOAP11,
    NS_SOAP12,
    NS_WSA,
    NS_WSSE,
    Envelope,
    SoapFault,
    build_envelope,
    build_fault,
    must_understand,
    open_envelope,
    raise_fault,
    read_envelope,
)
from opensegur.foundation.xml import parse, serialize

__all__ = [
    "ACTION_FAULT",
    "ANONYMOUS",
    "NS_SOAP11",
    "NS_SOAP12",
    "NS_WSA",
    "NS_WSSE",
    "Answer",
    "Envelope",
    "SoapClient",
    "SoapFault",
    "build_envelope",
    "build_fault",
    "must_understand",
    "open_envelope",
    "raise_fault",
    "read_envelope",
    "read_response",
]

_XML_TYPES = frozenset({"application/soap+xml", "text/xml", "application/xml"})
_RETRYABLE_STATUS = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the envelope, its attached parts by Content-ID, and both messages as they travelled."""

    envelope: Envelope
    parts: Mapping[str, Part]
    raw: bytes
    request: bytes
    received_at: datetime


class SoapClient:
    """Calls SOAP 1.2 services over ``transport``."""

    def __init__(self, transport: Transport, clock: Clock) -> None:
        self._transport = transport
        self._clock = clock

    def call(
        self,
        url: str,
        body: etree._Element,
        *,
        action: str,
        message_id: str,
        headers: Sequence[etree._Element] = (),
        to: str | None = "",
        reply_to: bool = True,
        attachments: Sequence[Part] = (),
        mtom: bool = False,
        http_action: bool = True,
    ) -> Answer:
        """Send ``body`` and give back the answer.

        ``to`` is the ``wsa:To``: the URL when empty, no header at all when ``None``. ``mtom`` (implied by
        ``attachments``) sends a multipart message; ``http_action`` repeats the action in the Content-Type.

        Raises ``SoapFault`` for a fault, whatever the HTTP status; ``TransportError`` when no SOAP answer came
        (retryable for a server's failure); ``RefusedInput`` for an answer that is malformed (XML_*, MIME_*,
        SOAP_*) or relates to another message (SOAP_RELATES_TO).
        """
        address = url if to == "" else to or ""
        envelope = build_envelope(
            body, action=action, message_id=message_id, to=address, reply_to=reply_to, headers=headers
        )
        if mtom or attachments:
            data, content_type = pack(envelope, attachments, action=action if http_action else "")
        else:
            data = serialize(envelope)
            content_type = "application/soap+xml; charset=utf-8" + (f'; action="{action}"' if http_action else "")
        response = self._transport.send(
            HttpRequest("POST", url, {"Content-Type": content_type, "Accept": "*/*"}, data)
        )
        answer, parts = read_response(response)
        if answer.relates_to and answer.relates_to != message_id:
            raise RefusedInput(
                "SOAP_RELATES_TO",
                "La réponse reçue ne correspond pas à la demande envoyée.",
                conseil="Recommencez. Si cela se répète, signalez-le à l’éditeur.",
                detail=f"RelatesTo {answer.relates_to[:80]}",
            )
        raise_fault(answer)
        return Answer(answer, parts, response.body, data, self._clock.now())


def read_response(response: HttpResponse) -> tuple[Envelope, dict[str, Part]]:
    """The envelope of an HTTP answer (possibly a fault) and its parts; an HTTP error without one is raised."""
    failed = not 200 <= response.status < 300  # noqa: PLR2004
    try:
        root, parts = _read_body(response)
        envelope = open_envelope(root)
    except OpenSegurError as error:
        if failed:
            raise _http_error(response.status) from error
        raise
    if failed and not _is_fault(envelope):
        raise _http_error(response.status)
    return envelope, parts


def _read_body(response: HttpResponse) -> tuple[etree._Element, dict[str, Part]]:
    media = parse_media_type(response.content_type)
    if media.type == "multipart/related":
        data, parts = unpack(response.body, response.content_type)
        return parse(data), parts
    if media.type not in _XML_TYPES:
        raise RefusedInput(
            "SOAP_CONTENT_TYPE",
            "Le service n’a pas répondu par un message SOAP.",
            conseil="Vérifiez l’adresse du service dans la configuration.",
            detail=media.type[:80],
        )
    return parse(response.body), {}


def _is_fault(envelope: Envelope) -> bool:
    try:
        raise_fault(envelope)
    except SoapFault:
        return True
    return False


def _http_error(status: int) -> TransportError:
    retryable = status >= 500 or status in _RETRYABLE_STATUS  # noqa: PLR2004
    return TransportError(
        f"HTTP_{status}",
        f"Le service a répondu par une erreur HTTP {status}, sans explication.",
        conseil="Recommencez plus tard." if retryable else "Vérifiez l’adresse du service et le certificat présenté.",
        detail=f"HTTP status {status}",
        retryable=retryable,
    )
