"""What is shown of a record to whoever is outside its circle: enough to be sure of the person, and who to ask."""

from __future__ import annotations

from django.urls import reverse

from opensegur.cabinet.cercle.appartenance import circle_of
from opensegur.cabinet.cercle.forms import BrisForm
from opensegur.cabinet.cercle.porte import DUREE
from opensegur.cabinet.patients.models import Patient


def outside_context(patient: Patient, form: BrisForm | None = None) -> dict[str, object]:
    return {
        "patient": patient,
        "form": form or BrisForm(),
        "proches": circle_of(patient),
        "heures": DUREE.seconds // 3600,
        "entree": reverse("cercle:entrer", args=[patient.pk]),
    }
