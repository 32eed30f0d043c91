"""A line of the diagnosis: green, amber or red, what was seen and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Niveau(StrEnum):
    VERT = "bon"
    ORANGE = "à surveiller"
    ROUGE = "à réparer"


@dataclass(frozen=True, slots=True)
class Constat:
    """``remede`` is empty when all is well. No line holds a secret nor anything of a patient."""

    sujet: str
    niveau: Niveau
    dit: str
    remede: str = ""


def good(sujet: str, dit: str) -> Constat:
    return Constat(sujet, Niveau.VERT, dit)


def watch(sujet: str, dit: str, remede: str) -> Constat:
    return Constat(sujet, Niveau.ORANGE, dit, remede)


def broken(sujet: str, dit: str, remede: str) -> Constat:
    return Constat(sujet, Niveau.ROUGE, dit, remede)
