"""Who is let in: the right Host, the right Origin, the seal of the paired server, and not too often.

Sources: Fetch (CORS), Private Network Access (WICG); DNS rebinding is stopped by Host, cross-site pages by Origin.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from opensegur.foundation.errors import RefusedInput
from opensegur.poste.debit import Debit
from opensegur.poste.defis import Defis
from opensegur.poste.jumelage import Jumelage
from opensegur.poste.origines import own_hosts, own_origins
from opensegur.poste.requetes import Requete

_METHODES = frozenset({"GET", "POST"})
_ENTETES = frozenset({"authorization", "content-type"})
_PRIVE = "access-control-request-private-network"


class Garde:
    def __init__(self, defis: Defis, now: Callable[[], float] = time.monotonic) -> None:
        self._defis = defis
        self._now = now
        self._passages = Debit(120, 60.0)
        self._echecs = Debit(10, 60.0)

    def check_host(self, requete: Requete, port: int) -> None:
        """Raises ``RefusedInput`` POSTE_HOTE."""
        if requete.entetes.get("host", "") not in own_hosts(port):
            raise _refused("POSTE_HOTE", "Ce nom n’est pas celui de l’agent du poste.")

    def check_own_page(self, requete: Requete, port: int) -> None:
        """A form of the agent's own page, and of no other. Raises ``RefusedInput`` POSTE_ORIGINE."""
        if requete.origine not in own_origins(port):
            raise _refused("POSTE_ORIGINE", "Ce geste se fait sur la page de l’agent.")

    def check_origin(self, requete: Requete, jumelage: Jumelage | None) -> Jumelage:
        """Raises ``RefusedInput`` POSTE_ORIGINE."""
        if jumelage is None or requete.origine != jumelage.origine:
            raise _refused("POSTE_ORIGINE", "Cette page n’est pas celle du serveur jumelé.")
        return jumelage

    def check_seal(self, requete: Requete, jumelage: Jumelage) -> None:
        """Raises ``RefusedInput`` POSTE_SCEAU, POSTE_DEBIT."""
        now = self._now()
        if self._echecs.is_full(now):
            raise _refused("POSTE_DEBIT", "Trop de demandes refusées : l’agent attend une minute.")
        kind, _, bearer = requete.entetes.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not self._defis.admits(jumelage.secret, jumelage.origine, bearer, now):
            self._echecs.spend(now)
            raise _refused("POSTE_SCEAU", "Le serveur n’a pas scellé cette demande, ou elle est trop ancienne.")

    def count(self) -> None:
        """Raises ``RefusedInput`` POSTE_DEBIT."""
        if not self._passages.spend(self._now()):
            raise _refused("POSTE_DEBIT", "Trop de demandes en une minute.")


def allows_preflight(requete: Requete) -> bool:
    """Whether what the browser asks to send is what we take."""
    method = requete.entetes.get("access-control-request-method", "")
    asked = requete.entetes.get("access-control-request-headers", "")
    headers = {name.strip().lower() for name in asked.split(",")} - {""}
    return method in _METHODES and headers <= _ENTETES


def cors_headers(requete: Requete, *, preflight: bool = False) -> Mapping[str, str]:
    """For an origin that was found to be the right one: it alone reads the answer."""
    headers = {"access-control-allow-origin": requete.origine, "vary": "Origin"}
    if preflight:
        headers["access-control-allow-methods"] = ", ".join(sorted(_METHODES))
        headers["access-control-allow-headers"] = ", ".join(sorted(_ENTETES))
        headers["access-control-max-age"] = "600"
        if requete.entetes.get(_PRIVE) == "true":
            headers["access-control-allow-private-network"] = "true"
    return headers


def _refused(code: str, message: str) -> RefusedInput:
    return RefusedInput(code, message, conseil="Rechargez la page « Ce poste » du cabinet.")
