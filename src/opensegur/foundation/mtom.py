"""MTOM: a SOAP envelope and its documents in one multipart/related message.

Sources: W3C MTOM and XOP 1.0, RFC 2387, RFC 2392; ITI TF-2 Appendix V.3 (``start-info``, ``action``).
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote

from lxml import etree

from opensegur.foundation.errors import InvalidValue
from opensegur.foundation.mime import NAME, parse_fields, parse_media_type, refused
from opensegur.foundation.xml import serialize

NS_XOP = "http://www.w3.org/2004/08/xop/include"
INCLUDE = f"{{{NS_XOP}}}Include"

_XOP_TYPE = "application/xop+xml"
_ROOT_TYPES = frozenset({_XOP_TYPE, "application/soap+xml", "text/xml"})
_UTF8 = frozenset({"utf-8", "utf8", "us-ascii"})
_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]")
_CONTENT_ID = re.compile(r"[!-;=?-~]{1,250}")  # printable ASCII, without < and >
_MEDIA_TYPE = re.compile(rf"{NAME}/{NAME}(?:\s*;\s*{NAME}=(?:[\w.:/+-]+|\"[^\"\r\n]*\"))*", re.ASCII)
_WHITE_SPACE = b" \t\r\n"


@dataclass(frozen=True, slots=True)
class Part:
    """One document beside the envelope. ``content_id`` has no angle brackets and is not percent-encoded."""

    content_id: str
    content_type: str
    data: bytes

    def __post_init__(self) -> None:
        if not _CONTENT_ID.fullmatch(self.content_id):
            raise InvalidValue(
                "MIME_CONTENT_ID",
                "L’identifiant d’une pièce jointe n’est pas valide.",
                conseil="Il ne contient ni espace, ni accent, ni chevrons, et 250 caractères au plus.",
            )
        if not _MEDIA_TYPE.fullmatch(self.content_type):
            raise InvalidValue(
                "MIME_CONTENT_TYPE",
                "Le type d’une pièce jointe n’est pas valide.",
                conseil="Il s’écrit par exemple text/xml ou application/pdf.",
                detail=self.content_type[:80],
            )


@dataclass(frozen=True, slots=True)
class MtomLimits:
    """Bounds of a message: bytes in all, parts beside the envelope, bytes of one part's header fields."""

    max_bytes: int = 64 * 1024 * 1024
    max_parts: int = 200
    max_header_bytes: int = 8 * 1024


DEFAULT_LIMITS = MtomLimits()


def pack(envelope: etree._Element, parts: Sequence[Part], *, action: str) -> tuple[bytes, str]:
    """Write ``envelope`` and ``parts`` as one message: the HTTP body and its Content-Type.

    Raises ``InvalidValue`` for two parts of the same identifier or an action that cannot stand in a header.
    """
    if len({part.content_id for part in parts}) != len(parts):
        raise InvalidValue("MIME_DUPLICATE_ID", "Deux pièces jointes portent le même identifiant.")
    if not re.fullmatch(r"[!#-\[\]-~]*", action):
        raise InvalidValue("MIME_ACTION", "L’action du message contient un caractère interdit.", detail=action[:80])
    boundary = _new_boundary(parts)
    root_id = f"enveloppe.{uuid.uuid4()}@opensegur"
    with_action = f'; action="{action}"' if action else ""
    root_type = f'{_XOP_TYPE}; charset=UTF-8; type="application/soap+xml"{with_action}'
    chunks = [_encode(boundary, root_id, root_type, serialize(envelope))]
    chunks += [_encode(boundary, part.content_id, part.content_type, part.data) for part in parts]
    chunks.append(f"--{boundary}--\r\n".encode("ascii"))
    content_type = (
        f'multipart/related; type="{_XOP_TYPE}"; boundary="{boundary}"; start="<{root_id}>"; '
        f'start-info="application/soap+xml"{with_action}'
    )
    return b"".join(chunks), content_type


