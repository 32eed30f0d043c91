"""The door of every record: ``acces`` asks it about each patient that an address names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone

from opensegur.cabinet.cercle.appartenance import inside
from opensegur.cabinet.cercle.models import AccesExceptionnel
from opensegur.cabinet.cercle.objets import patients_named
from opensegur.cabinet.droits.table import Cercle, table
from opensegur.cabinet.patients.models import Patient

if TYPE_CHECKING:
    from opensegur.cabinet.requete import Qui

DUREE = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Passage:
    """``dehors``: a patient of whose circle whoever asks is not; ``exceptionnel``: what lets them in for a time."""

    dehors: Patient | None = None
    exceptionnel: AccesExceptionnel | None = None


def let_through(qui: Qui, action: str, kwargs: Mapping[str, Any], query: Mapping[str, Any]) -> Passage:
    """Free where the whole team opens records, and for whoever has to look at every identity or every access."""
    ligne = table().lignes[action]
    if not qui.cercle_restreint or ligne.cercle is Cercle.SANS_OBJET:
        return Passage()
    if ligne.cercle is Cercle.REFERENT and qui.referent_identite:
        return Passage()
    if ligne.cercle is Cercle.RELECTEUR and qui.peut("cercle.relire"):
        return Passage()
    named = set(patients_named(qui.structure, kwargs, query))
    outside = Patient.objects.filter(structure=qui.structure, absorption=None, pk__in=named - inside(qui, named))
    opened = None
    for patient in outside.order_by("pk"):
        opened = opened_by(qui, patient.pk)
        if opened is None:
            return Passage(dehors=patient)
    return Passage(exceptionnel=opened)


def opened_by(qui: Qui, patient_id: UUID) -> AccesExceptionnel | None:
    """The exceptional access that this person has now."""
    now = timezone.now()
    mine = AccesExceptionnel.objects.filter(structure=qui.structure, patient=patient_id, compte=qui.compte)
    return mine.filter(debut__lte=now, fin__gt=now).order_by("-fin").first()


def break_glass(qui: Qui, patient: Patient, motif: str, precision: str) -> AccesExceptionnel:
    """Four hours, counted from now."""
    now = timezone.now()
    return AccesExceptionnel.objects.create(
        structure=qui.structure,
        patient=patient,
        compte=qui.compte,
        motif=motif,
        precision=precision,
        debut=now,
        fin=now + DUREE,
    )
