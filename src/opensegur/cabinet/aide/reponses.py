"""The answers: found by the screen that raises the question, or by the words of it."""

from __future__ import annotations

from opensegur.cabinet.aide.reponse import Reponse
from opensegur.cabinet.aide.textes import REPONSES
from opensegur.nomenclature.words import all_found, words


def for_screen(nom: str) -> tuple[Reponse, ...]:
    """The answers of one screen: those written for it first, then those of its neighbourhood."""
    espace = nom.partition(":")[0]
    exact = [reponse for reponse in REPONSES if nom in reponse.ecrans]
    near = [reponse for reponse in REPONSES if espace in reponse.ecrans and reponse not in exact]
    return (*exact, *near)


def search(texte: str) -> tuple[Reponse, ...]:
    """Every answer that holds a word beginning with each word of ``texte``; accents and case do not count."""
    wanted = words(texte)
    return tuple(
        reponse
        for reponse in REPONSES
        if all_found(wanted, words(f"{reponse.sujet} {reponse.question} {reponse.reponse}"))
    )


def subjects(reponses: tuple[Reponse, ...]) -> dict[str, list[Reponse]]:
    """By subject, in the order of the table."""
    found: dict[str, list[Reponse]] = {}
    for reponse in reponses:
        found.setdefault(reponse.sujet, []).append(reponse)
    return found
