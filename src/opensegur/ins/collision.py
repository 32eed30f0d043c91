"""A record that may hold two people (a collision): what its own evidence says against itself.

Two signs. Matricules: INSi, an appli or a sender gave one, later another one was taken, and no answer of INSi tells
that the second replaces the first. Traits: a correction turned somebody into somebody else, as the model that finds
duplicates judges it. A withdrawal says that somebody has already put it right: what came before counts no more.
Sources: RNIV 1 (collision: one identity used for several people); SEL-MP-043 (INSHISTO).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from opensegur.ins.doublons import A_VERIFIER, Fiche, compare
from opensegur.ins.preuves import Nature
from opensegur.ins.traits import Traits

_WITHDRAWN = frozenset({Nature.RETRAIT_INS, Nature.RETRAIT_IDENTITE, Nature.VERIFICATION_ECHOUEE})
_COMPARED = (
    "nom_naissance",
    "premier_prenom",
    "date_naissance",
    "sexe",
    "lieu_naissance",
    "prenoms",
    "nom_utilise",
)


class Signe(StrEnum):
    """``libelle``: what is said of it to whoever decides."""

    MATRICULES = "matricules"
    TRAITS = "traits"

    @property
    def libelle(self) -> str:
        return _LIBELLES[self]


_LIBELLES = {
    Signe.MATRICULES: "deux matricules INS se sont succédé, sans que l’INSi les dise de la même personne",
    Signe.TRAITS: "une correction a remplacé les traits d’une personne par ceux d’une autre",
}


@dataclass(frozen=True, slots=True)
class Etape:
    """What one piece of evidence says: the matricule that it gave, those that INSi said it replaces, the changes.

    ``matricule``, ``anciens``: 15 characters; ``changements``: trait → its value before and after.
    """

    nature: Nature
    matricule: str = ""
    anciens: tuple[str, ...] = ()
    changements: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def collision_signs(traits: Traits, etapes: Sequence[Etape]) -> tuple[Signe, ...]:
    """The signs that ``etapes``, in their order, give of a record whose traits are now ``traits``."""
    signs = [
        sign
        for sign, found in (
            (Signe.MATRICULES, _two_matricules(etapes)),
            (Signe.TRAITS, _two_people(traits, etapes)),
        )
        if found
    ]
    return tuple(signs)


def _two_matricules(etapes: Sequence[Etape]) -> bool:
    held: set[str] = set()
    found = False
    for etape in etapes:
        if etape.nature in _WITHDRAWN:
            held, found = set(), False
        if etape.matricule:
            same = {etape.matricule, *etape.anciens}
            found |= bool(held) and not held & same
            held |= same
    return found


def _two_people(traits: Traits, etapes: Sequence[Etape]) -> bool:
    """From now back to the last withdrawal, one correction after the other."""
    after = _fiche(traits)
    for etape in reversed(etapes):
        if etape.nature is Nature.RETRAIT_IDENTITE:
            return False
        changes = {name: before for name, (before, _) in etape.changements.items() if name in _COMPARED}
        before = replace(after, **changes)
        if before != after and compare(before, after).probabilite < A_VERIFIER:
            return True
        after = before
    return False


def _fiche(traits: Traits) -> Fiche:
    return Fiche("", **{name: str(getattr(traits, name)) for name in _COMPARED})
