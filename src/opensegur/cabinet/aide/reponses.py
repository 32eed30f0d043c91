"""The answers: short, in our words, from what care providers ask."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reponse:
    """``ecrans``: the names of routes, or of their namespace, where the question comes up."""

    sujet: str
    question: str
    reponse: str
    ecrans: frozenset[str]


REPONSES: tuple[Reponse, ...] = ()


def for_screen(nom: str) -> tuple[Reponse, ...]:
    espace = nom.partition(":")[0]
    return tuple(reponse for reponse in REPONSES if reponse.ecrans & {nom, espace})


def search(texte: str) -> tuple[Reponse, ...]:
    return tuple(reponse for reponse in REPONSES if texte.lower() in reponse.question.lower())


def subjects(reponses: tuple[Reponse, ...]) -> dict[str, list[Reponse]]:
    found: dict[str, list[Reponse]] = {}
    for reponse in reponses:
        found.setdefault(reponse.sujet, []).append(reponse)
    return found
