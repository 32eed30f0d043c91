"""The reader of cartes Vitale, as a port: an editor plugs in the licensed component; here, cards are files.

No open component reads the protected data of a card. The virtual reader takes a folder in which each card is three
files: ``<nom>.vitale.xml`` (its ``donneesVitale``), ``<nom>.vitale.key.pem`` and ``<nom>.vitale.cert.pem`` (the key
of its chip and its certificate, whose CN is the card's serial number).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Protocol

from opensegur.foundation.certificates import SoftwareSigner
from opensegur.foundation.ports import Signer
from opensegur.ins.vitale import CarteRefusee, CarteVitale, read_card

_NOM = re.compile(r"[0-9A-Za-z_-]{1,60}")
_SUFFIXE = ".vitale.xml"


class LecteurVitale(Protocol):
    """A reader with a card in it, or without."""

    def read(self) -> CarteVitale:
        """Read the card that is in the reader now. Raises ``CarteRefusee`` (VITALE_ABSENTE), ``RefusedInput``."""
        ...

    def signer(self) -> Signer:
        """The key of the chip, for the assertion that says the card is there. Raises ``CarteRefusee``."""
        ...


class LecteurVirtuel:
    """The cards of ``dossier``; ``nom`` is the one in the reader, "" for none."""

    def __init__(self, dossier: Path, nom: str = "") -> None:
        self._dossier = dossier
        self.nom = nom

    def cards(self) -> tuple[str, ...]:
        """The names of the cards that may be inserted, in order."""
        found = (path.name.removesuffix(_SUFFIXE) for path in self._dossier.glob(f"*{_SUFFIXE}"))
        return tuple(sorted(name for name in found if _NOM.fullmatch(name)))

    def insert(self, nom: str) -> None:
        """Put a card in. Raises ``CarteRefusee`` (VITALE_INCONNUE)."""
        if nom not in self.cards():
            raise CarteRefusee(
                "VITALE_INCONNUE",
                "Cette carte n’est pas dans le dossier du lecteur de démonstration.",
                conseil="Choisissez une carte de la liste.",
            )
        self.nom = nom

    def withdraw(self) -> None:
        self.nom = ""

    def read(self) -> CarteVitale:
        return read_card(self._file(_SUFFIXE))

    def signer(self) -> Signer:
        return SoftwareSigner.from_pem(self._file(".vitale.cert.pem"), self._file(".vitale.key.pem"))

    def _file(self, suffix: str) -> bytes:
        if self.nom and _NOM.fullmatch(self.nom):
            try:
                return (self._dossier / f"{self.nom}{suffix}").read_bytes()
            except OSError:
                pass
        raise CarteRefusee(
            "VITALE_ABSENTE",
            "Il n’y a pas de carte Vitale dans le lecteur.",
            conseil="Insérez la carte, puce vers le haut, ou cherchez la personne par ses traits.",
        )
