"""A record taken away, or brought in."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from opensegur.cabinet.acces import acces
from opensegur.cabinet.patients.acces import patient_of
from opensegur.cabinet.portabilite.entree import bring_in
from opensegur.cabinet.portabilite.sortie import archive_of
from opensegur.cabinet.requete import Requete
from opensegur.foundation.errors import InvalidValue, OpenSegurError

_MAX_BYTES = 200 * 1024 * 1024


@acces(action="portabilite.exporter", trace=False)
@require_GET
def page(request: Requete, patient_id: UUID) -> HttpResponse:
    return render(request, "portabilite/page.html", {"patient": patient_of(request, patient_id), "erreur": ""})


@acces(action="portabilite.exporter")
@require_POST
def exporter(request: Requete, patient_id: UUID) -> HttpResponse:
    patient = patient_of(request, patient_id)
    return HttpResponse(
        archive_of(patient),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="dossier-{patient.ipp}.zip"'},
    )


@acces(action="portabilite.reprendre")
@require_POST
def reprendre(request: Requete, patient_id: UUID) -> HttpResponse:
    patient = patient_of(request, patient_id)
    upload = request.FILES.get("archive")
    try:
        if upload is None or (upload.size or 0) > _MAX_BYTES:
            raise InvalidValue("ARCHIVE_ABSENTE", "Choisissez une archive de 200 Mo au plus.")
        done = bring_in(upload.read(), patient, request.qui.compte)
    except OpenSegurError as error:
        request.trace.resultat = error.code
        context = {"patient": patient, "erreur": f"{error.message} {error.conseil}".strip()}
        return render(request, "portabilite/page.html", context, status=422)
    request.trace.objet = f"{done.documents} documents, {done.donnees} données"
    messages.success(
        request,
        f"Repris : {done.documents} documents et {done.donnees} données. Déjà présents : {done.connus}.",
    )
    return redirect("medical:dossier", patient.pk)
