"""Identifiers that we make: OIDs and UUIDs that fit the national rules."""

from __future__ import annotations

import re
import uuid

from opensegur.foundation.errors import InvalidValue

_OID = re.compile(r"[0-2](?:\.(?:0|[1-9]\d*))+")
MAX_OID = 64


def check_oid(value: str) -> str:
    """Give ``value`` back when it is an OID of at most 64 characters; raise ``InvalidValue`` otherwise."""
    if len(value) > MAX_OID or not _OID.fullmatch(value):
        raise InvalidValue(
            "OID", "Cet identifiant n'est pas un OID.", conseil="Un OID s'écrit 1.2.250…, 64 caractères au plus."
        )
    return value


def new_oid() -> str:
    """A new OID under 2.25, from a random UUID: unique without a registry (ITU-T X.667)."""
    return f"2.25.{uuid.uuid4().int}"


def new_urn_uuid() -> str:
    return f"urn:uuid:{uuid.uuid4()}"
