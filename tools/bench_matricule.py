"""A column of matricules: ours beside python-stdnum, on the same texts at random, Corsica included."""

from __future__ import annotations

import random
import time

import numpy as np
from stdnum.fr import nir as peer

from opensegur.ins.colonne import Verdict, check_column
from opensegur.ins.matricule import compute_key

_RIGHT_KEYS = 0.7
_CORSICA = ("2A004", "2B033")
_OF_CORSICA = 0.1


def measure(count: int, seed: int = 7) -> dict[str, object]:
    """Times in seconds for ``count`` numbers, their ratio, and how many verdicts differ."""
    numbers = _numbers(count, seed)
    start = time.perf_counter()
    verdicts = check_column(numbers)
    ours = time.perf_counter() - start
    start = time.perf_counter()
    theirs = [peer.is_valid(number) for number in numbers]
    stdnum = time.perf_counter() - start
    return {
        "numbers": count,
        "ours, s": round(ours, 3),
        "python-stdnum, s": round(stdnum, 3),
        "times faster": round(stdnum / ours, 1),
        "verdicts that differ": int(np.count_nonzero((verdicts == Verdict.BON) != np.array(theirs))),
    }


def render(found: dict[str, object]) -> str:
    return (
        f"**A column of {found['numbers']:,} matricules**: {found['ours, s']} s, python-stdnum "
        f"{found['python-stdnum, s']} s ({found['times faster']} times faster), "
        f"{found['verdicts that differ']} verdicts differ."
    )


def _numbers(count: int, seed: int) -> list[str]:
    dice = random.Random(seed)
    made = []
    for _ in range(count):
        born = f"{dice.choice('12')}{dice.randrange(100):02d}{dice.randrange(1, 13):02d}"
        place = dice.choice(_CORSICA) if dice.random() < _OF_CORSICA else f"{dice.randrange(100_000):05d}"
        nir = f"{born}{place}{dice.randrange(1, 1000):03d}"
        made.append(nir + (compute_key(nir) if dice.random() < _RIGHT_KEYS else f"{dice.randrange(100):02d}"))
    return made
