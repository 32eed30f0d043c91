"""A request as our views see it: who is asking, for which structure, by which means."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.http import HttpRequest

from opensegur.cabinet.actions import EXCEPTIONNEL
from opensegur.cabinet.comptes.roles import Role
from opensegur.cabinet.droits.table import Ajustements, Fonction, table

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from opensegur.cabinet.cercle.models import AccesExceptionnel
    from opensegur.cabinet.comptes.models import Compte
    from opensegur.cabinet.comptes.session import SessionPsc
    from opensegur.cabinet.structures.models import Structure


@dataclass(frozen=True, slots=True)
class Qui:
    """The person asking.

    ``psc`` is None for a local login; ``repond``: who answers for them and is at work here, None when they answer
    for themselves; ``ajustements``: what their structure changed of the table of rights;
    ``cercle_restreint``: whether it opens records to the circle of care of their patient alone.
    """

    compte: Compte
    structure: Structure
    role: str
    repond: Compte | None = None
    psc: SessionPsc | None = None
    mot_de_passe_seul: bool = False
    referent_identite: bool = False
    administrateur: bool = False
    cercle_restreint: bool = False
    ajustements: Ajustements = field(default_factory=dict)

    @property
    def responsable(self) -> str:
        """The journal's name of who answers for them."""
        return self.repond.acteur if self.repond else ""

    @property
    def responsable_nom(self) -> str:
        return self.repond.nom_affiche if self.repond else ""

    @property
    def a_une_preuve_de_moins(self) -> bool:
        """Whether the structure asks for two proofs and this person gave a password alone."""
        return self.structure.deux_preuves and self.mot_de_passe_seul

    @property
    def fonctions(self) -> frozenset[Fonction]:
        held = set()
        if self.referent_identite:
            held.add(Fonction.REFERENT)
        if self.administre:
            held.add(Fonction.ADMINISTRATEUR)
        return frozenset(held)

    @property
    def administre(self) -> bool:
        """The manager administers the structure by role, another by appointment."""
        return self.administrateur or self.role == Role.GESTIONNAIRE

    def peut(self, action: str) -> bool:
        """Whether the table, as the structure adjusted it, opens ``action`` to this person."""
        return table().allows(action, self.role, self.fonctions, self.ajustements)

    def manque_un_responsable(self, action: str) -> bool:
        """Whether ``action`` is done under a responsibility that nobody takes now."""
        return self.repond is None and table().needs_responsible(action, self.role)

    @property
    def acteur(self) -> str:
        return self.compte.acteur


@dataclass(slots=True)
class Trace:
    """What a view may add to the line that ``acces`` writes in the journal. Never an identity.

    ``exceptionnel``: what lets whoever is outside the circle of care in.
    """

    patient_ref: object = ""
    objet: str = ""
    motif: str = ""
    resultat: str = "succes"
    tue: bool = field(default=False)
    exceptionnel: AccesExceptionnel | None = None

    @property
    def motif_ecrit(self) -> str:
        """An access from outside the circle of care is marked in each of its lines."""
        return ", ".join(filter(None, (EXCEPTIONNEL if self.exceptionnel else "", self.motif)))


class Requete(HttpRequest):
    """For annotations: ``Limites`` sets ``qui``, ``acces`` makes sure of it and sets ``trace``."""

    qui: Qui
    trace: Trace
    htmx: HtmxDetails
