"""Fictional French identities with duplicates whose truth is known: what an engine of duplicates is measured on.

Always the same for a seed. Of all records, a quarter repeat another. Among the people, 2 % are twins and 5 %
homonyms; among the duplicates 30 % have typing errors, 15 % a married name as the birth name, 10 % names exchanged,
5 % day and month exchanged, 5 % no place of birth; the others were typed again, with or without hyphens and the list.

Usage: python tools/jeu_doublons.py [--records 200000] [--seed 1] > FILE.csv
"""

from __future__ import annotations

import argparse
import csv
import gzip
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib import resources
from typing import TextIO

from fautes import misspell
from opensegur.ins.doublons import CHAMPS, Fiche
from opensegur.nomenclature.noms import common_names
from opensegur.sandbox.population.foule.tirage import ranked

DUPLICATES, TWINS, HOMONYMS = 0.25, 0.02, 0.05
TYPING, MARRIED, SWAPPED, SWAPPED_DATE, NO_PLACE = 0.30, 0.15, 0.10, 0.05, 0.05
_COMMON_SHARE = 0.35
_RELATIVES, _NAMESAKES = 0.35, 0.02
_LISTED, _USED_KNOWN, _TWO_ERRORS = 0.6, 0.6, 0.1
_CITIES = (  # noqa: SIM905
    "75056 13055 69123 31555 06088 44109 67482 34172 33063 59350 35238 51454 83137 42218 76351 38185 21231 "
    "49007 30189 69266 93066 63113 87085 72181 37261 80021 57463 54395 66136 25056 45234 76540 14118 68224 "
    "94028 92050 95127 97411 97302 97209 97105 2A004 2B033 29232 29019 56121 22278 53130 85191 17300 86194 "
    "16015 24322 64445 40192 65440 32013"
).split()


@dataclass(frozen=True, slots=True)
class Jeu:
    """``verite[i]``: the number of the person that record ``i`` is of; duplicates come last, shuffled by nobody."""

    fiches: list[Fiche]
    verite: list[int]

    def pairs(self) -> set[tuple[int, int]]:
        """Every two records of one person, the smaller place first."""
        records: dict[int, list[int]] = {}
        for place, person in enumerate(self.verite):
            records.setdefault(person, []).append(place)
        return {(a, b) for found in records.values() for n, a in enumerate(found) for b in found[n + 1 :]}


@dataclass(frozen=True, slots=True)
class _Person:
    nom: str
    prenoms: tuple[str, ...]
    sexe: str
    annee: int
    mois: int
    jour: int
    lieu: str
    usage: str = ""


def make(records: int, seed: int) -> Jeu:
    dice = random.Random(seed)
    duplicates = round(records * DUPLICATES)
    people = _people(records - duplicates, dice)
    fiches = [_typed(person, str(number), dice) for number, person in enumerate(people)]
    verite = list(range(len(people)))
    for kind in _kinds(duplicates, dice):
        number = _source(kind, people, dice)
        fiches.append(_duplicate(people[number], kind, str(len(fiches)), dice))
        verite.append(number)
    return Jeu(fiches, verite)


def _people(count: int, dice: random.Random) -> list[_Person]:
    twins, homonyms = round(count * TWINS / 2), round(count * HOMONYMS)
    people: list[_Person] = []
    while len(people) < count - twins - homonyms:
        person = _person(dice)
        people.append(person)
        while len(people) < count - twins - homonyms and dice.random() < _RELATIVES:
            people.append(_relative(person, dice))
    people += [_twin(dice.choice(people), dice) for _ in range(twins)]
    people += [_homonym(dice.choice(people), dice) for _ in range(homonyms)]
    return people


def _person(dice: random.Random) -> _Person:
    sexe = dice.choice("MF")
    year = 2025 - min(int(dice.triangular(0, 100, 38)), 103)
    return _Person(_name(dice), _given(sexe, dice), sexe, year, *_day(dice), _place(dice), _married(sexe, year, dice))


