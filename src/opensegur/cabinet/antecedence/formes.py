"""The forms under which a name is looked up, and the keys of those forms.

A form is made of letters alone: case, accents, spaces, hyphens and apostrophes are gone. A name has several: whole,
without its particles, and each of the names that it is made of.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

from opensegur.ins.phonetique import phonetic_key

PARTICULES = frozenset(
    "AL D DA DAL DE DEL DELLA DEN DER DES DI DO DOS DU EL L LA LE LES VAN VANDEN VANDER VON".split()  # noqa: SIM905
)
PORTEE = 7
"""The neighbourhood of a form is that of its first letters: errors further on are caught as well, at less cost."""

_SEPARATORS = re.compile(r"[^A-Z]+")
_SHORTEST_PART = 3
_ONE_ERROR, _TWO_ERRORS = 3, 6
_MOST_FORMS = 6
_SIGNED = 2**31


@dataclass(frozen=True, slots=True)
class Forme:
    """``partie``: one of the names of a compound, not the whole of it."""

    texte: str
    partie: bool = False


@lru_cache(maxsize=50_000)
def forms_of_name(nom: str) -> tuple[Forme, ...]:
    """The forms of a family name, the whole first: ``DE LA TOUR-MARTIN`` is also TOURMARTIN, TOUR and MARTIN."""
    words = _words(nom)
    significant = words
    while len(significant) > 1 and significant[0] in PARTICULES:
        significant = significant[1:]
    whole = ["".join(words), "".join(significant)]
    parts = [word for word in significant if len(word) >= _SHORTEST_PART and word not in PARTICULES]
    return _distinct(whole, parts if len(significant) > 1 else [])


@lru_cache(maxsize=50_000)
def forms_of_given(prenom: str) -> tuple[Forme, ...]:
    """The forms of given names, one or a list: the whole, then each name."""
    words = _words(prenom)
    return _distinct(["".join(words)], words if len(words) > 1 else [])


@lru_cache(maxsize=50_000)
def indexed_given(premier_prenom: str, prenoms: str, prenom_utilise: str) -> tuple[str, ...]:
    """What is written in the index of somebody's given names: those in use whole, and each name by itself."""
    found = dict.fromkeys(["".join(_words(premier_prenom)), "".join(_words(prenom_utilise))])
    found |= dict.fromkeys(_words(f"{premier_prenom} {prenoms} {prenom_utilise}"))
    return tuple(text for text in found if text)[:_MOST_FORMS]


@lru_cache(maxsize=50_000)
def indexed_names(nom_naissance: str, nom_utilise: str) -> tuple[str, ...]:
    """What is written in the index of somebody's family names, of birth and in use."""
    found = dict.fromkeys(forme.texte for nom in (nom_naissance, nom_utilise) for forme in forms_of_name(nom))
    return tuple(text for text in found if text)[:_MOST_FORMS]


def number_of(texte: str) -> int:
    """A form as a number of 32 bits. Two forms may share one: whoever finds by it compares the names themselves."""
    return crc32(texte.encode("ascii")) - _SIGNED


def sound_of(texte: str) -> int:
    return number_of(phonetic_key(texte))


def errors_allowed(texte: str) -> int:
    """How many errors a name of this length may hold: none below 3 letters, one below 6, two from there."""
    if len(texte) < _ONE_ERROR:
        return 0
    return 1 if len(texte) < _TWO_ERRORS else 2


def neighbourhood(texte: str) -> frozenset[int]:
    """The numbers of what is left of ``texte`` when one letter, or two, are taken out of its beginning.

    Two names at one or two errors of each other share at least one of them (symmetric deletion).
    """
    start = texte[:PORTEE]
    left, before = {start}, {start}
    for _ in range(errors_allowed(texte)):
        before = {word[:place] + word[place + 1 :] for word in before for place in range(len(word))}
        left |= before
    return frozenset(map(number_of, left))


def _words(name: str) -> list[str]:
    return [word for word in _SEPARATORS.split(name) if word]


def _distinct(whole: list[str], parts: list[str]) -> tuple[Forme, ...]:
    found = {text: Forme(text) for text in whole if text}
    for text in parts:
        found.setdefault(text, Forme(text, partie=True))
    return tuple(found.values())[:_MOST_FORMS]
