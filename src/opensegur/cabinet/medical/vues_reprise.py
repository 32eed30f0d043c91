"""The structured part of a received document beside the record: each item is taken, or left."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from opensegur.cabinet.acces import acces
from opensegur.cabinet.documents.models import Document
from opensegur.cabinet.medical.reprise import offers_of, take
from opensegur.cabinet.patients.acces import patient_of
from opensegur.cabinet.requete import Requete


@acces(action="medical.reprendre")
@require_http_methods(["GET", "POST"])
def reprendre(request: Requete, patient_id: UUID, document_id: UUID) -> HttpResponse:
    patient = patient_of(request, patient_id)
    document = get_object_or_404(Document.objects.filter(patient=patient, recu=True), pk=document_id)
    request.trace.objet = f"document {document.pk}"
    if request.method == "POST":
        chosen = {int(rank) for rank in request.POST.getlist("pris") if rank.isascii() and rank.isdigit()}
        taken = take(document, patient, chosen, request.qui.compte)
        request.trace.motif = f"{taken} éléments"
        if taken:
            messages.success(request, f"{taken} élément{'s' if taken > 1 else ''} repris dans le dossier médical.")
        else:
            messages.info(request, "Rien n’a été repris.")
        return redirect("medical:dossier", patient.pk)
    offers = offers_of(document, patient)
    context = {
        "patient": patient,
        "document": document,
        "offres": offers,
        "nouvelles": sum(each.est_nouvelle for each in offers),
        "a_voir": sum(not each.est_nouvelle and not each.est_connue for each in offers),
    }
    return render(request, "medical/reprise.html", context)
