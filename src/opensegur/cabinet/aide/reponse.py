"""A question that care providers ask, and a short answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reponse:
    """``ecrans``: the names of routes, or of their namespace, where the question comes up."""

    sujet: str
    question: str
    reponse: str
    ecrans: frozenset[str]
