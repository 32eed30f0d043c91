"""A request as our views see it: who is asking, for which structure, by which means."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.http import HttpRequest

from opensegur.cabinet.comptes.roles import LECTEURS_MEDICAL

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from opensegur.cabinet.comptes.models import Compte
    from opensegur.cabinet.comptes.session import SessionPsc
    from opensegur.cabinet.structures.models import Structure


@dataclass(frozen=True, slots=True)
class Qui:
    """The person asking.

    ``psc`` is None for a local login; ``responsable`` is the journal's name of who answers for them, empty when they
    answer for themselves.
    """

    compte: Compte
    structure: Structure
    role: str
    responsable: str = ""
    responsable_nom: str = ""
    psc: SessionPsc | None = None
    referent_identite: bool = False

    @property
    def lit_le_medical(self) -> bool:
        """Whether the health of patients is theirs to read, by their role."""
        return self.role in LECTEURS_MEDICAL

    @property
    def acteur(self) -> str:
        return self.compte.acteur


@dataclass(slots=True)
class Trace:
    """What a view may add to the line that ``acces`` writes in the journal. Never an identity."""

    patient_ref: object = ""
    objet: str = ""
    motif: str = ""
    resultat: str = "succes"
    tue: bool = field(default=False)


class Requete(HttpRequest):
    """For annotations: ``Limites`` sets ``qui``, ``acces`` makes sure of it and sets ``trace``."""

    qui: Qui
    trace: Trace
    htmx: HtmxDetails
