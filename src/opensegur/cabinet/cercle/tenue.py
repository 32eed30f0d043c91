"""Adding to the circle, naming the médecin traitant, taking away; and choosing whether the structure keeps to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from opensegur.cabinet.cercle.models import Membre, Politique
from opensegur.cabinet.comptes.models import Compte, Rattachement
from opensegur.cabinet.comptes.roles import SANS_SECRET_MEDICAL, Role
from opensegur.cabinet.patients.models import Patient
from opensegur.foundation.errors import InvalidValue

if TYPE_CHECKING:
    from opensegur.cabinet.requete import Qui


def colleagues_of(qui: Qui) -> QuerySet[Rattachement]:
    """Who may be of a circle: the care team at work in the structure."""
    places = Rattachement.objects.filter(structure=qui.structure, actif=True, compte__is_active=True)
    return places.exclude(role__in=SANS_SECRET_MEDICAL).select_related("compte").order_by("compte__nom", "pk")


@transaction.atomic
def add(patient: Patient, place: Rattachement, auteur: Compte) -> None:
    Membre.objects.get_or_create(
        patient=patient, compte=place.compte, defaults={"ajoute_par": auteur, "ajoute_le": timezone.now()}
    )


@transaction.atomic
def name_doctor(patient: Patient, place: Rattachement, auteur: Compte) -> None:
    """One at a time: the former stays of the circle. Raises ``InvalidValue`` (CERCLE_PAS_MEDECIN)."""
    if place.role != Role.MEDECIN:
        raise InvalidValue("CERCLE_PAS_MEDECIN", "Le médecin traitant est un médecin.", conseil="Choisissez-en un.")
    Membre.objects.filter(patient=patient, medecin_traitant=True).update(medecin_traitant=False)
    Membre.objects.update_or_create(
        patient=patient,
        compte=place.compte,
        defaults={"medecin_traitant": True, "ajoute_par": auteur, "ajoute_le": timezone.now()},
    )


def remove(patient: Patient, place: Rattachement) -> None:
    """What was added by hand; whoever cared for the patient stays tied to them."""
    Membre.objects.filter(patient=patient, compte=place.compte).delete()


def choose(qui: Qui, *, restreint: bool) -> None:
    Politique.objects.update_or_create(
        structure=qui.structure,
        defaults={"restreint": restreint, "change_par": qui.compte, "change_le": timezone.now()},
    )
