"""One record as somebody typed it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class Fiche:
    """What is known of one record: texts as they were typed, "" when missing; nothing is refused.

    ``id``: the caller's own key. ``date_naissance``: AAAA-MM-JJ or JJ/MM/AAAA, day and month at 00 when unknown.
    ``sexe``: M, F, or anything else for unknown. ``lieu_naissance``: COG code. ``prenoms``: the list of given names,
    separated by spaces. ``matricule``: 15 characters; one that is not valid counts for nothing.
    """

    id: str
    nom_naissance: str
    premier_prenom: str
    date_naissance: str
    sexe: str = ""
    lieu_naissance: str = ""
    prenoms: str = ""
    nom_utilise: str = ""
    matricule: str = ""
    adresse: str = ""
    code_postal: str = ""
    commune: str = ""
    telephone: str = ""

    def __repr__(self) -> str:
        # traits must not reach a log through a representation
        return f"Fiche({self.id!r})"


CHAMPS = tuple(Fiche.__dataclass_fields__)
"""The columns of a table of records, in the order of ``Fiche``; only the first four are compulsory."""
