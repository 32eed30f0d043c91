"""Rules: what a service checks, how sure we are that the national one checks it, and what it answers.

Not all of the national rules are public. So every refusal cites a rule, and every rule carries its standing and its
source, shown in the console beside the refusal. Each service keeps its rules in a ``catalogue.tsv`` of its own.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources


class Standing(StrEnum):
    """How sure we are that the national service has this rule."""

    SURE = "sure"
    DEDUCED = "deduced"
    INVENTED = "invented"

    @property
    def libelle(self) -> str:
        return {"sure": "sûr", "deduced": "déduit", "invented": "inventé"}[self]


@dataclass(frozen=True, slots=True)
class Regle:
    """``id`` is stable and names the subject, ``code`` is what the answer carries, ``texte`` is French.

    ``souple``: not enforced in lenient mode, only noted.
    """

    id: str
    service: str
    standing: Standing
    source: str
    texte: str
    code: str
    souple: bool = False


@dataclass(frozen=True, slots=True)
class Manquement:
    """One rule that a message breaks. ``contexte`` names the place, without patient data."""

    regle: Regle
    contexte: str = ""

    @property
    def code(self) -> str:
        return self.regle.code

    @property
    def texte(self) -> str:
        return f"{self.regle.texte} ({self.contexte})" if self.contexte else self.regle.texte


class Refus(Exception):
    """Raised by a check and turned by the service into an answer of its own kind."""

    def __init__(self, *manquements: Manquement) -> None:
        super().__init__(", ".join(manquement.code for manquement in manquements))
        self.manquements = manquements

    @property
    def premier(self) -> Manquement:
        return self.manquements[0]


def load_catalogue(package: str, service: str) -> Mapping[str, Regle]:
    """The rules of ``catalogue.tsv`` in ``package``, by id.

    Columns: id, code, portee (sure, deduced, invented), fermete (ferme, souple), source, texte.
    """
    text = resources.files(package).joinpath("catalogue.tsv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE, strict=True)
    return {
        row["id"]: Regle(
            id=row["id"],
            service=service,
            standing=Standing(row["portee"]),
            source=row["source"],
            texte=row["texte"],
            code=row["code"],
            souple=row["fermete"] == "souple",
        )
        for row in rows
    }
