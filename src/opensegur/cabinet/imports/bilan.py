"""What becomes of each line, and how it is said."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Issue(StrEnum):
    CREE = "cree"
    MIS_A_JOUR = "mis_a_jour"
    DEJA = "deja"
    RESSEMBLE = "ressemble"
    REFUSE = "refuse"
    RESERVE = "reserve"
    FUSION = "fusion"

    @property
    def libelle(self) -> str:
        """For a count."""
        return _LIBELLES[self]

    @property
    def sort(self) -> str:
        """For one line."""
        return _SORTS[self]


_SORTS = {
    Issue.CREE: "créé",
    Issue.MIS_A_JOUR: "mis à jour",
    Issue.DEJA: "déjà présent",
    Issue.RESSEMBLE: "à départager",
    Issue.REFUSE: "refusée",
    Issue.RESERVE: "reprise avec une réserve",
    Issue.FUSION: "fusion reçue",
}
_LIBELLES = {
    Issue.CREE: "dossiers créés",
    Issue.MIS_A_JOUR: "dossiers mis à jour",
    Issue.DEJA: "déjà présents",
    Issue.RESSEMBLE: "ressemblent à un dossier",
    Issue.REFUSE: "lignes refusées",
    Issue.RESERVE: "repris avec une réserve",
    Issue.FUSION: "fusions reçues",
}


@dataclass(frozen=True, slots=True)
class Constat:
    """Something to be said of a line: ``ipp`` is the record that it is about, when there is one."""

    ligne: int
    issue: Issue
    message: str
    ipp: int | None = None
