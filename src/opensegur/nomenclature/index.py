"""Which of many texts have the words that a person begins to type: an index of prefixes, kept in memory."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence

_SHORTEST_MISTYPED = 5


class IndexMots:
    """Over texts given as their words, already folded (``words.words``); answers are ranks in that order.

    ``whole_numbers``: 100 does not find 1000.
    """

    def __init__(self, texts: Iterable[Iterable[str]], *, whole_numbers: bool = True) -> None:
        self._whole_numbers = whole_numbers
        postings: dict[str, set[int]] = defaultdict(set)
        for rank, found in enumerate(texts):
            for word in found:
                postings[word].add(rank)
        self._words = sorted(postings)
        self._postings = dict(postings)

    def having(self, wanted: Sequence[str], *, mistyped: bool = False) -> set[int]:
        """The texts that have, for each wanted word, a word that begins so.

        ``mistyped``: where nothing begins so, one letter wrong is forgiven in words of five letters and more.
        """
        if not wanted:
            return set()
        sets = sorted((self._beginning(word, mistyped=mistyped) for word in wanted), key=len)
        return set.intersection(*sets)

    def _beginning(self, wanted: str, *, mistyped: bool) -> set[int]:
        if self._whole_numbers and wanted[0].isdigit():
            return set(self._postings.get(wanted, ()))
        found: set[int] = set()
        for rank in range(bisect_left(self._words, wanted), len(self._words)):
            known = self._words[rank]
            if not known.startswith(wanted):
                break
            found |= self._postings[known]
        if not found and mistyped and len(wanted) >= _SHORTEST_MISTYPED:
            near = (known for known in self._words if is_one_letter_away(wanted, known))
            found.update(*(self._postings[known] for known in near))
        return found


def is_one_letter_away(typed: str, known: str) -> bool:
    """One letter added, missing, replaced, or two neighbours exchanged, in the beginning of ``known``."""
    lengths = (len(typed) - 1, len(typed), len(typed) + 1)
    return any(length <= len(known) and _differ_by_one(typed, known[:length]) for length in lengths)


def _differ_by_one(one: str, other: str) -> bool:
    pairs = enumerate(zip(one, other, strict=False))
    start = next((rank for rank, (a, b) in pairs if a != b), min(len(one), len(other)))
    rest, left = one[start:], other[start:]
    exchanged = len(rest) > 1 and rest[:2] == left[1::-1] and rest[2:] == left[2:]
    return rest[1:] == left[1:] or rest == left[1:] or rest[1:] == left or exchanged
