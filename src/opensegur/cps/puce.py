"""The port to a card in a reader: what the library asks of PKCS#11, and no more.

``module.ModulePkcs11`` speaks to real cards; ``testing.LecteursVirtuels`` holds cards in memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from opensegur.cps.errors import Essais
from opensegur.foundation.ports import HashName


@dataclass(frozen=True, slots=True)
class Lecteur:
    """A reader: ``numero`` is its slot, ``serie`` and ``label`` are its card's, "" without one."""

    numero: int
    nom: str
    carte_presente: bool = False
    label: str = ""
    serie: str = ""
    essais: Essais = Essais.INTACTS


@dataclass(frozen=True, slots=True)
class ObjetCertificat:
    """A certificate object of the chip: ``ident`` is its CKA_ID."""

    label: str
    ident: bytes
    der: bytes


@dataclass(frozen=True, slots=True)
class ObjetCle:
    """A private key, visible after the code alone. ``modulus`` is its public part, 0 when the chip hides it."""

    label: str
    ident: bytes
    modulus: int = 0


class Puce(Protocol):
    """One card, in one reader, with one session kept open.

    Every method raises ``CpsError``; CPS_CARTE_RETIREE as soon as the card is not there any more.
    """

    @property
    def lecteur(self) -> Lecteur:
        """The reader and its card now: what is left to try is asked each time."""
        ...

    def certificates(self) -> tuple[ObjetCertificat, ...]: ...

    def data(self) -> Mapping[str, bytes]:
        """The data objects that are visible now, by label."""
        ...

    def keys(self) -> tuple[ObjetCle, ...]:
        """None before the code, without any error: so does PKCS#11."""
        ...

    def login(self, pin: str) -> None: ...

    def logout(self) -> None: ...

    def sign(self, key: ObjetCle, data: bytes, hash_name: HashName) -> bytes:
        """RSASSA-PKCS1-v1_5; the whole of ``data`` is given to the card, which hashes it."""
        ...

    def close(self) -> None: ...


class Module(Protocol):
    """The readers of a workstation."""

    def readers(self) -> tuple[Lecteur, ...]: ...

    def refresh(self) -> None:
        """Look for cards afresh, when none is open: some libraries see a new one only so."""
        ...

    def connect(self, lecteur: Lecteur) -> Puce:
        """Open a session, without the code. Raises ``CpsError``."""
        ...