def _relative(person: _Person, dice: random.Random) -> _Person:
    """A brother or sister of another year, or a parent or child, sometimes of the same given name."""
    sexe = dice.choice("MF")
    gap = dice.choice((*range(1, 9), *range(19, 41)))
    year = min(2025, max(1922, person.annee + dice.choice((-gap, gap))))
    prenoms = _given(sexe, dice)
    if sexe == person.sexe and gap > 18 and dice.random() < _NAMESAKES * 4:
        prenoms = (person.prenoms[0], *prenoms[1:])
    place = person.lieu if dice.random() < 0.6 else _place(dice)
    month, day = _day(dice)
    usage = _married(sexe, year, dice)
    return replace(person, prenoms=prenoms, sexe=sexe, annee=year, mois=month, jour=day, lieu=place, usage=usage)


def _twin(person: _Person, dice: random.Random) -> _Person:
    sexe = person.sexe if dice.random() < 0.6 else dice.choice("MF")
    prenoms = _given(sexe, dice)
    while prenoms[0] == person.prenoms[0]:
        prenoms = _given(sexe, dice)
    return replace(person, prenoms=prenoms, sexe=sexe, usage=_married(sexe, person.annee, dice))


def _homonym(person: _Person, dice: random.Random) -> _Person:
    """The same name and given name: born any day, the same year, or the very same day somewhere else.

    The last happens by chance alone, so to people whose names are common.
    """
    others = _given(person.sexe, dice)[1:]
    month, day = _day(dice)
    other = replace(person, prenoms=(person.prenoms[0], *others), lieu=_place(dice), mois=month, jour=day)
    draw = dice.random()
    common = person.nom in common_names("N") and person.prenoms[0] in common_names(person.sexe)[:250]
    if draw < 0.10 and common:
        return replace(other, mois=person.mois, jour=person.jour)
    return other if draw < 0.25 else replace(other, annee=dice.randint(1930, 2024))


def _typed(person: _Person, key: str, dice: random.Random) -> Fiche:
    listed = dice.random() < _LISTED
    return Fiche(
        key,
        person.nom,
        person.prenoms[0],
        _written(person),
        person.sexe,
        person.lieu,
        " ".join(person.prenoms).replace("-", " ") if listed else "",
        person.usage if dice.random() < _USED_KNOWN else "",
    )


def _kinds(count: int, dice: random.Random) -> list[str]:
    shares = {
        "typing": TYPING, "married": MARRIED, "swapped": SWAPPED, "swapped date": SWAPPED_DATE, "no place": NO_PLACE,
    }  # fmt: skip
    kinds = [kind for kind, share in shares.items() for _ in range(round(count * share))]
    kinds += ["again"] * (count - len(kinds))
    dice.shuffle(kinds)
    return kinds


def _source(kind: str, people: Sequence[_Person], dice: random.Random) -> int:
    while True:
        number = dice.randrange(len(people))
        person = people[number]
        if kind == "married" and not person.usage:
            continue
        if kind == "swapped date" and (person.jour > 12 or person.jour == person.mois):
            continue
        return number


def _duplicate(person: _Person, kind: str, key: str, dice: random.Random) -> Fiche:
    fiche = _typed(person, key, dice)
    match kind:
        case "married":
            return replace(fiche, nom_naissance=person.usage, nom_utilise="")
        case "swapped":
            return replace(fiche, nom_naissance=fiche.premier_prenom, premier_prenom=fiche.nom_naissance, prenoms="")
        case "swapped date":
            return replace(fiche, date_naissance=_written(replace(person, jour=person.mois, mois=person.jour)))
        case "no place":
            return replace(fiche, lieu_naissance="")
        case "typing":
            fiche = _mistyped(fiche, dice)
            return _mistyped(fiche, dice) if dice.random() < _TWO_ERRORS else fiche
        case _:
            return _again(fiche, dice)


def _mistyped(fiche: Fiche, dice: random.Random) -> Fiche:
    draw = dice.random()
    if draw < 0.35:
        return replace(fiche, nom_naissance=misspell(fiche.nom_naissance, dice))
    if draw < 0.70:
        return replace(fiche, premier_prenom=misspell(fiche.premier_prenom, dice), prenoms="")
    if draw < 0.92:
        return replace(fiche, date_naissance=_wrong_date(fiche.date_naissance, dice))
    place = fiche.lieu_naissance
    at = dice.randrange(2, 5)
    return replace(fiche, lieu_naissance=place[:at] + str(dice.randrange(10)) + place[at + 1 :])


