"""The port to what is plugged in: what the agent asks of readers and cards, and no more.

``materiel_cps`` speaks to the Cryptolib; tests hold cards in memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class LecteurVu:
    nom: str
    carte: bool


@dataclass(frozen=True, slots=True)
class CarteVue:
    """``certificat``: that of authentication, DER; ``essais``: what is left to try, in words."""

    type: str
    id_nat: str
    nom: str
    prenom: str
    titre: str
    test: bool
    essais: str
    certificat: bytes


@dataclass(frozen=True, slots=True)
class Reponse:
    """The challenge signed, and the certificate whose key signed it (DER)."""

    signature: bytes
    certificat: bytes


class Materiel(Protocol):
    """Every method raises ``OpenSegurError``; ``lecteur`` "" means the only one with a card."""

    def readers(self) -> tuple[LecteurVu, ...]: ...

    def read(self, lecteur: str) -> CarteVue: ...

    def answer(self, lecteur: str, defi: bytes, code: str, *, last_try: bool) -> Reponse: ...
