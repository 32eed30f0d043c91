"""How long each kind of data is kept, from when, on what ground, and who ends it.

Sources: CSP R1112-7 (hospitals; the professions follow it for their own records) and L1142-28 (ten years of liability
after the damage is known); RNIV (copies); CNIL, référentiel des cabinets médicaux (18 June 2020) and délibération
n° 2021-122 (logs).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Fin(StrEnum):
    """Who ends it."""

    SEUL = "effacé sans qu’on y pense"
    PERSONNE = "à décider par une personne"
    JAMAIS = "gardé tant que vit l’installation"


@dataclass(frozen=True, slots=True)
class Regle:
    """``donnee`` in words; ``duree`` and ``depart`` as they are said on the sheet."""

    donnee: str
    duree: str
    depart: str
    fondement: str
    fin: Fin


REGLES: tuple[Regle, ...] = (
    Regle(
        "Dossier du patient : identité, venues, données médicales, documents",
        "20 ans",
        "la dernière venue ; jusqu’aux 28 ans d’un enfant ; 10 ans après un décès",
        "CSP R1112-7, suivi par les libéraux",
        Fin.PERSONNE,
    ),
    Regle("Consentements et oppositions", "comme le dossier", "la dernière venue", "CSP L1111-14", Fin.PERSONNE),
    Regle("Envois et réponses des services nationaux", "comme le dossier", "l’envoi", "CSP L1142-28", Fin.PERSONNE),
    Regle("Copie d’une pièce d’identité", "5 ans", "le contrôle", "RNIV", Fin.SEUL),
    Regle("Lecture de carte ou de code au guichet", "12 heures", "la lecture", "RGPD art. 5", Fin.SEUL),
    Regle("Session", "4 heures", "l’entrée", "PGSSI-S", Fin.SEUL),
    Regle("Navigateur reconnu d’une personne", "180 jours", "sa dernière entrée", "RGPD art. 5", Fin.SEUL),
    Regle("Demande envoyée à un téléphone", "1 jour", "la demande", "RGPD art. 5", Fin.SEUL),
    Regle("Code d’ouverture de compte, servi ou passé", "30 jours", "sa fin", "RGPD art. 5", Fin.SEUL),
    Regle("Compte d’un membre de l’équipe", "comme le journal", "son départ", "imputabilité, PGSSI-S", Fin.PERSONNE),
    Regle(
        "Journal des accès et des échanges",
        "comme le dossier dont il parle",
        "l’accès",
        "imputabilité, PGSSI-S ; la chaîne de sceaux n’admet pas de trou",
        Fin.JAMAIS,
    ),
    Regle("Sauvegarde", "celle que vous réglez", "la sauvegarde", "RGPD art. 32", Fin.PERSONNE),
)
