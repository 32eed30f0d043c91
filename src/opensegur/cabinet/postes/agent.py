"""What this server knows of the agents: where they listen, and how it seals what a page asks them.

The agent's own side is ``opensegur.poste``; both only meet on the wire.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Final

PORTS: Final = range(41730, 41735)
ORIGINES: Final = tuple(f"http://127.0.0.1:{port}" for port in PORTS)
"""The only addresses that our pages may reach besides ours: the workstation's own."""

SECRET_OCTETS: Final = 32
_ENTETE = b"opensegur-poste\0"
_DEFI = re.compile(r"[A-Za-z0-9_-]{16,64}")


def is_challenge(text: str) -> bool:
    return _DEFI.fullmatch(text) is not None


def bound(origine: str, defi: bytes) -> bytes:
    """What the card signs when the page of ``origine`` sends ``defi``: no other server can have it answered."""
    return hashlib.sha256(_ENTETE + origine.encode() + b"\0" + defi).digest()


def seal(secret: bytes, origine: str, defi: str) -> str:
    """HMAC-SHA256: the agent knows by it that a page was served to somebody logged in here, now."""
    return hmac.new(secret, _ENTETE + f"{origine}\0{defi}".encode(), hashlib.sha256).hexdigest()
