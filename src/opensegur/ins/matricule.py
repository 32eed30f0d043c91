"""The matricule: 13 characters and a key of two digits, always with the OID of its authority.

NIR and NIA have the same shape: only the OID tells them apart. Sources: Référentiel INS v2.1; SEL-MP-043 (INSi).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

from opensegur.foundation.errors import InvalidValue
from opensegur.ins.oids import OID_NIA, PRODUCTION, check_ins_oid

_RECEIVED = re.compile(r"[0-9]{6}[0-9AB][0-9]{8}")
_STRICT_NIR = re.compile(r"[123478][0-9]{4}(?:[0-9]{5}|2[AB][0-9]{3})[0-9]{3}")
_NIR_LENGTH = 13
_SEPARATORS = re.compile(r"[\s.\-]+")

# Corsica's letter counts as the digit of the old single department, less a million or two (INSEE).
CORSICA = {"A": 1_000_000, "B": 2_000_000}

# 13 and above stand for a month that was unknown when the number was given.
MONTHS = frozenset({*range(1, 14), *range(20, 43), *range(50, 100)})


@dataclass(frozen=True, slots=True, repr=False)
class Matricule:
    """``valeur``: 15 characters, key included; ``oid``: one of the four of the INS.

    What the constructor accepts is what INSi may send: the key may be wrong (``key_is_valid``), because the official
    test answers hold such keys. Use ``parse_matricule`` for what a person or a partner gives.

    Raises ``InvalidValue`` (INS_MATRICULE, INS_OID).
    """

    valeur: str
    oid: str

    def __post_init__(self) -> None:
        check_ins_oid(self.oid)
        if not _RECEIVED.fullmatch(self.valeur):
            raise _invalid("Le matricule INS doit avoir 13 caractères suivis d’une clé de 2 chiffres.")

    @classmethod
    def received(cls, nir13: str, cle: str, oid: str) -> Self:
        """A matricule as INSi gave it, in two parts: the key is kept as received, and computed when absent."""
        nir = nir13.strip().upper()
        return cls(nir + (cle.strip() or _key_or_nothing(nir)), oid.strip())

    @property
    def nir(self) -> str:
        return self.valeur[:_NIR_LENGTH]

    @property
    def cle(self) -> str:
        return self.valeur[_NIR_LENGTH:]

    @property
    def key_is_valid(self) -> bool:
        return compute_key(self.nir) == self.cle

    @property
    def is_nia(self) -> bool:
        return self.oid == OID_NIA

    @property
    def is_production(self) -> bool:
        return self.oid in PRODUCTION

    def formatted(self) -> str:
        """In groups, as it is printed: ``2 79 03 51 215 189 89``."""
        cuts = (0, 1, 3, 5, 7, 10, 13, 15)
        return " ".join(self.valeur[start:stop] for start, stop in pairwise(cuts))

    def __repr__(self) -> str:
        # a matricule must not reach a log through a representation
        return f"Matricule('{self.valeur[0]}…{self.cle}', {self.oid!r})"


def compute_key(nir13: str) -> str:
    """The two-digit key, 01 to 97, of the 13 characters ``nir13`` (a letter A or B at the seventh for Corsica).

    Raises ``InvalidValue`` (INS_MATRICULE).
    """
    if not _RECEIVED.fullmatch(nir13 + "00"):
        raise _invalid("La clé se calcule sur les 13 caractères du matricule.")
    letter = nir13[6]
    number = int(nir13.replace(letter, "0")) - CORSICA[letter] if letter in CORSICA else int(nir13)
    return f"{97 - number % 97:02d}"


def compact(text: str) -> str:
    """``text`` without the spaces, dots and hyphens of its groups, in capitals; nothing is checked."""
    return _SEPARATORS.sub("", text).upper()


def parse_matricule(text: str, oid: str) -> Matricule:
    """Read the 15 characters that a person or a partner gives, spaces, dots and hyphens allowed between groups.

    Raises ``InvalidValue``: INS_MATRICULE (shape, first digit), INS_MATRICULE_MOIS, INS_MATRICULE_CLE, INS_OID.
    """
    matricule = Matricule(compact(text), oid)
    if not _STRICT_NIR.fullmatch(matricule.nir):
        raise _invalid("Le matricule INS ne peut pas commencer ainsi, ou son département n’existe pas.")
    if int(matricule.nir[3:5]) not in MONTHS:
        raise _invalid("Le mois de naissance du matricule INS est impossible.", "INS_MATRICULE_MOIS")
    if not matricule.key_is_valid:
        raise _invalid("La clé du matricule INS ne correspond pas à ses 13 caractères.", "INS_MATRICULE_CLE")
    return matricule


def _key_or_nothing(nir13: str) -> str:
    return compute_key(nir13) if _RECEIVED.fullmatch(nir13 + "00") else ""


def _invalid(message: str, code: str = "INS_MATRICULE") -> InvalidValue:
    # no detail: the matricule would travel with the error
    return InvalidValue(code, message, conseil="Relisez le matricule : 15 caractères, clé comprise.")
