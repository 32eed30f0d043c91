"""The one way to write in the journal."""

from __future__ import annotations

import platform

from django.utils import timezone

from opensegur.cabinet.journal.models import Ligne

_NOEUD = platform.node()[:80]


def record(
    action: str,
    *,
    structure_id: object,
    acteur: str,
    responsable: str = "",
    patient_ref: object = "",
    objet: str = "",
    motif: str = "",
    resultat: str = "succes",
) -> int:
    """Write one line and give its number.

    ``acteur`` is the national identifier of the person, or the local account's identifier; ``responsable`` the
    professional under whose responsibility they act; ``patient_ref`` the record's opaque identifier.
    """
    ligne = Ligne.objects.create(
        quand=timezone.now(),
        structure_ref=str(structure_id or ""),
        acteur=acteur[:120],
        responsable=responsable[:120],
        patient_ref=str(patient_ref or ""),
        action=action[:60],
        objet=objet[:200],
        motif=motif[:300],
        resultat=resultat[:60],
        noeud=_NOEUD,
    )
    return int(ligne.pk)