def unpack(body: bytes, content_type: str, limits: MtomLimits = DEFAULT_LIMITS) -> tuple[bytes, dict[str, Part]]:
    """Read a message: the bytes of its root XML, and its other parts by Content-ID (without angle brackets).

    Raises ``RefusedInput`` with one of the codes MIME_TYPE, MIME_BOUNDARY, MIME_HEADER, MIME_TRUNCATED,
    MIME_TOO_LARGE, MIME_TOO_MANY_PARTS, MIME_ENCODING, MIME_CHARSET, MIME_START, MIME_NO_ID, MIME_DUPLICATE_ID.
    """
    media = parse_media_type(content_type)
    if media.type != "multipart/related" or media.parameters.get("type", _XOP_TYPE).lower() not in _ROOT_TYPES:
        raise refused("MIME_TYPE", "Le message n’est pas un ensemble SOAP avec pièces jointes.", detail=media.type)
    boundary = media.parameters.get("boundary", "")
    if not _BOUNDARY.fullmatch(boundary):
        raise refused("MIME_BOUNDARY", "Le séparateur des pièces du message est absent ou interdit.")
    if len(body) > limits.max_bytes:
        raise refused("MIME_TOO_LARGE", "Le message est trop volumineux.", detail=f"{len(body)} bytes")
    parts: dict[str, Part] = {}
    for index, (start, end) in enumerate(_sections(body, boundary.encode("ascii"))):
        if index > limits.max_parts:
            raise refused(
                "MIME_TOO_MANY_PARTS", "Le message contient trop de pièces.", detail=f"> {limits.max_parts}"
            )
        part = _decode(body, start, end, index, limits)
        if part.content_id in parts:
            raise refused("MIME_DUPLICATE_ID", "Deux pièces du message portent le même identifiant.")
        parts[part.content_id] = part
    root = _take_root(parts, media.parameters.get("start"))
    return root.data, parts


def include(content_id: str) -> etree._Element:
    """The ``xop:Include`` that stands for the part ``content_id`` inside the envelope."""
    element = etree.Element(INCLUDE, nsmap={"xop": NS_XOP})
    element.set("href", "cid:" + quote(content_id, safe="@!$&'()*+,;=:"))
    return element


def content_of(element: etree._Element, parts: Mapping[str, Part]) -> bytes:
    """The binary content of ``element``: the part that its ``xop:Include`` names, or its inline base64.

    Raises ``RefusedInput`` MIME_REFERENCE (no such part, or not a ``cid:``), MIME_INCLUDE (mixed content) or
    MIME_BASE64.
    """
    children = list(element)
    if not children:
        return _from_base64((element.text or "").encode("ascii", "replace"), "MIME_BASE64")
    text = (element.text or "") + "".join(child.tail or "" for child in children)
    if len(children) != 1 or children[0].tag != INCLUDE or text.strip():
        raise refused("MIME_INCLUDE", "Le contenu d’un document joint est mêlé à autre chose.")
    scheme, _, address = (children[0].get("href") or "").partition(":")
    part = (parts.get(unquote(address)) or parts.get(address)) if scheme.lower() == "cid" else None
    if part is None:
        raise refused("MIME_REFERENCE", "Un document annoncé par le message n’y est pas joint.")
    return part.data


def _new_boundary(parts: Sequence[Part]) -> str:
    while True:
        boundary = f"opensegur-{uuid.uuid4().hex}"
        if not any(boundary.encode("ascii") in part.data for part in parts):
            return boundary


def _encode(boundary: str, content_id: str, content_type: str, data: bytes) -> bytes:
    fields = (
        f"--{boundary}\r\nContent-Type: {content_type}\r\nContent-Transfer-Encoding: binary\r\n"
        f"Content-ID: <{content_id}>\r\n\r\n"
    )
    return fields.encode("ascii") + data + b"\r\n"


