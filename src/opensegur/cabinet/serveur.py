"""The application served in this process, with its worker: what a practice runs, and what the demo runs."""

from __future__ import annotations

import logging
import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

import uvicorn

from opensegur.foundation.errors import OpenSegurError

_DEPART = 30.0


class _Serveur(uvicorn.Server):
    """Says when it listens, so that nobody has to ask it again and again."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.pret = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self.pret.set()


class CabinetServer:
    """Call ``installation.prepare`` first. ``port`` 0 takes a free one."""

    def __init__(self, *, hote: str = "127.0.0.1", port: int = 8000) -> None:
        self._socket = _listen(hote, port)
        self.adresse = f"http://{hote}:{self._socket.getsockname()[1]}"
        self._fil: threading.Thread | None = None

    def start(self) -> None:
        """Return when the first request can be answered."""
        from opensegur.cabinet.envois.ouvrier import Ouvrier
        from opensegur.cabinet.site.asgi import application

        config = uvicorn.Config(
            application,
            # Django tells of its own failures; uvicorn's words are for whoever runs it by hand
            log_config=None,
            log_level=logging.CRITICAL,
            access_log=False,
            lifespan="off",
            server_header=False,
        )
        self._serveur = _Serveur(config)
        self._fil = threading.Thread(target=self._serveur.run, args=([self._socket],), name="cabinet", daemon=True)
        self._fil.start()
        if not self._serveur.pret.wait(_DEPART):
            raise OpenSegurError("CABINET_DEPART", "Le cabinet n’a pas démarré.", conseil="Relancez la commande.")
        self._ouvrier = Ouvrier()
        self._ouvrier.start()
        threading.Thread(target=_read_medicines, name="medicaments", daemon=True).start()

    def stop(self) -> None:
        """End the requests and the attempt under way, then stop."""
        if self._fil is None:
            return
        self._ouvrier.stop()
        self._serveur.should_exit = True
        self._fil.join(_DEPART)
        self._fil = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _read_medicines() -> None:
    """Before the first person searches: reading the base takes a second or two."""
    from opensegur.medicament import installed_base

    # a base that cannot be read is told where somebody searches, with what to do
    with suppress(OpenSegurError):
        installed_base()


def _listen(hote: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((hote, port))
    except OSError as error:
        listener.close()
        raise OpenSegurError(
            "PORT_OCCUPE",
            f"Le port {port} est déjà utilisé sur cet ordinateur.",
            conseil="Arrêtez l’autre programme, ou choisissez un autre port avec --port.",
        ) from error
    return listener
