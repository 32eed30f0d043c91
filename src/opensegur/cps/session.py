"""One card at work: read before the code, then after it; the two keys chosen by name and by certificate.

A card that leaves its reader ends the session; the next call opens another one when the same card is back, and the
code is then asked again. The code itself is handed to the card and kept nowhere.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from cryptography import x509

from opensegur.cps import certificats, donnees
from opensegur.cps.carte import Carte
from opensegur.cps.errors import CarteRetiree, CpsError, Essais, code_refused, cps_error
from opensegur.cps.paires import Paire, certificate_of, checked_certificate, key_of, verifies
from opensegur.cps.puce import Lecteur, Module, Puce
from opensegur.foundation.ports import HashName

__all__ = ["Paire", "SessionCarte", "open_card"]

_PIN = re.compile(r"[0-9]{4,8}")


class SessionCarte:
    """The card in ``lecteur``. Usable from several threads; close it, or use it as a context manager.

    Every method raises ``CpsError``; ``CarteRetiree`` when the card is not there.
    """

    def __init__(self, module: Module, lecteur: Lecteur) -> None:
        self._module = module
        self._lock = threading.RLock()
        self._logged_in = False
        self._puce: Puce | None = module.connect(lecteur)
        self._lecteur = self._puce.lecteur

    @property
    def lecteur(self) -> Lecteur:
        """The reader and its card now."""
        with self._using() as puce:
            return puce.lecteur

    @property
    def essais(self) -> Essais:
        return self.lecteur.essais

    @property
    def code_present(self) -> bool:
        """Whether the holder's code was given and the card has not left its reader since, as far as is known."""
        return self._logged_in

    def read(self) -> Carte:
        """The card; its activities are there after the code alone."""
        with self._using() as puce:
            found = puce.certificates()
            if not found:
                raise cps_error("CPS_CARTE_INCONNUE", "no certificate")
            authentification = certificate_of(found, Paire.AUTHENTIFICATION)
            objects = puce.data()
            porteur = certificats.read_porteur(
                authentification, donnees.read_savoir_faire(objects.get(donnees.INFO_PS, b""))
            )
            return Carte(
                type=certificats.read_type(authentification, porteur),
                porteur=porteur,
                serie=self._lecteur.serie,
                label=self._lecteur.label,
                test=certificats.is_test(authentification),
                authentification=authentification,
                signature=certificate_of(found, Paire.SIGNATURE),
                activites=donnees.read_activites(objects) if self._logged_in else None,
            )

    def login(self, pin: str, *, last_try: bool = False) -> None:
        """Present the holder's code, to the card each time.

        ``last_try``: the person was told that it is the last one, and goes on.
        Raises ``CodeRefuse``: CPS_PIN_FORME, CPS_PIN_DERNIER and CPS_PIN_BLOQUE without trying it, CPS_PIN_FAUX.
        """
        with self._using() as puce:
            essais = puce.lecteur.essais
            if not _PIN.fullmatch(pin):
                raise code_refused("CPS_PIN_FORME", essais)
            if essais is Essais.BLOQUE:
                raise code_refused("CPS_PIN_BLOQUE", essais)
            if essais is Essais.DERNIER and not last_try:
                raise code_refused("CPS_PIN_DERNIER", essais)
            if self._logged_in:  # whoever gives a code is judged on it, not on the one given before
                self._logged_in = False
                puce.logout()
            puce.login(pin)
            self._logged_in = True

    def logout(self) -> None:
        """Forget the code: the keys are closed again."""
        with self._using() as puce:
            if self._logged_in:
                self._logged_in = False
                puce.logout()

    def certificate(self, paire: Paire) -> x509.Certificate:
        """The certificate of ``paire``, once it is sure that it is made for that. No code is needed."""
        with self._using() as puce:
            return checked_certificate(puce.certificates(), paire)

    def sign(self, paire: Paire, data: bytes, hash_name: HashName = "sha256") -> bytes:
        """Sign with the key of ``paire``, once it is sure that it is that one.

        Raises ``CpsError`` CPS_PIN_DEMANDE without the code.
        """
        with self._using() as puce:
            if not self._logged_in:
                raise cps_error("CPS_PIN_DEMANDE")
            certificate, keys = checked_certificate(puce.certificates(), paire), puce.keys()
            if not keys:  # closed by somebody else: PKCS#11 shows nothing and says nothing
                raise cps_error("CPS_PIN_DEMANDE")
            signature = puce.sign(key_of(keys, paire, certificate), data, hash_name)
            # a chip that hides the public part of its keys, or fails, never passes for its certificate
            if not verifies(certificate, data, signature, hash_name):
                raise cps_error("CPS_CLE_CERTIFICAT", paire.name)
            return signature

    def close(self) -> None:
        with self._lock:
            self._logged_in = False
            if self._puce is not None:
                self._puce.close()
                self._puce = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def _using(self) -> Iterator[Puce]:
        with self._lock:
            if self._puce is None:
                self._puce = self._reopen()
            try:
                yield self._puce
            except CarteRetiree:
                self.close()
                raise
            except CpsError as error:
                if error.code == "CPS_PIN_DEMANDE":
                    self._logged_in = False
                raise

    def _reopen(self) -> Puce:
        readers = self._module.readers()
        if not any(self._is_ours(each) for each in readers):
            self._module.refresh()
            readers = self._module.readers()
        back = next((each for each in readers if self._is_ours(each)), None)
        if back is not None:
            return self._module.connect(back)
        other = any(each.nom == self._lecteur.nom and each.carte_presente for each in readers)
        raise cps_error("CPS_AUTRE_CARTE" if other else "CPS_CARTE_RETIREE")

    def _is_ours(self, lecteur: Lecteur) -> bool:
        known = self._lecteur
        return lecteur.carte_presente and (lecteur.serie, lecteur.label) == (known.serie, known.label)


def open_card(module: Module, lecteur: str = "") -> SessionCarte:
    """The card of the reader called ``lecteur``, or the only one that is inserted.

    Raises ``CpsError`` CPS_LECTEUR_ABSENT, CPS_CARTE_ABSENTE, CPS_PLUSIEURS_CARTES.
    """
    if not any(each.carte_presente for each in module.readers()):
        module.refresh()
    readers = [each for each in module.readers() if not lecteur or each.nom == lecteur]
    if not readers:
        raise cps_error("CPS_LECTEUR_ABSENT", lecteur)
    inserted = [each for each in readers if each.carte_presente]
    if len(inserted) != 1:
        raise cps_error("CPS_PLUSIEURS_CARTES" if inserted else "CPS_CARTE_ABSENTE")
    return SessionCarte(module, inserted[0])
