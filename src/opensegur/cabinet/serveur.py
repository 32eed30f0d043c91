"""The application served in this process, with its worker: what a practice runs, and what the demo runs."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from opensegur.cabinet.reseau.certificats import Certificat
from opensegur.cabinet.reseau.ecoute import Ecoute, listen
from opensegur.cabinet.reseau.redirection import Redirection
from opensegur.foundation.errors import OpenSegurError
from opensegur.foundation.ports import Clock, SystemClock

_DEPART = 30.0
_TOUR = 3600.0
_log = logging.getLogger(__name__)


class CabinetServer:
    """Call ``installation.prepare`` first. ``port`` 0 takes a free one.

    With ``certificat`` it speaks https alone; ``port_clair``: where what is asked in clear is sent to it.
    Raises ``OpenSegurError`` when it cannot listen (PORT_OCCUPE, PORT_RESERVE, HOTE_INCONNU).
    """

    def __init__(
        self,
        *,
        hote: str = "127.0.0.1",
        port: int = 8000,
        certificat: Certificat | None = None,
        port_clair: int | None = None,
        horloge: Clock | None = None,
    ) -> None:
        self._certificat = certificat
        self._horloge = horloge or SystemClock()
        self._socket = listen(hote, port)
        self.port = int(self._socket.getsockname()[1])
        self._clair = listen(hote, port_clair, option="--http") if port_clair is not None else None
        self.port_clair = int(self._clair.getsockname()[1]) if self._clair else None
        self.adresse = f"http://{hote}:{self.port}" if certificat is None else _https(certificat.hotes[0], self.port)
        self._ecoutes: list[Ecoute] = []
        self._fin = threading.Event()

    def start(self) -> None:
        """Return when the first request can be answered."""
        from opensegur.cabinet.envois.ouvrier import Ouvrier
        from opensegur.cabinet.site.asgi import application

        tls = self._certificat.contexte if self._certificat else None
        self._ecoutes = [Ecoute(application, self._socket, "cabinet", tls)]
        if self._clair and self._certificat:
            certificat = self._certificat
            forward = Redirection(lambda: certificat.hotes, self.port)
            self._ecoutes.append(Ecoute(forward, self._clair, "redirection"))
        for ecoute in self._ecoutes:
            if not ecoute.start(_DEPART):
                raise OpenSegurError("CABINET_DEPART", "Le cabinet n’a pas démarré.", conseil="Relancez la commande.")
        self._ouvrier = Ouvrier()
        self._ouvrier.start()
        self._background(_read_medicines, "medicaments")
        if self._certificat:
            self._background(self._watch_certificate, "certificat")

    def stop(self) -> None:
        """End the requests and the attempt under way, then stop."""
        if not self._ecoutes:
            return
        self._fin.set()
        self._ouvrier.stop()
        for ecoute in self._ecoutes:
            ecoute.stop(_DEPART)
        self._ecoutes = []

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def look_at_certificate(self) -> None:
        """Renew it, or take the one that replaces it; a failure is told and what served goes on serving."""
        from django.conf import settings

        from opensegur.cabinet.site.reglages import as_host

        assert self._certificat is not None
        try:
            changed = self._certificat.refresh(self._horloge.now())
        except OpenSegurError as error:
            _log.warning("%s %s", error.code, error.message)
            return
        known = settings.ALLOWED_HOSTS
        known += [host for host in map(as_host, self._certificat.hotes) if host not in known]
        if changed:
            _log.info("certificat du serveur renouvelé")

    def _watch_certificate(self) -> None:
        while not self._fin.wait(_TOUR):
            self.look_at_certificate()

    @staticmethod
    def _background(work: Callable[[], Any], name: str) -> None:
        threading.Thread(target=work, name=name, daemon=True).start()


def _https(hote: str, port: int) -> str:
    from opensegur.cabinet.site.reglages import as_host

    return f"https://{as_host(hote)}" + ("" if port == 443 else f":{port}")  # noqa: PLR2004 - that of https


def _read_medicines() -> None:
    """Before the first person searches: reading the base takes a second or two."""
    from opensegur.medicament import installed_base

    # a base that cannot be read is told where somebody searches, with what to do
    with suppress(OpenSegurError):
        installed_base()
