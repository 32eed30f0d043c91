"""What a fictional person is made of: names, place and day of birth, home. The same for the same dice.

Nobody real can match: ``numeros`` gives the order numbers of births from 900 on, which only the largest maternity
towns reach, and those towns are left out.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from typing import Final, Literal

from opensegur.nomenclature.cog import lieu, lieux
from opensegur.nomenclature.noms import common_names

Sexe = Literal["M", "F"]
DERNIER_JOUR: Final = date(2026, 10, 31)
_COMMON_SHARE, _PARTICLE, _MADE_NAMES = 0.35, 0.08, 60_000
_DOUBLE_NAME, _COMPOUND_GIVEN = 0.02, 0.05
_ABROAD, _OVERSEAS, _CORSICA = 0.12, 0.05, 0.02
_ROUND_DATE: Final = 0.1
_LARGE: Final = frozenset(
    (  # noqa: SIM905
        "13055 69123 75056 31555 06088 44109 34172 67482 33063 59350 35238 51454 83137 42218 76351 21231 38185 49007 "
        "30189 63113 37261 87085 80021 57463 25056 45234 76540 14118 29019 94028 78498 97302 97209 97411 97416 98818"
    ).split()
)
_BEGIN = "B BL BR C CH CL CR D DR F FL FR G GL GR GU H J L M N P PH PL PR QU R S ST T TR V".split()  # noqa: SIM905
_MIDDLE = "A AI AN AU E EAU EI EN ER I IN O OI ON OU U".split()  # noqa: SIM905
_INNER = "B C D F G L LL M N NN P R RD S SS T TT V Z".split()  # noqa: SIM905
_END = "ARD AUD AULT EAU EAUX EL ELLE ER ET EZ IER IN IS ON OT OUX Y IEU AN ENT".split()  # noqa: SIM905
_PARTICLES = ("LE ", "DE ", "DU ", "DE LA ", "D'", "SAINT-", "BEN ", "EL ", "VAN ")
_STREETS = ("RUE DES TILLEULS", "RUE DE L'EGLISE", "CHEMIN DU LAVOIR", "ALLEE DES CHENES", "PLACE DE LA HALLE",
            "RUE DU PUITS", "IMPASSE DES LILAS", "ROUTE DE LA GARE", "RUE DES ECOLES", "RUE NEUVE")  # fmt: skip
_TOWNS = (("18340", "LEVET"), ("18130", "DUN-SUR-AURON"), ("36100", "ISSOUDUN"), ("58000", "NEVERS"),
          ("03000", "MOULINS"), ("41000", "BLOIS"), ("18100", "VIERZON"), ("36000", "CHATEAUROUX"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tirage:
    """Draws of one series of ``dice``."""

    dice: random.Random

    def family_name(self) -> str:
        names, weights = ranked("N" if self.dice.random() < _COMMON_SHARE else "")
        name = self.dice.choices(names, cum_weights=weights)[0]
        if self.dice.random() < _DOUBLE_NAME:
            dash = self.dice.choice(("-", "--"))
            return f"{name}{dash}{self.dice.choices(names, cum_weights=weights)[0]}"
        return name

    def given_names(self, sexe: Sexe, first: str = "") -> str:
        """One to four given names, separated by spaces; ``first`` imposes the first."""
        names, weights = ranked(sexe)
        count = self.dice.choices((1, 2, 3, 4), weights=(20, 35, 40, 5))[0]
        found = dict.fromkeys([first] if first else ())
        while len(found) < count:
            name = self.dice.choices(names, cum_weights=weights)[0]
            if not found and "-" not in name and self.dice.random() < _COMPOUND_GIVEN:
                name = f"{name}-{self.dice.choices(names, cum_weights=weights)[0].partition('-')[0]}"
            found[name] = None
        return " ".join(found)

    def day(self, youngest: int, oldest: int) -> date:
        """A day of birth of somebody between two ages, both in years and included."""
        return DERNIER_JOUR - timedelta(days=self.dice.randint(youngest * 365, oldest * 365 + 364))

    def place(self, born: date) -> str:
        """A COG code that was in force that day."""
        draw = self.dice.random()
        if draw < _ABROAD:
            return self._existing(_countries(), born)
        if draw < _ABROAD + _OVERSEAS:
            return self._existing(_overseas(), born)
        if draw < _ABROAD + _OVERSEAS + _CORSICA:
            return self._existing(_corsica(), born)
        return self._existing(_mainland(), born)

    def known_day(self, born: date, place: str) -> date:
        """``born``, or one of the two days that civil status gives to people whose day of birth is not known."""
        if place.startswith("99") and self.dice.random() < _ROUND_DATE:
            return date(born.year, *self.dice.choice(((1, 1), (12, 31)))) if born.year < DERNIER_JOUR.year else born
        return born

    def home(self) -> tuple[str, str, str]:
        code, town = self.dice.choice(_TOWNS)
        return f"{self.dice.randint(1, 90)} {self.dice.choice(_STREETS)}", code, town

    def _existing(self, codes: Sequence[str], born: date) -> str:
        day = born.isoformat()
        while True:
            found = lieu(code := self.dice.choice(codes))
            if found is not None and found.existed_on(day):
                return code


@cache
def ranked(liste: Literal["N", "M", "F", ""]) -> tuple[tuple[str, ...], list[float]]:
    """A list of common names, or the made ones: the n-th is borne 1/(n+20) as often, so by thousands or by a few."""
    names = common_names(liste) if liste else made_names()
    return names, list(accumulate(1 / (rank + 20) for rank in range(len(names))))


@cache
def made_names() -> tuple[str, ...]:
    """Family names that sound French and that nobody chose: many, so that most are rare."""
    dice = random.Random(0)  # noqa: S311 - fictional names # nosec B311
    found: dict[str, None] = {}
    while len(found) < _MADE_NAMES:
        inner = "".join(dice.choice(_INNER) + dice.choice(_MIDDLE) for _ in range(dice.choice((0, 0, 1))))
        name = dice.choice(_BEGIN) + dice.choice(_MIDDLE) + inner + dice.choice(_INNER) + dice.choice(_END)
        found[(dice.choice(_PARTICLES) if dice.random() < _PARTICLE else "") + name] = None
    return tuple(found)


def _codes(kept: Callable[[str], bool]) -> tuple[str, ...]:
    return tuple(sorted(place.code for place in lieux() if kept(place.code) and place.code not in _LARGE))


@cache
def _countries() -> tuple[str, ...]:
    return _codes(lambda code: code.startswith("99") and code not in {"99100", "99999"})


@cache
def _overseas() -> tuple[str, ...]:
    return _codes(lambda code: code.startswith(("97", "98")))


@cache
def _corsica() -> tuple[str, ...]:
    return _codes(lambda code: code.startswith(("20", "2A", "2B")))


@cache
def _mainland() -> tuple[str, ...]:
    return _codes(lambda code: code[:2].isdigit() and code[:2] not in {"20", "97", "98", "99"})
