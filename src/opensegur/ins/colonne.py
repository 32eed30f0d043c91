"""A whole column of matricules judged at once: for imports, boards and data quality.

The same rules as ``parse_matricule``, computed with numpy; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

_LENGTH = 15
_NIR = 13
_LETTER = 6
_A, _B = ord("A"), ord("B")
_ZERO = ord("0")
_MONTHS = np.zeros(100, dtype=bool)
_MONTHS[[*range(1, 14), *range(20, 43), *range(50, 100)]] = True
_FIRST = np.zeros(256, dtype=bool)
_FIRST[[ord(digit) for digit in "123478"]] = True


class Verdict(IntEnum):
    """What is wrong with a matricule of a column; the codes of ``parse_matricule``."""

    BON = 0
    FORME = 1  # INS_MATRICULE
    MOIS = 2  # INS_MATRICULE_MOIS
    CLE = 3  # INS_MATRICULE_CLE


def check_column(values: Sequence[str] | NDArray[Any]) -> NDArray[np.uint8]:
    """The ``Verdict`` of each matricule of 15 characters, written without spaces, letters in capitals.

    Anything else is ``FORME``: a shorter or longer text, a space, a lower-case letter.
    """
    column = np.asarray(values)
    if column.dtype.kind not in "US":
        column = column.astype("U")
    if column.size == 0:
        return np.zeros(0, dtype=np.uint8)
    characters, usual = _characters(column)
    verdicts = np.full(len(column), Verdict.FORME, dtype=np.uint8)
    formed = usual & _is_formed(characters)
    digits = characters.astype(np.int64) - _ZERO
    month = np.clip(digits[:, 3] * 10 + digits[:, 4], 0, 99)
    right_month = _MONTHS[month]
    verdicts[formed & ~right_month] = Verdict.MOIS
    sound = formed & right_month
    right_key = _key_of(characters, digits) == digits[:, 13] * 10 + digits[:, 14]
    verdicts[sound & ~right_key] = Verdict.CLE
    verdicts[sound & right_key] = Verdict.BON
    return verdicts


def _characters(column: NDArray[Any]) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """One row of 15 bytes for each text, and whether the text is 15 ASCII characters long."""
    if column.dtype.kind == "U":
        points: NDArray[Any] = np.ascontiguousarray(column).view(np.uint32).reshape(len(column), -1)
    else:
        points = np.ascontiguousarray(column).view(np.uint8).reshape(len(column), -1)
    width = points.shape[1]
    if width < _LENGTH:
        return np.zeros((len(column), _LENGTH), dtype=np.uint8), np.zeros(len(column), dtype=bool)
    kept = points[:, :_LENGTH]
    usual = (kept < 128).all(axis=1) & (kept != 0).all(axis=1)  # noqa: PLR2004 (ASCII)
    if width > _LENGTH:
        usual &= points[:, _LENGTH] == 0
    return np.where(kept < 128, kept, 0).astype(np.uint8), usual  # noqa: PLR2004


def _is_formed(characters: NDArray[np.uint8]) -> NDArray[np.bool_]:
    digit = (characters >= _ZERO) & (characters <= _ZERO + 9)
    letter = characters[:, _LETTER]
    corsica = ((letter == _A) | (letter == _B)) & (characters[:, _LETTER - 1] == _ZERO + 2)
    others = digit.copy()
    others[:, _LETTER] = True
    formed: NDArray[np.bool_] = others.all(axis=1) & (digit[:, _LETTER] | corsica) & _FIRST[characters[:, 0]]
    return formed


def _key_of(characters: NDArray[np.uint8], digits: NDArray[np.int64]) -> NDArray[np.int64]:
    """97 minus the 13 digits modulo 97; Corsica's letter counts as 0, less a million or two (INSEE)."""
    letter = characters[:, _LETTER]
    inside = digits[:, :_NIR].copy()
    inside[(letter == _A) | (letter == _B), _LETTER] = 0
    number = inside @ (10 ** np.arange(_NIR - 1, -1, -1, dtype=np.int64))
    number -= np.where(letter == _A, 1_000_000, np.where(letter == _B, 2_000_000, 0))
    return 97 - number % 97
