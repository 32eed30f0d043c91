"""Why an identity is lowered by hand, and why a person cannot have an INS: closed lists, told to people in French."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from opensegur.foundation.errors import InvalidValue


class Portee(StrEnum):
    """What a reason takes away: the check of the document, the INS, or both."""

    CONTROLE = "controle"
    INS = "ins"
    IDENTITE = "identite"
    SANS_INS = "sans-ins"


@dataclass(frozen=True, slots=True)
class Motif:
    """A reason: ``aide`` says what it means and what to do next."""

    code: str
    libelle: str
    portee: Portee
    aide: str = ""


MOTIFS: tuple[Motif, ...] = (
    Motif(
        "piece-erronee",
        "La pièce contrôlée n’était pas la bonne",
        Portee.CONTROLE,
        "Le contrôle est annulé ; l’INS reste. Une autre pièce sera demandée.",
    ),
    Motif(
        "attestation-erronee",
        "L’attestation a été donnée à tort",
        Portee.CONTROLE,
        "L’attestation est annulée ; l’INS reste. Une pièce sera demandée.",
    ),
    Motif(
        "ins-autre-personne",
        "L’INS du dossier est celle d’une autre personne",
        Portee.INS,
        "L’INS est retirée du dossier. Prévenez ceux qui l’ont reçue, puis interrogez l’INSi de nouveau.",
    ),
    Motif(
        "collision",
        "Le dossier mélange deux personnes",
        Portee.IDENTITE,
        "Tout est à reprendre : séparez les documents des deux personnes et prévenez ceux qui ont reçu l’identité.",
    ),
    Motif(
        "usurpation",
        "Une autre personne a pris cette identité",
        Portee.IDENTITE,
        "Déclarez aussi l’identité douteuse tant que le doute n’est pas levé.",
    ),
    Motif(
        "visiteur",
        "Personne de passage, non immatriculée en France",
        Portee.SANS_INS,
        "L’identité peut être validée avec un passeport ; elle reste dans ce logiciel.",
    ),
    Motif(
        "identite-suspecte",
        "Identité invérifiable ou suspecte",
        Portee.SANS_INS,
        "Rien n’est demandé à l’INSi tant que l’identité n’est pas éclaircie.",
    ),
    Motif(
        "anonymat",
        "Anonymat prévu par la loi",
        Portee.SANS_INS,
        "Aucune pièce n’est demandée et rien ne sort de ce logiciel.",
    ),
)

_BY_CODE = {motif.code: motif for motif in MOTIFS}


def motif(code: str, portee: Portee) -> Motif:
    """The reason with this code and this scope; raises ``InvalidValue`` (MOTIF_INCONNU)."""
    found = _BY_CODE.get(code)
    if found is None or found.portee is not portee:
        raise InvalidValue(
            "MOTIF_INCONNU",
            "Ce motif ne convient pas à ce geste.",
            conseil="Choisissez un motif de la liste.",
            detail=code[:40],
        )
    return found


def motifs_of(*portees: Portee) -> tuple[Motif, ...]:
    """The reasons of these scopes, in the order of the list."""
    return tuple(found for found in MOTIFS if found.portee in portees)
