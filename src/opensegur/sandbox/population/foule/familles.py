"""Households, one after another: couples, children, twins, grandparents, and people who share a name by chance.

A block of a crowd depends on its seed and its number alone, so that making it can stop and go on.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from opensegur.sandbox.population.foule.tirage import DERNIER_JOUR, Sexe, Tirage
from opensegur.sandbox.population.personnes import Nature

BLOC: Final = 10_000
_ALONE, _CHILDLESS, _LONE_PARENT = 0.40, 0.25, 0.2
_TWINS, _HOMONYM, _GRANDPARENT, _SAME_GIVEN = 0.035, 0.09, 0.15, 0.1
_USED_NAME, _WAITING = 0.55, 0.05
_OLD, _SAME_SEX = 0.3, 0.6
_ADULT, _ACTIVE, _OLDEST, _LARGEST = 20, 75, 101, 9
_MOTHER, _YEAR = 18 * 365, 365


@dataclass(frozen=True, slots=True)
class Individu:
    """A person before they are numbered; ``famille`` is empty for somebody alone."""

    nom: str
    prenoms: str
    sexe: Sexe
    naissance: date
    lieu: str
    nom_utilise: str
    nature: Nature
    adresse: tuple[str, str, str]
    famille: str = ""


def people_of(graine: int, bloc: int) -> list[Individu]:
    """The ``BLOC`` people of this block."""
    return _Bloc(Tirage(random.Random(f"{graine}/{bloc}")), bloc).people()  # noqa: S311 - fictional people # nosec B311


class _Bloc:
    def __init__(self, tirage: Tirage, number: int) -> None:
        self._tirage, self._dice, self._number = tirage, tirage.dice, number
        self._made: list[Individu] = []

    def people(self) -> list[Individu]:
        while len(self._made) < BLOC:
            room = BLOC - len(self._made)
            self._made += self._household() if room >= _LARGEST else [self._adult(self._tirage.home())]
        return self._made

    def _household(self) -> Iterator[Individu]:
        home = self._tirage.home()
        first = self._adult(home)
        if self._dice.random() < _ALONE:
            yield first
            return
        famille = f"F{self._number:04d}{len(self._made):04d}"
        first = replace(first, famille=famille)
        couple = [first]
        if self._dice.random() > _LONE_PARENT:
            couple.append(replace(self._partner(first, home), famille=famille))
        yield from couple
        mother = next((each for each in couple if each.sexe == "F"), first)
        father = next((each for each in couple if each.sexe == "M"), None)
        if self._dice.random() > _CHILDLESS:
            yield from self._children(mother, father, famille)
        if father is not None and self._dice.random() < _GRANDPARENT:
            yield from self._grandparent(father, famille)

    def _adult(self, home: tuple[str, str, str], near: date | None = None, sexe: Sexe | None = None) -> Individu:
        drawn: Sexe = self._dice.choice(("M", "F"))
        sexe = sexe or drawn
        oldest = _OLDEST if self._dice.random() < _OLD else _ACTIVE
        born = near or self._tirage.day(_ADULT, oldest)
        place = self._tirage.place(born)
        born = self._tirage.known_day(born, place)
        waiting = place.startswith("99") and self._dice.random() < _WAITING
        nom, prenoms = self._tirage.family_name(), self._tirage.given_names(sexe)
        if self._made and self._dice.random() < _HOMONYM:
            other = self._dice.choice(self._made)
            if other.sexe == sexe:
                nom, prenoms = other.nom, self._tirage.given_names(sexe, other.prenoms.partition(" ")[0])
        used = self._tirage.family_name() if sexe == "F" and self._dice.random() < _USED_NAME else ""
        return Individu(nom, prenoms, sexe, born, place, used, "NIA" if waiting else "NIR", home)

    def _partner(self, first: Individu, home: tuple[str, str, str]) -> Individu:
        near = min(
            first.naissance + timedelta(days=self._dice.randint(-2500, 2500)),
            DERNIER_JOUR - timedelta(days=18 * _YEAR),
        )
        partner = self._adult(home, near, "M" if first.sexe == "F" else "F")
        wears = partner.sexe == "F" and self._dice.random() < _USED_NAME
        return replace(partner, nom_utilise=first.nom) if wears else partner

    def _children(self, mother: Individu, father: Individu | None, famille: str) -> Iterator[Individu]:
        nom = father.nom if father else mother.nom
        born = mother.naissance + timedelta(days=_MOTHER + self._dice.randint(0, 15 * _YEAR))
        for _ in range(self._dice.choice((1, 1, 2, 2, 3))):
            if born > DERNIER_JOUR:
                return
            place = self._tirage.place(born)
            for prenoms, sexe in self._births(father):
                yield Individu(nom, prenoms, sexe, born, place, "", "NIR", mother.adresse, famille)
            born += timedelta(days=self._dice.randint(_YEAR, 6 * _YEAR))

    def _births(self, father: Individu | None) -> Iterator[tuple[str, Sexe]]:
        """One child, or twins who do not share their first given name."""
        sexe: Sexe = self._dice.choice(("M", "F"))
        namesake = father is not None and sexe == "M" and self._dice.random() < _SAME_GIVEN
        first = self._tirage.given_names(sexe, father.prenoms.partition(" ")[0] if father and namesake else "")
        yield first, sexe
        if self._dice.random() < _TWINS:
            other: Sexe = sexe if self._dice.random() < _SAME_SEX else self._dice.choice(("M", "F"))
            names = self._tirage.given_names(other)
            while names.partition(" ")[0] == first.partition(" ")[0]:
                names = self._tirage.given_names(other)
            yield names, other

    def _grandparent(self, father: Individu, famille: str) -> Iterator[Individu]:
        born = father.naissance - timedelta(days=self._dice.randint(20 * _YEAR, 40 * _YEAR))
        if born.year < DERNIER_JOUR.year - _OLDEST:
            return
        first = father.prenoms.partition(" ")[0] if self._dice.random() < _SAME_GIVEN else ""
        place = self._tirage.place(born)
        names = self._tirage.given_names("M", first)
        yield Individu(father.nom, names, "M", born, place, "", "NIR", father.adresse, famille)
