"""The copies of identity documents: seen with a line in the journal, and deleted by hand before their term."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from opensegur.cabinet.acces import acces
from opensegur.cabinet.patients.acces import patient_of
from opensegur.cabinet.patients.models import CopiePiece
from opensegur.cabinet.requete import Requete


@acces(action="copie.lire")
@require_GET
def lire(request: Requete, patient_id: UUID, copie_id: UUID) -> HttpResponse:
    patient = patient_of(request, patient_id)
    found = get_object_or_404(CopiePiece, pk=copie_id, preuve__patient=patient)
    request.trace.objet = f"copie {found.pk}"
    return HttpResponse(
        bytes(found.contenu),
        content_type=found.media,
        headers={"Content-Disposition": 'attachment; filename="piece"'},
    )


@acces(action="copie.effacer")
@require_POST
def effacer(request: Requete, patient_id: UUID, copie_id: UUID) -> HttpResponse:
    patient = patient_of(request, patient_id)
    found = get_object_or_404(CopiePiece, pk=copie_id, preuve__patient=patient)
    request.trace.objet = f"copie {found.pk}"
    found.delete()
    messages.info(request, "La copie est détruite.")
    return redirect("patients:histoire", patient.pk)
