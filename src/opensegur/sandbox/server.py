"""The sandbox as servers: plain http for browsers, https with client certificates for INSi and the DMP."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from opensegur.foundation.errors import ConfigurationError
from opensegur.foundation.tls import server_context
from opensegur.sandbox.app import build_app, open_sandbox
from opensegur.sandbox.context import SandboxContext
from opensegur.sandbox.peer import PeerCertificateProtocol, watch_refusals
from opensegur.sandbox.refus_tls import keep_tls_refusal
from opensegur.sandbox.settings import SandboxSettings

_HOST = "127.0.0.1"
_START_LIMIT = 30.0
_STOP_LIMIT = 10.0
_LAST_TURN = 0.02


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the sandbox listens, without a final slash."""

    http: str
    https: str

    @property
    def console(self) -> str:
        return f"{self.http}/"

    @property
    def insi(self) -> str:
        return f"{self.https}/lps"

    @property
    def apcv(self) -> str:
        return f"{self.https}/apcv"

    @property
    def dmp(self) -> str:
        return f"{self.https}/si-dmp-server/v2/services"

    @property
    def psc_decouverte(self) -> str:
        return f"{self.http}/auth/realms/esante-wallet/.well-known/wallet-openid-configuration"


class SandboxServer:
    """Both listeners in one thread of this process, on loopback; port 0 takes a free one.

    ``with SandboxServer(folder) as addresses: …`` or ``start()`` and ``stop()``. The data folder keeps the state.
    """

    def __init__(
        self, data_dir: Path, http_port: int = 0, https_port: int = 0, settings: SandboxSettings | None = None
    ) -> None:
        self._settings = replace(settings, data_dir=data_dir) if settings else SandboxSettings(data_dir)
        self._ports = (http_port, https_port)
        self._thread: threading.Thread | None = None
        self._servers: tuple[uvicorn.Server, ...] = ()
        self._failure: BaseException | None = None
        self._context: SandboxContext | None = None

    @property
    def context(self) -> SandboxContext:
        """What the running sandbox stands on: its exchanges, its clock, its faults."""
        assert self._context is not None, "the sandbox is not started"
        return self._context

    def start(self) -> Addresses:
        """Listen, and come back when both listeners answer.

        Raises ``ConfigurationError`` SANDBOX_PORT when a port is taken.
        """
        assert self._thread is None, "the sandbox is already started"
        plain, tls = (_listen(port) for port in self._ports)
        addresses = Addresses(
            f"http://localhost:{plain.getsockname()[1]}", f"https://localhost:{tls.getsockname()[1]}"
        )
        try:
            settings = replace(self._settings, http_url=addresses.http, https_url=addresses.https)
            self._context = open_sandbox(settings)
            application = build_app(self._context)
            self._servers = (_plain_server(application), _tls_server(application, self._context))
        except BaseException:
            plain.close()
            tls.close()
            raise
        self._thread = threading.Thread(target=self._run, args=((plain, tls),), name="bac-a-sable", daemon=True)
        self._thread.start()
        self._wait_until_started()
        return addresses

    def stop(self) -> None:
        """Answer what is under way, then close."""
        for server in self._servers:
            server.should_exit = True
        if self._thread:
            self._thread.join(_STOP_LIMIT)
        self._thread, self._servers = None, ()

    def wait(self) -> None:
        """Until the servers end, interruptible by the keyboard."""
        while self._thread and self._thread.is_alive():
            self._thread.join(0.5)

    def __enter__(self) -> Addresses:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _run(self, sockets: tuple[socket.socket, socket.socket]) -> None:
        try:
            asyncio.run(self._serve(sockets))
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits for the start
            self._failure = error

    async def _serve(self, sockets: tuple[socket.socket, socket.socket]) -> None:
        await asyncio.gather(
            *(server.serve(sockets=[listener]) for server, listener in zip(self._servers, sockets, strict=True))
        )

    def _wait_until_started(self) -> None:
        limit = time.monotonic() + _START_LIMIT
        while not all(server.started for server in self._servers):
            if self._failure or time.monotonic() > limit:
                self.stop()
                raise ConfigurationError(
                    "SANDBOX_START", "Le bac à sable n’a pas pu démarrer.", detail=type(self._failure).__name__
                ) from self._failure
            time.sleep(0.01)


class _Server(uvicorn.Server):
    """Leaves the signals to whoever started the sandbox: it runs in a thread, beside other things."""

    @contextlib.contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]  # noqa: ANN202
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # a TLS connection kept alive would wait for its peer's goodbye: only answers under way are waited for
        self._drop(lambda cycle: cycle is None or cycle.response_complete)
        await super().shutdown(sockets)
        self._drop(lambda _cycle: True)
        await asyncio.sleep(_LAST_TURN)

    def _drop(self, wanted: Callable[[RequestResponseCycle | None], bool]) -> None:
        for connection in list(self.server_state.connections):
            if isinstance(connection, H11Protocol) and wanted(connection.cycle):
                connection.transport.abort()


def _plain_server(application: Starlette) -> uvicorn.Server:
    return _Server(_config(application))


def _tls_server(application: Starlette, context: SandboxContext) -> uvicorn.Server:
    config = _config(application, protocol=PeerCertificateProtocol)
    config.load()
    config.ssl = _tls_context(context)
    return _Server(config)


def _tls_context(context: SandboxContext) -> ssl.SSLContext:
    pki = context.pki
    tls = server_context(certificate=pki.serveur.certificat, key=pki.serveur.cle, password=None, anchors=pki.ancres)
    watch_refusals(tls, lambda code, _message: keep_tls_refusal(context, code))
    return tls


def _config(application: Starlette, protocol: type[asyncio.Protocol] | str = "h11") -> uvicorn.Config:
    return uvicorn.Config(
        application,
        http=protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        log_level=logging.CRITICAL,
        server_header=False,
        timeout_graceful_shutdown=3,
        proxy_headers=False,
    )


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((_HOST, port))
    except OSError as error:
        listener.close()
        raise ConfigurationError(
            "SANDBOX_PORT",
            f"Le port {port} est déjà pris par un autre programme.",
            conseil="Choisissez-en un autre avec --http ou --https, ou fermez l’autre bac à sable.",
            detail=str(error.strerror or error),
        ) from error
    return listener
