"""The journal on screen: the structure's own lines, the newest first."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from opensegur.cabinet.acces import acces
from opensegur.cabinet.comptes.roles import SOIGNANTS, Role
from opensegur.cabinet.journal.models import Ligne
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.requete import Requete

_PAR_PAGE = 100


@acces(action="journal.lire", roles=SOIGNANTS | {Role.GESTIONNAIRE})
@require_GET
def liste(request: Requete) -> HttpResponse:
    """``?dossier=`` keeps the lines of one record, for whoever asks who has opened it."""
    lignes = Ligne.objects.filter(structure_ref=str(request.qui.structure.pk)).order_by("-id")
    patient = _patient(request)
    if patient is not None:
        lignes = lignes.filter(patient_ref=str(patient.pk))
        request.trace.patient_ref = patient.pk
    page = Paginator(lignes, _PAR_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "patient_filtre": patient, "suite": f"&dossier={patient.pk}" if patient else ""}
    return render(request, "journal/liste.html", context)


def _patient(request: Requete) -> Patient | None:
    try:
        reference = UUID(request.GET.get("dossier", ""))
    except ValueError:
        return None
    return Patient.objects.filter(structure=request.qui.structure, pk=reference).first()
