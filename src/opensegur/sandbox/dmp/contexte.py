"""What a request is judged against: the moment, the settings, the authorities, the population, the tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from cryptography import x509

from opensegur.foundation.acteurs import Professionnel, Structure
from opensegur.sandbox.dmp.catalogue import manque
from opensegur.sandbox.dmp.depot import Depot
from opensegur.sandbox.dmp.vihf import Ins
from opensegur.sandbox.pki.confiance import Confiance
from opensegur.sandbox.population.personnes import Personne
from opensegur.sandbox.regles import Manquement, Refus


@dataclass(frozen=True, slots=True)
class Reglages:
    """The parameters of the simulated service; those of the national one are not public.

    ``duree_autorisation`` is in months, ``fraicheur`` and ``derive`` of a VIHF in seconds, sizes in bytes.
    """

    strict: bool = True
    sha1_admis: bool = True
    taille_document: int = 10 * 1024 * 1024
    taille_lot: int = 20 * 1024 * 1024
    limite_resultats: int = 250
    duree_autorisation: int = 12
    fraicheur: int = 300
    derive: int = 120
    cumul_visibilite: bool = False
    gestion_mineurs: bool = True
    age_majorite: int = 18


class Population(Protocol):
    """Who exists in the sandbox."""

    def patient(self, ins: str) -> Personne | None: ...

    def professionnel(self, id_nat: str) -> Professionnel | None: ...

    def structure(self, id_nat: str) -> Structure | None: ...

    def same_entity(self, one: str, other: str) -> bool:
        """Whether two structures belong to one legal entity: certificates are given to the entity."""
        ...


@dataclass(frozen=True, slots=True)
class Contexte:
    moment: datetime
    reglages: Reglages
    confiance: Confiance
    population: Population
    depot: Depot
    certificat_tls: x509.Certificate | None = None
    tls_exige: bool = True
    toleres: list[Manquement] = field(default_factory=list)

    def knows(self, patient: Ins) -> bool:
        """Whether this matricule, given by this authority, is somebody's."""
        known = self.population.patient(patient.valeur)
        return known is not None and known.oid == patient.oid

    def enforced(self, manquement: Manquement) -> bool:
        """Whether this rule refuses here; a tolerated one is noted for the exchange's record."""
        if self.reglages.strict or not manquement.regle.souple:
            return True
        self.toleres.append(manquement)
        return False

    def require(self, condition: object, regle: str, contexte: str = "") -> None:
        """Refuse by ``regle`` unless ``condition`` holds, or lenience lets it pass."""
        if not condition and self.enforced(manque(regle, contexte)):
            raise Refus(manque(regle, contexte))

    def require_none(self, manquements: Iterable[Manquement]) -> None:
        """Refuse with all the rules broken that are enforced, if there are any."""
        enforced = tuple(item for item in manquements if self.enforced(item))
        if enforced:
            raise Refus(*enforced)
