"""The banner of every page of a record."""

from __future__ import annotations

from typing import Any

from django import template

from opensegur.cabinet.patients.models import Patient
from opensegur.ins import Attribut, matricule_may_leave

register = template.Library()

_ATTRIBUTS = {
    Attribut.DOUTEUSE: "Identité douteuse",
    Attribut.FICTIVE: "Identité fictive",
    Attribut.HOMONYME: "Homonyme : attention",
    Attribut.SANS_INS: "Sans INS",
}


@register.inclusion_tag("patients/bandeau.html")
def bandeau(patient: Patient) -> dict[str, Any]:
    """Traits and status; the matricule of a qualified identity only (EXI SI 08)."""
    etat = patient.etat()
    shown = etat.matricule if matricule_may_leave(etat.statut) else None
    return {
        "patient": patient,
        "statut": etat.statut,
        "matricule": shown,
        "attributs": [_ATTRIBUTS[attribut] for attribut in sorted(etat.attributs)],
    }
