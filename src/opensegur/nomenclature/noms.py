"""The commonest names of France, by rank: what makes an agreement weak, and fictional people believable.

Source: INSEE, fichier des prénoms (births 1900-2020); family names in the order of common use, without counts.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Literal

Liste = Literal["N", "M", "F"]


def common_names(liste: Liste) -> tuple[str, ...]:
    """Family names (``N``) or given names (``M``, ``F``), in capitals without accents, the commonest first."""
    return _lists()[liste]


@cache
def _lists() -> dict[str, tuple[str, ...]]:
    text = (resources.files("opensegur.nomenclature") / "noms_courants.tsv").read_text(encoding="utf-8")
    lines = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {liste: tuple(names.split(";")) for liste, names in lines}