def _wrong_date(date: str, dice: random.Random) -> str:
    """One digit instead of another, still a date."""
    while True:
        at = dice.choice((2, 3, 5, 6, 8, 9))
        wrong = date[:at] + str(dice.randrange(10)) + date[at + 1 :]
        _, month, day = wrong.split("-")
        if wrong != date and 1 <= int(month) <= 12 and 1 <= int(day) <= 28:
            return wrong


def _again(fiche: Fiche, dice: random.Random) -> Fiche:
    """What another desk writes of the same papers: small letters, spaces for hyphens, a compound cut."""
    nom, prenom = fiche.nom_naissance, fiche.premier_prenom
    if dice.random() < 0.3:
        nom, prenom = nom.replace("-", " "), prenom.replace("-", " ")
    if dice.random() < 0.1:
        prenom = prenom.partition("-")[0]
    if dice.random() < 0.2:
        nom, prenom = nom.title(), prenom.title()
    return replace(fiche, nom_naissance=nom, premier_prenom=prenom)


def _name(dice: random.Random) -> str:
    if dice.random() < _COMMON_SHARE:
        names, weights = ranked("N")
    else:
        names, weights = ranked("")
    name = dice.choices(names, cum_weights=weights)[0]
    return f"{name}-{dice.choices(names, cum_weights=weights)[0]}" if dice.random() < 0.02 else name


def _given(sexe: str, dice: random.Random) -> tuple[str, ...]:
    names, weights = ranked(sexe)
    count = dice.choices((1, 2, 3, 4), weights=(20, 35, 40, 5))[0]
    found: list[str] = []
    while len(found) < count:
        name = dice.choices(names, cum_weights=weights)[0]
        if not found and dice.random() < 0.05:
            name = f"{name}-{dice.choices(names, cum_weights=weights)[0]}"
        if name not in found:
            found.append(name)
    return tuple(found)


def _married(sexe: str, year: int, dice: random.Random) -> str:
    return _name(dice) if sexe == "F" and year < 2000 and dice.random() < 0.55 else ""


def _place(dice: random.Random) -> str:
    draw = dice.random()
    if draw < 0.12:
        return dice.choice(_abroad())
    if draw < 0.75:
        return dice.choices(*_ranked_places())[0]
    return dice.choice(_communes())


def _day(dice: random.Random) -> tuple[int, int]:
    if dice.random() < 0.01:
        return dice.choice(((1, 1), (12, 31)))
    return dice.randint(1, 12), dice.randint(1, 28)


def _written(person: _Person) -> str:
    return f"{person.annee:04d}-{person.mois:02d}-{person.jour:02d}"


@cache
def _ranked_places() -> tuple[list[str], list[float]]:
    return _CITIES, [1 / (rank + 5) for rank in range(len(_CITIES))]


@cache
def _codes() -> tuple[str, ...]:
    packed = (resources.files("opensegur.nomenclature") / "data" / "cog.tsv.gz").read_bytes()
    return tuple(sorted({line.split("\t", 1)[0] for line in gzip.decompress(packed).decode().splitlines()}))


@cache
def _communes() -> tuple[str, ...]:
    return tuple(code for code in _codes() if not code.startswith("99"))


@cache
def _abroad() -> tuple[str, ...]:
    return tuple(code for code in _codes() if code.startswith("99"))[:60]


def write_csv(jeu: Jeu, stream: TextIO) -> None:
    """The columns of ``Fiche``, and ``personne``: the number of whom the record is of."""
    writer = csv.DictWriter(stream, [*CHAMPS, "personne"], delimiter=";", lineterminator="\n")
    writer.writeheader()
    writer.writerows(_rows(jeu))


def _rows(jeu: Jeu) -> Iterator[dict[str, str]]:
    for fiche, person in zip(jeu.fiches, jeu.verite, strict=True):
        yield asdict(fiche) | {"personne": str(person)}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    write_csv(make(asked.records, asked.seed), sys.stdout)


if __name__ == "__main__":
    main()
