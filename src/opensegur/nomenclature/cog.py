"""Places of birth: the communes of the COG with the periods of their names, and the countries (99…).

The code of a place of birth is that of the commune on that day: merged communes, the old departments of Seine and
Corsica are legitimate. A code unknown here is not proof of an error: INSi's own test identities hold one.
Source: INSEE, Code officiel géographique 2024 and its changes since 1943; built by ``tools/cog.py``.
"""

from __future__ import annotations

import gzip
import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from importlib import resources

from opensegur.nomenclature.words import words

LIEU_INCONNU = "99999"
_ARTICLE = re.compile(r"(?:l|le|la|les|los|las|aux|au) ")
_PREFIX_END = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Periode:
    """A name of the place, from the day ``debut`` until the day before ``fin`` (AAAA-MM-JJ; "" when open)."""

    nom: str
    debut: str
    fin: str

    def covers(self, jour: str) -> bool:
        """Whether ``jour`` (AAAA-MM-JJ) falls inside; compared as text, so that ``1962-00-00`` is taken too."""
        return self.debut <= jour and (not self.fin or jour < self.fin)


@dataclass(frozen=True, slots=True)
class Lieu:
    """A place by its COG ``code``; ``nom`` is the latest of its names in ``periodes``."""

    code: str
    nom: str
    periodes: tuple[Periode, ...]

    @property
    def is_country(self) -> bool:
        return self.code.startswith("99") and self.code != LIEU_INCONNU

    @property
    def is_current(self) -> bool:
        return any(not periode.fin for periode in self.periodes)

    def existed_on(self, jour: str) -> bool:
        return any(periode.covers(jour) for periode in self.periodes)

    def name_on(self, jour: str) -> str:
        """The name that the place bore that day; its latest name when no period covers it."""
        return next((periode.nom for periode in self.periodes if periode.covers(jour)), self.nom)


def lieu(code: str) -> Lieu | None:
    """The place with this five-character code, or ``None``."""
    return _lieux().get(code.upper())


def lieux() -> tuple[Lieu, ...]:
    """Every place, former ones too."""
    return tuple(_lieux().values())


def search_lieux(prefix: str, *, jour: str = "", limit: int = 20) -> tuple[Lieu, ...]:
    """The places of which a name, with or without its article, begins with ``prefix``.

    Accents and punctuation do not count. With ``jour`` (AAAA-MM-JJ) only the places that existed that day.
    Exact names come first, then the places that still exist, then the alphabet.
    """
    wanted = " ".join(words(prefix))
    if not wanted:
        return ()
    index = _names()
    start, stop = bisect_left(index, (wanted, "")), bisect_left(index, (wanted + _PREFIX_END, ""))
    best: dict[str, str] = {}
    for name, code in index[start:stop]:
        best.setdefault(code, name)
    found = [(name, _lieux()[code]) for code, name in best.items()]
    kept = [(name, place) for name, place in found if not jour or place.existed_on(jour)]
    kept.sort(key=lambda pair: (pair[0] != wanted, not pair[1].is_current, pair[0], pair[1].code))
    return tuple(place for _, place in kept[:limit])


@cache
def _lieux() -> dict[str, Lieu]:
    packed = (resources.files("opensegur.nomenclature") / "data" / "cog.tsv.gz").read_bytes()
    periodes: dict[str, list[Periode]] = {}
    for line in gzip.decompress(packed).decode("utf-8").splitlines():
        code, nom, debut, fin = line.split("\t")
        periodes.setdefault(code, []).append(Periode(nom, debut, fin))
    return {code: Lieu(code, found[-1].nom, tuple(found)) for code, found in periodes.items()}


@cache
def _names() -> list[tuple[str, str]]:
    """Every folded name with its code, sorted, once with its article and once without."""
    entries: set[tuple[str, str]] = set()
    for place in _lieux().values():
        for periode in place.periodes:
            name = " ".join(words(periode.nom))
            entries |= {
                (name, place.code),
                (_ARTICLE.sub("", name, count=1) if _ARTICLE.match(name) else name, place.code),
            }
    return sorted(entries)
