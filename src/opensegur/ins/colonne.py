"""A whole column of matricules judged at once: for imports, boards and data quality.

The same rules as ``parse_matricule``, computed with numpy; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from opensegur.ins.matricule import CORSICA, MONTHS, compact

_LENGTH = 15
_NIR = 13
_DEPARTMENT, _LETTER = 5, 6
_ZERO, _NINE = ord("0"), ord("9")
_BLOCK = 1 << 15  # rows: what a block needs stays in the processor's cache

_FIRST = np.isin(np.arange(256), [ord(digit) for digit in "123478"])
_MONTH = np.isin(np.arange(100), sorted(MONTHS))
# 10**12 … 1, modulo 97: the sum stays exact in single precision, which numpy multiplies fastest
_WEIGHTS = np.array([pow(10, _NIR - 1 - rank, 97) for rank in range(_NIR)], dtype=np.float32)
_AS_ZERO = np.arange(256, dtype=np.float32) - _ZERO
_LESS = np.zeros(256, dtype=np.int32)  # what a letter takes from the number, modulo 97
for _letter, _less in CORSICA.items():
    _AS_ZERO[ord(_letter)] = 0
    _LESS[ord(_letter)] = _less % 97


class Verdict(IntEnum):
    """What is wrong with a matricule of a column."""

    BON = 0
    FORME = 1
    MOIS = 2
    CLE = 3

    @property
    def code(self) -> str:
        """The code of the error that ``parse_matricule`` raises, "" for a good matricule."""
        return _CODES[self]


_CODES = {
    Verdict.BON: "",
    Verdict.FORME: "INS_MATRICULE",
    Verdict.MOIS: "INS_MATRICULE_MOIS",
    Verdict.CLE: "INS_MATRICULE_CLE",
}


def check_column(values: Sequence[str | None] | NDArray[Any]) -> NDArray[np.uint8]:
    """The ``Verdict`` of each matricule: texts, ``None`` where there is none, or an array of texts or bytes.

    As with ``parse_matricule``, spaces, dots and hyphens between groups are allowed, and small letters too. Columns
    without them are judged fastest.
    """
    if isinstance(values, np.ndarray) and values.dtype.kind == "S":
        values = np.char.decode(values, "latin-1")
    texts: list[Any] = values.tolist() if isinstance(values, np.ndarray) else list(values)
    try:
        lengths = np.fromiter(map(len, texts), dtype=np.intp, count=len(texts))
    except TypeError:  # an absent value
        texts = [text if isinstance(text, str) else "" for text in texts]
        lengths = np.fromiter(map(len, texts), dtype=np.intp, count=len(texts))
    if (others := np.flatnonzero(lengths != _LENGTH)).size:
        for row in others:
            tidy = compact(texts[row])
            texts[row] = tidy if len(tidy) == _LENGTH else "?" * _LENGTH
    # one byte a character: what is not ASCII becomes a question mark
    characters = np.frombuffer("".join(texts).encode("ascii", "replace"), dtype=np.uint8).reshape(-1, _LENGTH)
    verdicts = np.empty(len(texts), dtype=np.uint8)
    for begin in range(0, len(texts), _BLOCK):
        verdicts[begin : begin + _BLOCK] = _judge(characters[begin : begin + _BLOCK])
    return verdicts


def _judge(characters: NDArray[np.uint8]) -> NDArray[np.uint8]:
    # the only letter that a matricule may hold; bit 5 set is a small one
    letter = characters[:, _LETTER]
    letter = np.where(letter >= ord("a"), letter & 0xDF, letter)
    digits = (characters >= _ZERO) & (characters <= _NINE)
    digits[:, _LETTER] |= (_LESS[letter] > 0) & (characters[:, _DEPARTMENT] == ord("2"))
    formed = digits.all(axis=1) & _FIRST[characters[:, 0]]

    values = _AS_ZERO[characters]
    values[:, _LETTER] = _AS_ZERO[letter]
    month = (values[:, 3] * 10 + values[:, 4]).astype(np.intp)
    key = (values[:, _NIR] * 10 + values[:, _NIR + 1]).astype(np.int32)
    number = (values[:, :_NIR] @ _WEIGHTS).astype(np.int32) - _LESS[letter]
    return np.select(
        [~formed, ~_MONTH[np.clip(month, 0, 99)], key != 97 - number % 97],
        [np.uint8(Verdict.FORME), np.uint8(Verdict.MOIS), np.uint8(Verdict.CLE)],
        np.uint8(Verdict.BON),
    )
