"""What is written on a card: labels, identifiers and data objects, as the Cryptolib shows them.

The published format of the data objects is not public: only what working software reads is written, and the rest is
filled with plausible bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from opensegur.foundation.acteurs import Professionnel, Structure

PIN: Final = "1234"
_PREFIX: Final = b"\xe8\x28\xbd\x08\x0f\x80\x25\x00\x00\x01\xff\x00"
AUTHENTIFICATION: Final = ("CPS_PRIV_AUT", _PREFIX + b"\x20")
SIGNATURE: Final = ("CPS_PRIV_SIG", _PREFIX + b"\x10")


class Genre(StrEnum):
    """The four kinds of TRE_G02; CDE and CDA share the number of CPE and CPA."""

    CPS = "CPS"
    CPF = "CPF"
    CDE = "CDE"
    CPE = "CPE"
    CDA = "CDA"
    CPA = "CPA"

    @property
    def numero(self) -> int:
        return {"CPS": 0, "CPF": 1, "CDE": 2, "CPE": 2, "CDA": 3, "CPA": 3}[self]


class Defaut(StrEnum):
    """What a card may be made with, to be refused."""

    AUCUN = "aucun"
    EXPIREE = "expiree"
    FUTURE = "future"
    REVOQUEE = "revoquee"
    INVERSEE = "inversee"


Paire = tuple[x509.Certificate, rsa.RSAPrivateKey]


@dataclass(frozen=True, slots=True)
class CarteFaite:
    """A card before it is put on a chip. ``reservees`` are the data objects that the code protects."""

    nom: str
    serie: str
    authentification: Paire
    signature: Paire
    libres: dict[str, bytes] = field(default_factory=dict)
    reservees: dict[str, bytes] = field(default_factory=dict)
    pin: str = PIN

    @property
    def label(self) -> str:
        """Of the token: 32 bytes at most in PKCS#11."""
        return f"CPS3-{self.serie}"


def free_objects(person: Professionnel, serie: str) -> dict[str, bytes]:
    """What is read without the code."""
    return {
        "CPS_ID_CARD": _tlv(0xE0, _tlv(0x80, serie.encode())),
        "CPS_NAME_PS": _tlv(0xE1, _tlv(0x80, person.nom.encode()) + _tlv(0x81, person.prenom.encode())),
        "CPS_LANG_PS": b"fr",
        # the speciality is the tail of this object
        "CPS_INFO_PS": b"\x04\x10" + person.id_nat.encode() + person.savoir_faire.encode(),
        "CPS_DATA": b"\0" * 8,
    }


def reserved_objects(structures: Sequence[Structure], rangs: Sequence[int] = ()) -> dict[str, bytes]:
    """The activities, at ``rangs`` when they are given: a true card may have holes."""
    return dict(_activities(structures, rangs or range(1, len(structures) + 1)))


def _activities(structures: Sequence[Structure], rangs: Sequence[int]) -> Iterator[tuple[str, bytes]]:
    for rang, structure in zip(rangs, structures, strict=True):
        fields = ((0x84, structure.nom), (0x85, structure.id_nat), (0x86, structure.secteur))
        content = b"".join(_tlv(tag, text.encode()) for tag, text in fields)
        yield f"CPS_ACTIVITY_{rang:02d}_PS", _tlv(0xEE, content)


def _tlv(tag: int, content: bytes) -> bytes:
    short, one = 0x80, 0x100
    size = len(content)
    if size < short:
        return bytes((tag, size)) + content
    return (
        bytes((tag, 0x81, size)) + content if size < one else bytes((tag, 0x82)) + size.to_bytes(2, "big") + content
    )
