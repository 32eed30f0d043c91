"""Records that may hold two people: found when an identity changes and over the whole base, decided by a person."""

from __future__ import annotations

import json
from collections.abc import Iterable

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.doublons.models import Collision
from opensegur.cabinet.patients.models import Patient, Preuve
from opensegur.cabinet.structures.models import Structure
from opensegur.ins import Nature
from opensegur.ins.collision import Etape, collision_signs

_GIVING = (
    Nature.RECUPERATION_INSI,
    Nature.APPLI_VITALE,
    Nature.INS_RECUE_VERIFIEE,
    Nature.CONTRAT_CONFIANCE,
    Nature.FLUX_QUALIFIEE,
)
_CHANGING = (Nature.MODIFICATION_TRAIT_STRICT, Nature.MODIFICATION_COMPLEMENTAIRE, Nature.APPLI_VITALE)
_READ = 500


def to_examine(structure: Structure) -> QuerySet[Collision]:
    return Collision.objects.filter(structure=structure, etat=Collision.Etat.A_TRAITER, patient__absorption=None)


def watch_collision(patient: Patient) -> Collision | None:
    """Note what the evidence of ``patient`` says against itself, or that it no longer says it.

    A record said to be one person's is asked about again only for another sign.
    """
    # read again: what has just been added is what matters
    return _note(patient, Preuve.objects.filter(patient=patient).order_by("id"))


def search_collisions(structure: Structure) -> int:
    """Look at every record of the structure whose identity has had more than one life; how many wait afterwards."""
    changed = Preuve.objects.filter(patient=OuterRef("pk"), nature__in=[each.value for each in _CHANGING])
    given = Count("preuves", filter=Q(preuves__nature__in=[each.value for each in _GIVING]))
    suspects = (
        Patient.objects.filter(structure=structure, absorption=None)
        .annotate(recues=given)
        .filter(Q(recues__gte=2) | Exists(changed))
        .select_related("structure")
        .prefetch_related("preuves")
        .order_by("pk")
    )
    for patient in suspects.iterator(chunk_size=_READ):
        _note(patient, patient.preuves.all())
    return to_examine(structure).count()


def say_one_person(collision: Collision, auteur: Compte) -> None:
    """Somebody has looked: the record is one person's."""
    collision.etat, collision.decidee_le, collision.decidee_par = Collision.Etat.ECARTEE, timezone.now(), auteur
    collision.save(update_fields=["etat", "decidee_le", "decidee_par"])


def _note(patient: Patient, preuves: Iterable[Preuve]) -> Collision | None:
    signs = [sign.value for sign in collision_signs(patient.traits(), _etapes(preuves))]
    known = Collision.objects.filter(patient=patient).first()
    if not signs:
        if known is not None and known.etat == Collision.Etat.A_TRAITER:
            known.delete()
        return None
    if known is None:
        return Collision.objects.create(structure=patient.structure, patient=patient, signes=signs)
    if not set(signs) <= set(known.signes):
        known.signes, known.etat = signs, Collision.Etat.A_TRAITER
        known.save(update_fields=["signes", "etat"])
    return known if known.etat == Collision.Etat.A_TRAITER else None


def _etapes(preuves: Iterable[Preuve]) -> list[Etape]:
    return [
        Etape(
            Nature(row.nature),
            row.matricule,
            row.anciens(),
            json.loads(row.changements) if row.changements else {},
        )
        for row in preuves
    ]
