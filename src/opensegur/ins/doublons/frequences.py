"""How common a name is, and whether a word is a given name: agreeing on a rare name proves more than on a common one.

Ranks from national lists that ship with the library, never from the base at hand: two records weigh the same in a
practice of 2,000 patients and in a hospital of two million, at the counter and over the whole base.
"""

from __future__ import annotations

from enum import IntEnum
from functools import cache
from typing import Final

from opensegur.nomenclature.noms import Liste, common_names


class Bande(IntEnum):
    RARE = 0
    COURANT = 1
    TRES_COURANT = 2


_SEXES: Final[tuple[Liste, ...]] = ("M", "F")
_VERY_COMMON_NAMES = 40
_VERY_COMMON_GIVEN, _COMMON_GIVEN = 30, 250


def bande_nom(nom: str) -> Bande:
    """``nom``: letters alone (``letters_of``)."""
    return _names().get(nom, Bande.RARE)


def bande_prenom(mots: tuple[str, ...]) -> Bande:
    """``mots``: the words of one given name, in capitals; a compound one is as rare as its rarest word."""
    known = _given_names()
    return min((known.get(mot, Bande.RARE) for mot in mots), default=Bande.RARE)


def are_given_names(mots: tuple[str, ...]) -> bool:
    """Whether each word is a given name that many people bear: a slip of the fingers seldom makes one."""
    return bool(mots) and all(mot in _given_names() for mot in mots)


@cache
def _names() -> dict[str, Bande]:
    return {
        name.replace("-", "").replace(" ", "").replace("'", ""): (
            Bande.TRES_COURANT if rank < _VERY_COMMON_NAMES else Bande.COURANT
        )
        for rank, name in enumerate(common_names("N"))
    }


@cache
def _given_names() -> dict[str, Bande]:
    found: dict[str, Bande] = {}
    for sexe in _SEXES:
        for rank, name in enumerate(common_names(sexe)):
            bande = (
                Bande.TRES_COURANT
                if rank < _VERY_COMMON_GIVEN
                else Bande.COURANT
                if rank < _COMMON_GIVEN
                else Bande.RARE
            )
            for word in name.replace("-", " ").split():
                found[word] = max(bande, found.get(word, Bande.RARE))
    return found
