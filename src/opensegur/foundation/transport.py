"""HTTP over urllib3, behind the ``Transport`` port: one request, one answer, no redirect, no hidden retry."""

from __future__ import annotations

import ssl
import time
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from urllib3.exceptions import (
    HTTPError,
    LocationValueError,
    NewConnectionError,
    ProtocolError,
    ProxyError,
    SSLError,
)
from urllib3.exceptions import TimeoutError as Urllib3TimeoutError

from opensegur import __version__
from opensegur.foundation.errors import TransportError
from opensegur.foundation.points import is_loopback
from opensegur.foundation.ports import HttpRequest, HttpResponse

_CHUNK = 64 * 1024
_DEFAULT_MAX_BYTES = 64 * 1024 * 1024


class HttpTransport:
    """Sends requests with the TLS context ``tls`` (the system's anchors when ``None``).

    ``timeout`` bounds, in seconds, the connection, each wait and the whole answer; ``max_bytes`` bounds its size,
    once decompressed. The system's proxy is used, except for this very machine. Usable from several threads;
    close it, or use it as a context manager.
    """

    def __init__(
        self, tls: ssl.SSLContext | None = None, *, timeout: float = 30.0, max_bytes: int = _DEFAULT_MAX_BYTES
    ) -> None:
        self._tls = tls or ssl.create_default_context()
        self._timeout = timeout
        self._max_bytes = max_bytes
        self._direct = urllib3.PoolManager(ssl_context=self._tls)
        self._through_proxy: dict[str, urllib3.ProxyManager] = {}

    def send(self, request: HttpRequest) -> HttpResponse:
        """Send ``request``. Raises ``TransportError`` with one of the codes of ``_FAILURES``, or TRANSPORT_TAILLE."""
        deadline = time.monotonic() + self._timeout
        try:
            answer = self._pool_for(request.url).request(
                request.method,
                request.url,
                body=request.body or None,
                headers={"User-Agent": f"OpenSegur/{__version__}", **request.headers},
                timeout=urllib3.Timeout(connect=self._timeout, read=self._timeout),
                retries=False,
                redirect=False,
                preload_content=False,
            )
            try:
                body = self._read(answer, deadline)
            except BaseException:
                answer.close()  # a connection left half-read cannot be used again
                raise
            answer.release_conn()
        except (HTTPError, OSError, ValueError) as error:
            raise _failure(error) from error
        return HttpResponse(answer.status, {name.lower(): value for name, value in answer.headers.items()}, body)

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._direct.clear()
        for manager in self._through_proxy.values():
            manager.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _pool_for(self, url: str) -> urllib3.PoolManager:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https"):
            raise ValueError("neither http nor https")
        proxy = getproxies().get(parts.scheme, "")
        if not proxy or is_loopback(url) or proxy_bypass(parts.netloc):
            return self._direct
        address = proxy if "://" in proxy else f"http://{proxy}"
        if address not in self._through_proxy:
            self._through_proxy[address] = urllib3.ProxyManager(address, ssl_context=self._tls)
        return self._through_proxy[address]

    def _read(self, answer: urllib3.BaseHTTPResponse, deadline: float) -> bytes:
        chunks: list[bytes] = []
        size = 0
        while chunk := answer.read(_CHUNK, decode_content=True):
            size += len(chunk)
            if size > self._max_bytes:
                raise TransportError(
                    "TRANSPORT_TAILLE",
                    "La réponse du service est trop volumineuse.",
                    conseil="Restreignez la demande, ou signalez-le à l’éditeur.",
                    detail=f"more than {self._max_bytes} bytes",
                )
            if time.monotonic() > deadline:
                raise Urllib3TimeoutError
            chunks.append(chunk)
        return b"".join(chunks)


# the first family that fits wins: code, message, advice, retryable
_FAILURES: tuple[tuple[tuple[type[Exception], ...], str, str, str, bool], ...] = (
    (
        (SSLError, ssl.SSLError),
        "TRANSPORT_TLS",
        "La connexion sécurisée avec le service n’a pas pu s’établir.",
        "Vérifiez le certificat présenté, sa date de fin et les autorités de confiance configurées.",
        False,
    ),
    (
        (NewConnectionError, ProxyError),
        "TRANSPORT_CONNEXION",
        "Le service est injoignable.",
        "Vérifiez la connexion à Internet et l’adresse du service, puis recommencez.",
        True,
    ),
    (
        (Urllib3TimeoutError, TimeoutError),
        "TRANSPORT_DELAI",
        "Le service n’a pas répondu à temps.",
        "Recommencez dans quelques minutes.",
        True,
    ),
    (
        (LocationValueError, ValueError),
        "TRANSPORT_ADRESSE",
        "L’adresse du service n’est pas valable.",
        "Corrigez-la dans la configuration.",
        False,
    ),
    (
        (ProtocolError, HTTPError, OSError),
        "TRANSPORT_COUPURE",
        "La connexion avec le service a été coupée.",
        "Recommencez dans quelques minutes.",
        True,
    ),
)


def _failure(error: Exception) -> TransportError:
    _, code, message, conseil, retryable = next(row for row in _FAILURES if isinstance(error, row[0]))
    return TransportError(code, message, conseil=conseil, detail=type(error).__name__, retryable=retryable)
