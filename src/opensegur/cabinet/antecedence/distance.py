"""How many typing errors lie between one name and many others, all at once.

Optimal string alignment: a letter too many, missing, wrong, or two neighbours exchanged count for one. The matrix of
every pair is filled together, row by row, so that a thousand names cost what ten would in a loop; a few are compared
one by one, which is then quicker.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_LONGEST = 40
_FEW = 16


def distances(name: str, others: Sequence[str]) -> list[int]:
    """The errors between ``name`` and each of ``others``; letters A to Z, what is beyond the fortieth is ignored."""
    if not others:
        return []
    if len(others) <= _FEW:
        return [_distance(name[:_LONGEST], other[:_LONGEST]) for other in others]
    typed = np.frombuffer(name[:_LONGEST].encode("ascii"), dtype=np.uint8)
    lengths = np.array([min(len(other), _LONGEST) for other in others])
    width = max(1, int(lengths.max()))
    packed = "".join(other[:width].ljust(width, "\0") for other in others).encode("ascii")
    letters = np.frombuffer(packed, dtype=np.uint8).reshape(len(others), width)
    last = _last_row(typed, letters)
    return [int(value) for value in last[np.arange(len(others)), lengths]]


def _last_row(typed: NDArray[np.uint8], letters: NDArray[np.uint8]) -> NDArray[np.int8]:
    count, width = letters.shape
    steps = np.arange(width + 1, dtype=np.int8)
    above = np.tile(steps, (count, 1))
    before_above = above
    for row in range(1, len(typed) + 1):
        cost = (letters != typed[row - 1]).astype(np.int8)
        current = above + 1
        np.minimum(current[:, 1:], above[:, :-1] + cost, out=current[:, 1:])
        if row > 1 and width > 1:
            exchanged = (letters[:, :-1] == typed[row - 1]) & (letters[:, 1:] == typed[row - 2])
            swapped = np.where(exchanged, before_above[:, :-2] + 1, np.int8(2 * _LONGEST))
            np.minimum(current[:, 2:], swapped, out=current[:, 2:])
        # a letter too many: the best so far on this row, one more error a step
        current -= steps
        np.minimum.accumulate(current, axis=1, out=current)
        current += steps
        before_above, above = above, current
    return above


def _distance(name: str, other: str) -> int:
    before_above: list[int] = []
    above = list(range(len(other) + 1))
    for row, letter in enumerate(name, 1):
        current = [row]
        for place, theirs in enumerate(other, 1):
            best = min(above[place] + 1, current[-1] + 1, above[place - 1] + (letter != theirs))
            if row > 1 and place > 1 and letter == other[place - 2] and name[row - 2] == theirs:
                best = min(best, before_above[place - 2] + 1)
            current.append(best)
        before_above, above = above, current
    return above[-1]