def _sections(body: bytes, boundary: bytes) -> Iterator[tuple[int, int]]:
    """The span of each section between delimiter lines, up to the closing one."""
    delimiter = b"--" + boundary
    opening = 0 if body.startswith(delimiter) else body.find(b"\n" + delimiter) + 1
    line_end = body.find(b"\n", opening) if body.startswith(delimiter, opening) else -1
    if line_end < 0 or body[opening + len(delimiter) : line_end].strip(_WHITE_SPACE):
        raise refused("MIME_TRUNCATED", "Le message ne contient aucune pièce.")
    # the first delimiter line tells which line end this writer uses; data may hold the other one
    newline = b"\r\n" if body[line_end - 1 : line_end] == b"\r" else b"\n"
    start = line_end + 1
    searched = start - len(newline)
    while (found := body.find(newline + delimiter, searched)) >= 0:
        after = found + len(newline) + len(delimiter)
        closing = body.startswith(b"--", after)
        line_end = body.find(b"\n", after)
        if closing or (line_end >= 0 and not body[after:line_end].strip(_WHITE_SPACE)):
            yield start, max(found, start)
            if closing:
                return
            start = line_end + 1
            searched = start - len(newline)
        else:  # the data happen to hold the delimiter's bytes, followed by others
            searched = after
    raise refused("MIME_TRUNCATED", "Le message s’arrête avant la fin.")


def _decode(body: bytes, start: int, end: int, index: int, limits: MtomLimits) -> Part:
    head_end, data_start = _split_head(body, start, end, limits.max_header_bytes)
    fields = parse_fields(body[start:head_end])
    encoding = fields.get("content-transfer-encoding", "binary").lower()
    decode = _TRANSFER_ENCODINGS.get(encoding)
    if decode is None:
        raise refused("MIME_ENCODING", "Une pièce du message a un codage inconnu.", detail=encoding[:40])
    media = parse_media_type(fields.get("content-type", "application/octet-stream"))
    content_id = fields.get("content-id", "").removeprefix("<").removesuffix(">")
    if not content_id and index == 0:
        content_id = "root"
    if not _CONTENT_ID.fullmatch(content_id):
        raise refused("MIME_NO_ID", "Une pièce du message n’a pas d’identifiant valable.")
    if media.type in _ROOT_TYPES and media.parameters.get("charset", "utf-8").lower() not in _UTF8 and index == 0:
        raise refused("MIME_CHARSET", "L’enveloppe du message n’est pas en UTF-8.")
    return Part(content_id, media.type, decode(body[data_start:end]))


def _split_head(body: bytes, start: int, end: int, max_bytes: int) -> tuple[int, int]:
    """Where the header fields end and where the data start."""
    if body.startswith((b"\r\n", b"\n"), start):
        return start, start + (2 if body.startswith(b"\r\n", start) else 1)
    stop = min(end, start + max_bytes)
    for blank in (b"\r\n\r\n", b"\n\n"):
        if (found := body.find(blank, start, stop)) >= 0:
            return found, found + len(blank)
    raise refused("MIME_HEADER", "Les en-têtes d’une pièce du message sont illisibles ou trop longs.")


def _take_root(parts: dict[str, Part], start: str | None) -> Part:
    """Remove the root from ``parts``: the one that ``start`` names, else the first (RFC 2387 §3.2)."""
    root_id = next(iter(parts), "") if start is None else start.strip().removeprefix("<").removesuffix(">")
    root = parts.pop(root_id, None)
    if root is None or root.content_type not in _ROOT_TYPES:
        raise refused("MIME_START", "L’enveloppe SOAP manque dans le message.")
    return root


def _from_base64(data: bytes, code: str) -> bytes:
    try:
        return base64.b64decode(data.translate(None, _WHITE_SPACE), validate=True)
    except binascii.Error as error:
        raise refused(code, "Le contenu d’un document joint n’est pas du base64.") from error


def _unchanged(data: bytes) -> bytes:
    return data


_TRANSFER_ENCODINGS: Mapping[str, Callable[[bytes], bytes]] = {
    "binary": _unchanged,
    "8bit": _unchanged,
    "7bit": _unchanged,
    "base64": lambda data: _from_base64(data, "MIME_ENCODING"),
    "quoted-printable": quopri.decodestring,
}
