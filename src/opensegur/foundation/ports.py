"""The ports through which services reach the world: transport, signer, clock.

A service takes them as arguments, so that it is tested without a network and so that a certificate is
exchanged for a card without touching it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, Protocol

from cryptography import x509

HashName = Literal["sha1", "sha256"]


@dataclass(frozen=True, slots=True)
class HttpRequest:
    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """``headers`` has lower-case names."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")


class Transport(Protocol):
    """Sends one request and gives back the answer, whatever its status.

    Raises ``TransportError`` when there is no answer at all.
    """

    def send(self, request: HttpRequest) -> HttpResponse: ...


class Signer(Protocol):
    """A private key that may live on a card, with its certificate."""

    @property
    def certificate(self) -> x509.Certificate: ...

    def sign(self, data: bytes, hash_name: HashName = "sha256") -> bytes:
        """RSASSA-PKCS1-v1_5 over ``data``, hashed with ``hash_name``."""
        ...


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(slots=True)
class FixedClock:
    """A clock that stands where it was put, for tests and scenarios."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment
