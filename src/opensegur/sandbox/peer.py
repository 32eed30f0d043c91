"""Let the application see the TLS client's certificate, and note the handshakes that TLS itself refused.

Uvicorn shows neither; the key ``client_cert`` is DER, shaped like the ASGI TLS extension's intent.
"""

from __future__ import annotations

import ssl
from asyncio import Transport
from collections.abc import Callable
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

OnRefusal = Callable[[int, str], None]


class PeerCertificateProtocol(H11Protocol):
    """H11 over TLS, with ``scope["extensions"]["tls"]["client_cert"]`` (DER bytes, or None)."""

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        tls = transport.get_extra_info("ssl_object")
        if tls is not None:
            self.app = _with_certificate(self.app, tls.getpeercert(binary_form=True), tls.version() or "")


def _with_certificate(application: Any, certificate: bytes | None, version: str) -> ASGIApp:
    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        extensions = {**scope.get("extensions", {}), "tls": {"client_cert": certificate, "tls_version": version}}
        await application({**scope, "extensions": extensions}, receive, send)

    return wrapped


def watch_refusals(context: ssl.SSLContext, on_refusal: OnRefusal) -> None:
    """Call ``on_refusal(verify_code, message)`` when a client's certificate fails the handshake."""

    class Watched(ssl.SSLObject):
        def do_handshake(self) -> None:
            try:
                super().do_handshake()
            except ssl.SSLCertVerificationError as error:
                on_refusal(error.verify_code, error.verify_message)
                raise

    context.sslobject_class = Watched
