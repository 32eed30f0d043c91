"""How a person's words are compared with labels: without accents, case or punctuation."""

from __future__ import annotations

import re
import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss"})
_WORD = re.compile(r"[a-z0-9]+")


def fold(text: str) -> str:
    """``text`` in lower case, ligatures opened and accents dropped."""
    decomposed = unicodedata.normalize("NFD", text.lower().translate(_LIGATURES))
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def words(text: str) -> tuple[str, ...]:
    """The words of ``text`` once folded: letters and digits only."""
    return tuple(_WORD.findall(fold(text)))


def all_found(wanted: tuple[str, ...], among: tuple[str, ...]) -> bool:
    """Whether each wanted word begins one of the words present."""
    return all(any(word.startswith(prefix) for word in among) for prefix in wanted)
