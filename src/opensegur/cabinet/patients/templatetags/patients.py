"""The banner of every page of a record."""

from __future__ import annotations

from typing import Any

from django import template

from opensegur.cabinet.patients.models import Patient
from opensegur.ins import matricule_may_leave

register = template.Library()

_ATTRIBUTS = {"douteuse": "Identité douteuse", "fictive": "Identité fictive", "homonyme": "Homonyme : attention"}


@register.inclusion_tag("patients/bandeau.html")
def bandeau(patient: Patient) -> dict[str, Any]:
    """Traits and status; the matricule of a qualified identity only (EXI SI 08)."""
    etat = patient.etat()
    shown = etat.matricule if matricule_may_leave(etat.statut) else None
    return {
        "patient": patient,
        "statut": etat.statut,
        "matricule": shown,
        "attributs": [_ATTRIBUTS[attribut.value] for attribut in sorted(etat.attributs)],
    }
