"""Listening: a port taken once, an application that answers on it in a thread of its own."""

from __future__ import annotations

import errno
import logging
import os
import socket
import ssl
import threading
from typing import Any

import uvicorn

from opensegur.foundation.errors import OpenSegurError

_ADIEU = 5


class _Serveur(uvicorn.Server):
    """Says when it listens, so that nobody has to ask it again and again."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.pret = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self.pret.set()


class Ecoute:
    """``application`` (ASGI) on ``listener``, over TLS when ``tls`` is given."""

    def __init__(
        self, application: Any, listener: socket.socket, name: str, tls: ssl.SSLContext | None = None
    ) -> None:
        config = uvicorn.Config(
            application,
            # Django tells of its own failures; uvicorn's words are for whoever runs it by hand
            log_config=None,
            log_level=logging.CRITICAL,
            access_log=False,
            lifespan="off",
            server_header=False,
            timeout_graceful_shutdown=_ADIEU,
        )
        config.load()
        config.ssl = tls
        self._serveur = _Serveur(config)
        self._fil = threading.Thread(target=self._serveur.run, args=([listener],), name=name, daemon=True)

    def start(self, limit: float) -> bool:
        """Whether it answers."""
        self._fil.start()
        return self._serveur.pret.wait(limit)

    def stop(self, limit: float) -> None:
        self._serveur.should_exit = True
        self._fil.join(limit)


def listen(hote: str, port: int, *, option: str = "--port") -> socket.socket:
    """Take ``port`` for us alone. Raises ``OpenSegurError`` (PORT_OCCUPE, PORT_RESERVE, HOTE_INCONNU)."""
    family = socket.AF_INET6 if ":" in hote else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((hote, port))
    except OSError as error:
        listener.close()
        raise _refusal(error, hote, port, option) from error
    return listener


def _refusal(error: OSError, hote: str, port: int, option: str) -> OpenSegurError:
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return OpenSegurError(
            "HOTE_INCONNU",
            f"« {hote} » n’est pas une adresse de cet ordinateur.",
            conseil="Donnez-en une des siennes, ou 0.0.0.0 pour toutes.",
        )
    # Windows says the same of a port that another program keeps for itself
    if error.errno == errno.EACCES and os.name == "posix":
        return OpenSegurError(
            "PORT_RESERVE",
            f"Le système réserve le port {port} à l’administrateur.",
            conseil=f"Installez le service (« opensegur serve service »), ou choisissez {option} au-dessus de 1024.",
        )
    return OpenSegurError(
        "PORT_OCCUPE",
        f"Le port {port} est déjà utilisé sur cet ordinateur.",
        conseil=f"Arrêtez l’autre programme, ou choisissez un autre port avec {option}.",
    )
