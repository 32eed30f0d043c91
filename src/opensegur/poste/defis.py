"""Challenges that the agent gives and that only the paired server can seal.

The secret stays on the server and here: a page only carries the seal of one challenge, good for ten minutes. A
pairing that the server revoked gets no more seals, whatever the clocks of the two machines say.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from collections import OrderedDict

DUREE = 600.0
_COMBIEN = 64
_ENTETE = b"opensegur-poste\0"


def seal_of(secret: bytes, origine: str, defi: str) -> str:
    return hmac.new(secret, _ENTETE + f"{origine}\0{defi}".encode(), hashlib.sha256).hexdigest()


def bound(origine: str, defi: bytes) -> bytes:
    """What the card signs: a challenge of this server alone, so that none can have another's answered."""
    return hashlib.sha256(_ENTETE + origine.encode() + b"\0" + defi).digest()


class Defis:
    """Those given and still alive, the oldest forgotten first. ``now`` is monotonic, in seconds."""

    def __init__(self) -> None:
        self._fins: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def give(self, now: float) -> str:
        defi = secrets.token_urlsafe(24)
        with self._lock:
            self._fins[defi] = now + DUREE
            while len(self._fins) > _COMBIEN:
                self._fins.popitem(last=False)
        return defi

    def admits(self, secret: bytes, origine: str, bearer: str, now: float) -> bool:
        """Whether ``bearer`` is « challenge.seal »: one of ours, alive, sealed by the paired server."""
        defi, _, seal = bearer.partition(".")
        expected = seal_of(secret, origine, defi)
        sealed = hmac.compare_digest(expected.encode(), seal.encode())
        with self._lock:
            alive = self._fins.get(defi, 0.0) > now
        return sealed and alive

    def forget(self) -> None:
        with self._lock:
            self._fins.clear()
