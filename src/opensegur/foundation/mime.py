"""Header fields of MIME: media types with their parameters, and the block of fields above a body.

Source: RFC 2045 §5.1, RFC 2046 §5.1.1. Hand-made because the standard library's reader repairs silently what
we want refused, and changes line ends inside binary parts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from opensegur.foundation.errors import RefusedInput

NAME = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_MEDIA_TYPE = re.compile(rf"\s*({NAME}/{NAME})\s*")
_PARAMETER = re.compile(rf';\s*({NAME})\s*=\s*(?:"((?:[^"\\\r\n]|\\[^\r\n])*)"|([^\s;"]+))\s*')
_FIELD_NAME = re.compile(NAME)
_ESCAPED = re.compile(r"\\(.)")
_FOLD = re.compile(r"\r?\n[ \t]+")
_MAX_VALUE = 4096


@dataclass(frozen=True, slots=True)
class MediaType:
    """``type`` and the names of ``parameters`` are lower-case; values are unquoted."""

    type: str
    parameters: Mapping[str, str] = field(default_factory=dict)


def parse_media_type(value: str) -> MediaType:
    """Read a Content-Type value. Raises ``RefusedInput`` MIME_HEADER when it is malformed or repeats a parameter."""
    match = _MEDIA_TYPE.match(value) if len(value) <= _MAX_VALUE else None
    if match is None:
        raise refused("MIME_HEADER", "L’en-tête Content-Type du message est illisible.", detail=value[:80])
    parameters: dict[str, str] = {}
    position = match.end()
    while position < len(value) and value[position:].strip("; \t"):
        parameter = _PARAMETER.match(value, position)
        if parameter is None or parameter.group(1).lower() in parameters:
            raise refused("MIME_HEADER", "Un paramètre de l’en-tête Content-Type est illisible.", detail=value[:200])
        quoted, token = parameter.group(2), parameter.group(3)
        parameters[parameter.group(1).lower()] = token if quoted is None else _ESCAPED.sub(r"\1", quoted)
        position = parameter.end()
    return MediaType(match.group(1).lower(), parameters)


def parse_fields(block: bytes) -> dict[str, str]:
    """Read a block of header fields, without its blank line, into lower-case names and values.

    Raises ``RefusedInput`` MIME_HEADER for a line that is no field, a repeated field or non-ASCII bytes.
    """
    try:
        text = _FOLD.sub(" ", block.decode("ascii"))
    except UnicodeDecodeError as error:
        raise refused("MIME_HEADER", "Un en-tête du message contient des caractères interdits.") from error
    fields: dict[str, str] = {}
    for line in text.splitlines():
        name, colon, value = line.partition(":")
        key = name.lower()
        if not colon or not _FIELD_NAME.fullmatch(name) or key in fields or "\x00" in value:
            raise refused("MIME_HEADER", "Un en-tête du message est illisible ou répété.", detail=name[:80])
        fields[key] = value.strip()
    return fields


def refused(code: str, message: str, *, detail: str = "") -> RefusedInput:
    return RefusedInput(
        code,
        message,
        conseil="Le message reçu est abîmé ou n’a pas la forme prévue : réessayez, puis signalez-le à l’éditeur.",
        detail=detail,
    )
