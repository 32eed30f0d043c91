"""Readers and cards through the Cryptolib CPS."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from cryptography.hazmat.primitives.serialization import Encoding

from opensegur.cps import Module, answer_challenge, open_card, open_module
from opensegur.cps.session import Paire
from opensegur.poste.materiel import CarteVue, LecteurVu, Reponse

_REPOS = 5.0


class MaterielCps:
    """``ouvrir`` gives the PKCS#11 module; asked again while it fails: the Cryptolib may be installed meanwhile.

    One call at a time: PKCS#11 logs a whole process in, and a code given for one page must not serve another.
    """

    def __init__(
        self, ouvrir: Callable[[], Module] = open_module, maintenant: Callable[[], float] = time.monotonic
    ) -> None:
        self._ouvrir = ouvrir
        self._maintenant = maintenant
        self._rafraichi = float("-inf")
        self._module: Module | None = None
        self._lock = threading.Lock()

    def readers(self) -> tuple[LecteurVu, ...]:
        with self._lock:
            module = self._opened()
            if not any(each.carte_presente for each in module.readers()) and self._may_refresh():
                module.refresh()
            return tuple(LecteurVu(each.nom, each.carte_presente) for each in module.readers())

    def read(self, lecteur: str) -> CarteVue:
        with self._lock, open_card(self._opened(), lecteur) as session:
            card = session.read()
            return CarteVue(
                type=card.type.value,
                id_nat=card.porteur.id_nat,
                nom=card.porteur.nom,
                prenom=card.porteur.prenom,
                titre=card.porteur.titre,
                test=card.test,
                essais=session.essais.value,
                certificat=card.authentification.public_bytes(Encoding.DER),
            )

    def answer(self, lecteur: str, defi: bytes, code: str, *, last_try: bool) -> Reponse:
        with self._lock, open_card(self._opened(), lecteur) as session:
            session.login(code, last_try=last_try)
            try:
                signature = answer_challenge(session, defi)
                certificate = session.certificate(Paire.AUTHENTIFICATION)
            finally:
                session.logout()
            return Reponse(signature, certificate.public_bytes(Encoding.DER))

    def _may_refresh(self) -> bool:
        """Loading a library afresh takes a while: not at each look."""
        now = self._maintenant()
        if now - self._rafraichi < _REPOS:
            return False
        self._rafraichi = now
        return True

    def _opened(self) -> Module:
        if self._module is None:
            self._module = self._ouvrir()
        return self._module
