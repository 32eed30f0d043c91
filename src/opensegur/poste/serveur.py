"""The agent on loopback: the smallest HTTP that a browser needs, from the standard library."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from opensegur.foundation.errors import ConfigurationError
from opensegur.poste import voisins
from opensegur.poste.origines import PORTS
from opensegur.poste.requetes import CORPS_MAX, Reponse, Requete, in_json
from opensegur.poste.service import Agent

_ATTENTE = 20.0
_PARTOUT = {"cache-control": "no-store", "x-content-type-options": "nosniff", "referrer-policy": "same-origin"}
_REFUS = {"code": "POSTE_CORPS", "message": "La demande est illisible.", "conseil": ""}

_VOISIN = {
    "code": "POSTE_VOISIN",
    "message": "Cet agent est celui d’une autre session de cette machine.",
    "conseil": "",
}


class ServeurPoste:
    """``construire`` makes the agent once the port is known. Raises ``ConfigurationError`` POSTE_PORT."""

    def __init__(self, construire: Callable[[int], Agent], ports: Sequence[int] = PORTS) -> None:
        ipv4, self.port = _first_free(ports)
        self.agent = construire(self.port)
        handler = _handler(self.agent)
        listeners = [ipv4, *_also_ipv6(self.port)]
        self._serveurs = [_on(listener, handler) for listener in listeners]
        self._fils = [
            threading.Thread(target=each.serve_forever, name="agent", daemon=True) for each in self._serveurs
        ]

    @property
    def adresse(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        for thread in self._fils:
            thread.start()
        self.agent.veille.start()

    def stop(self) -> None:
        self.agent.veille.stop()
        for server in self._serveurs:
            server.shutdown()
            server.server_close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class _Serveur(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that hangs up is no news; a trace would print what was asked."""


def _handler(agent: Agent) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = _ATTENTE
        # headers and body leave together: apart, the second waits for the first to be acknowledged
        wbufsize = -1
        disable_nagle_algorithm = True

        def setup(self) -> None:
            super().setup()
            self._voisin = voisins.is_neighbour(self.client_address, self.connection.getsockname())

        def _serve(self) -> None:
            requete = self._read()
            if requete is None or self._voisin:
                self.close_connection = True
                self._write(in_json(_REFUS, 400) if requete is None else in_json(_VOISIN, 403))
                return
            self._write(agent.handle(requete))

        def _read(self) -> Requete | None:
            names = [name.lower() for name in self.headers]
            length = self.headers.get("content-length", "0")
            plain = length.isascii() and length.isdigit() and int(length) <= CORPS_MAX
            if len(set(names)) != len(names) or "transfer-encoding" in names or not plain:
                return None
            headers = {name.lower(): value for name, value in self.headers.items()}
            return Requete(self.command, self.path, headers, self.rfile.read(int(length)))

        def _write(self, response: Reponse) -> None:
            self.send_response_only(response.statut)
            for name, value in {**_PARTOUT, **response.entetes}.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(response.corps)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(response.corps)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's own name
            """The agent says what may be said."""

        do_GET = do_POST = do_OPTIONS = _serve  # noqa: N815 - the library's own names

    return Handler


def _on(listener: socket.socket, handler: type[BaseHTTPRequestHandler]) -> _Serveur:
    server = _Serveur(listener.getsockname()[:2], handler, bind_and_activate=False)
    server.socket.close()
    server.socket = listener
    server.server_activate()
    return server


def _first_free(ports: Sequence[int]) -> tuple[socket.socket, int]:
    for port in ports:
        try:
            listener = _bind(socket.AF_INET, "127.0.0.1", port)
        except OSError:
            continue
        return listener, int(listener.getsockname()[1])
    raise ConfigurationError(
        "POSTE_PORT",
        f"Les ports {ports[0]} à {ports[-1]} sont tous pris : l’agent tourne peut-être déjà.",
        conseil="Arrêtez l’autre agent, ou fermez votre session et rouvrez-la.",
    )


def _also_ipv6(port: int) -> list[socket.socket]:
    """« localhost » is ::1 for some browsers; a machine without IPv6 does without."""
    try:
        return [_bind(socket.AF_INET6, "::1", port)]
    except OSError:
        return []


def _bind(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener
