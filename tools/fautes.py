"""Misspelt names, always the same for a seed: what fingers do, and what ears do."""

from __future__ import annotations

import random
from collections.abc import Callable

_ROWS = ("AZERTYUIOP", "QSDFGHJKLM", "WXCVBN")
_BESIDE = {
    letter: "".join(row[place] for place in (index - 1, index + 1) if 0 <= place < len(row))
    for row in _ROWS
    for index, letter in enumerate(row)
}
_HEARD = (
    ("PH", "F"), ("F", "PH"), ("EAU", "O"), ("AU", "O"), ("Y", "I"), ("I", "Y"), ("QU", "K"), ("C", "K"), ("K", "C"),
    ("SS", "S"), ("Z", "S"), ("S", "Z"), ("TH", "T"), ("T", "TH"), ("LL", "L"), ("L", "LL"), ("NN", "N"), ("N", "NN"),
    ("TT", "T"), ("T", "TT"), ("AI", "E"), ("EI", "AI"), ("AN", "EN"), ("EN", "AN"), ("GE", "JE"), ("OU", "U"),
    ("EZ", "ER"), ("ER", "EZ"), ("ET", "EZ"), ("AULT", "AUD"), ("EAUX", "EAU"), ("D", "T"), ("RR", "R"), ("R", "RR"),
)  # fmt: skip


def mistype(name: str, draw: random.Random, errors: int = 1) -> str:
    """``errors`` slips of the fingers: a letter missing, doubled, next to the right one, or two exchanged."""
    for _ in range(errors):
        name = draw.choice((_drop, _double, _beside, _exchange))(name, draw)
    return name


def mishear(name: str, draw: random.Random) -> str:
    """One spelling for another that is heard alike; a slip of the fingers when the name offers none."""
    possible = [(old, new) for old, new in _HEARD if old in name[1:]]
    if not possible:
        return mistype(name, draw)
    old, new = draw.choice(possible)
    place = name.index(old, 1)
    return name[:place] + new + name[place + len(old) :]


def misspell(name: str, draw: random.Random) -> str:
    """One error, of either kind."""
    ways: tuple[Callable[[str, random.Random], str], ...] = (mistype, mishear)
    return draw.choice(ways)(name, draw)


def _drop(name: str, draw: random.Random) -> str:
    place = draw.randrange(len(name))
    return name[:place] + name[place + 1 :] if len(name) > 1 else name


def _double(name: str, draw: random.Random) -> str:
    place = draw.randrange(len(name))
    return name[:place] + name[place] + name[place:]


def _beside(name: str, draw: random.Random) -> str:
    place = draw.randrange(len(name))
    near = _BESIDE.get(name[place], "")
    return name[:place] + draw.choice(near) + name[place + 1 :] if near else name


def _exchange(name: str, draw: random.Random) -> str:
    if not name[1:]:
        return name
    place = draw.randrange(len(name) - 1)
    return name[:place] + name[place + 1] + name[place] + name[place + 2 :]
