"""Who is of the circle of care of a patient (CSP L1110-4, L1110-12).

Whoever received them or noted their coming, wrote or brought in something of their record, made it, is their
médecin traitant, or was added by one of these; and whoever acts under the responsibility of one of these.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet

from opensegur.cabinet.accueil.etats import Etat
from opensegur.cabinet.accueil.models import Venue
from opensegur.cabinet.cercle.models import Membre
from opensegur.cabinet.comptes.models import Compte, Rattachement
from opensegur.cabinet.documents.models import Document
from opensegur.cabinet.medical.models import Donnee
from opensegur.cabinet.patients.models import Patient

if TYPE_CHECKING:
    from opensegur.cabinet.requete import Qui


@dataclass(frozen=True, slots=True)
class Lien:
    """Rows that tie an account (``compte``) to a patient (``patient``), and how the screen says it."""

    lignes: QuerySet[Venue] | QuerySet[Document] | QuerySet[Donnee] | QuerySet[Membre] | QuerySet[Patient]
    patient: str
    compte: str
    libelle: str


@dataclass(frozen=True, slots=True)
class Proche:
    """``raisons``: why, in words; ``ajoute``: by a person, so that it can be undone."""

    compte: Compte
    role: str
    raisons: tuple[str, ...]
    ajoute: bool
    medecin_traitant: bool


def _links() -> tuple[Lien, ...]:
    venues = Venue.objects.exclude(etat=Etat.ANNULE).order_by()
    return (
        Lien(venues, "patient", "recu_par", "l’a reçu"),
        Lien(venues, "patient", "creee_par", "a noté une venue"),
        Lien(Document.objects.order_by(), "patient", "auteur", "a écrit ou ajouté un document"),
        Lien(Donnee.objects.order_by(), "patient", "ecrite_par", "a noté dans le dossier médical"),
        # a whole base that was brought in makes nobody its carer
        Lien(Patient.objects.filter(provenances=None).order_by(), "pk", "cree_par", "a créé le dossier"),
        Lien(Membre.objects.order_by(), "patient", "compte", "ajouté à l’équipe"),
    )


def inside(qui: Qui, patients: Iterable[UUID]) -> set[UUID]:
    """Those of ``patients`` whose circle ``qui`` is of; one statement a kind of tie, until all are found."""
    left, found = set(patients), set[UUID]()
    people = [each.pk for each in (qui.compte, qui.repond) if each]
    for lien in _links():
        if not left:
            break
        tied = lien.lignes.filter(**{f"{lien.compte}__in": people, f"{lien.patient}__in": left})
        found |= set(tied.values_list(lien.patient, flat=True))
        left -= found
    return found


def visible_among(qui: Qui, patients: Iterable[UUID]) -> set[UUID]:
    """In a list: of whom more than the identity is shown. Everybody where the whole team opens records."""
    return inside(qui, patients) if qui.cercle_restreint else set(patients)


def circle_of(patient: Patient) -> list[Proche]:
    """The people of the structure who are tied to this patient, the médecin traitant first."""
    reasons: dict[UUID, list[str]] = {}
    for lien in _links():
        tied = lien.lignes.filter(**{lien.patient: patient.pk})
        for pk in sorted(set(tied.values_list(lien.compte, flat=True)), key=str):
            reasons.setdefault(pk, []).append(lien.libelle)
    added = {each.compte_id: each for each in Membre.objects.filter(patient=patient)}
    places = Rattachement.objects.filter(structure=patient.structure_id, actif=True, compte__in=reasons)
    found = [
        Proche(
            place.compte,
            place.get_role_display(),
            tuple(reasons[place.compte_id]),
            place.compte_id in added,
            place.compte_id in added and added[place.compte_id].medecin_traitant,
        )
        for place in places.select_related("compte").order_by("compte__nom", "compte__prenom")
    ]
    return sorted(found, key=lambda each: not each.medecin_traitant)
