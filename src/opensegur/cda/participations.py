"""The optional actors of a header: who receives, attests, takes part, informs or represents the patient.

Source: CI-SIS Structuration minimale des documents de santé, entête.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from opensegur.cda.checks import check_code, check_interval, check_moment, check_required, concept_of
from opensegur.foundation.acteurs import Adresse, Code, Professionnel, Structure, Telecom


@dataclass(frozen=True, slots=True)
class Destinataire:
    """A declared recipient (``informationRecipient``), for instance with a ``mailto:`` of MSSanté."""

    professionnel: Professionnel
    structure: Structure | None = None
    telecoms: tuple[Telecom, ...] = ()


@dataclass(frozen=True, slots=True)
class Attestation:
    """A professional who attests the content besides the responsible one (``authenticator``)."""

    professionnel: Professionnel
    moment: datetime
    structure: Structure | None = None

    def __post_init__(self) -> None:
        check_moment(self.moment, quoi="Date d’attestation")


@dataclass(frozen=True, slots=True)
class Participant:
    """Another professional (``participant``): ``role`` ∈ JDV_J144 (REF prescriber, PRF…), ``fonction`` ∈ JDV_J47.

    ``debut`` and ``fin`` may be unknown: the mandatory time is then written with a nullFlavor.
    """

    role: str
    professionnel: Professionnel
    fonction: Code | None = None
    structure: Structure | None = None
    telecoms: tuple[Telecom, ...] = ()
    debut: datetime | None = None
    fin: datetime | None = None

    def __post_init__(self) -> None:
        concept_of("JDV_J144", self.role, quoi="Rôle du participant")
        if self.fonction is not None:
            check_code("JDV_J47", self.fonction, quoi="Fonction du participant")
        check_interval(self.debut, self.fin, quoi="Dates de la participation")


class LienProche(StrEnum):
    """``relatedEntity/@classCode`` of an informant who is no professional."""

    URGENCE = "ECON"
    CONFIANCE = "NOK"
    INFORMATEUR = "CON"
    AIDANT = "CAREGIVER"
    AIDE = "PAT"


@dataclass(frozen=True, slots=True, repr=False)
class Proche:
    """Somebody close to the patient (``informant/relatedEntity``); ``parente`` ∈ JDV_J11 (MTH, SIS…)."""

    lien: LienProche
    nom: str
    prenom: str = ""
    parente: Code | None = None
    adresse: Adresse | None = None
    telecoms: tuple[Telecom, ...] = ()

    def __post_init__(self) -> None:
        check_required(self.nom, quoi="Nom du proche")
        if self.parente is not None:
            check_code("JDV_J11", self.parente, quoi="Lien de parenté")

    def __repr__(self) -> str:
        return f"Proche({self.lien.value})"


@dataclass(frozen=True, slots=True, repr=False)
class Representant:
    """The patient's legal representative (``guardian``), a person."""

    nom: str
    prenom: str = ""
    civilite: str = ""
    adresse: Adresse | None = None
    telecoms: tuple[Telecom, ...] = ()

    def __post_init__(self) -> None:
        check_required(self.nom, quoi="Nom du représentant")
        if self.civilite:
            concept_of("JDV_J245", self.civilite, quoi="Civilité du représentant")

    def __repr__(self) -> str:
        return "Representant(…)"
