"""What the record's page shows, gathered once."""

from __future__ import annotations

from dataclasses import dataclass

from opensegur.cabinet.accueil.models import Venue
from opensegur.cabinet.patients.histoire import Evenement, history_of
from opensegur.cabinet.patients.models import Patient, SansPiece
from opensegur.cabinet.patients.qualification import Relance, relance_of
from opensegur.foundation.findings import Finding
from opensegur.ins import Attribut, Etat, Nature, format_date
from opensegur.ins.coherence import check_identity
from opensegur.nomenclature import lieu


@dataclass(frozen=True, slots=True)
class GesteAttribut:
    nature: str
    libelle: str


@dataclass(frozen=True, slots=True)
class Dossier:
    etat: Etat
    histoire: list[Evenement]
    relance: Relance
    dequalifiable: bool
    remarques: list[Finding]
    attributs: tuple[GesteAttribut, ...]
    sans_piece: SansPiece | None
    venues: tuple[Venue, ...]


_POSER = (
    (Attribut.DOUTEUSE, Nature.DOUTEUSE, Nature.FIN_DOUTEUSE, "douteuse"),
    (Attribut.FICTIVE, Nature.FICTIVE, Nature.FIN_FICTIVE, "fictive"),
    (Attribut.HOMONYME, Nature.HOMONYME, Nature.FIN_HOMONYME, "homonyme"),
)
_VENUES_MONTREES = 6
_EVENEMENTS_MONTRES = 8


def dossier_of(patient: Patient) -> Dossier:
    etat = patient.etat()
    refusals = list(patient.sans_piece.all()[:1])
    return Dossier(
        etat=etat,
        histoire=history_of(patient, _EVENEMENTS_MONTRES),
        relance=relance_of(patient, etat),
        dequalifiable=etat.checked or etat.from_insi,
        remarques=check_identity(etat.matricule, patient.traits()),
        attributs=tuple(_attribute(etat, *row) for row in _POSER),
        sans_piece=refusals[0] if refusals and not etat.checked else None,
        venues=tuple(patient.venues.select_related("recu_par").order_by("-prevue_le")[:_VENUES_MONTREES]),
    )


def initial_of(patient: Patient) -> dict[str, str]:
    """The record's traits as the form shows them."""
    place = lieu(patient.lieu_naissance)
    return {
        "nom_naissance": patient.nom_naissance,
        "premier_prenom": patient.premier_prenom,
        "prenoms": patient.prenoms,
        "date_naissance": format_date(patient.date_naissance),
        "sexe": patient.sexe,
        "lieu_naissance": f"{place.nom} ({place.code})" if place else patient.lieu_naissance,
        "nom_utilise": patient.nom_utilise,
        "prenom_utilise": patient.prenom_utilise,
    }


def _attribute(etat: Etat, which: Attribut, pose: Nature, retire: Nature, mot: str) -> GesteAttribut:
    if which in etat.attributs:
        return GesteAttribut(retire.value, f"Ne plus déclarer {mot}")
    return GesteAttribut(pose.value, f"Déclarer {mot}")
