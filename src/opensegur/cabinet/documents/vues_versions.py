"""A document replaced by its next version, or cancelled."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from opensegur.cabinet.acces import acces
from opensegur.cabinet.documents.depot import Depot, Visibilite, keep
from opensegur.cabinet.documents.formulaires import FormulaireRemplacement
from opensegur.cabinet.documents.modeles import FEUILLE, LEXIQUE, SYNTHESES
from opensegur.cabinet.documents.suite import send_or_keep
from opensegur.cabinet.documents.versions import cancel, check_changeable
from opensegur.cabinet.documents.vues import document_of
from opensegur.cabinet.patients.acces import patient_of
from opensegur.cabinet.requete import Requete
from opensegur.foundation.errors import OpenSegurError


@acces(action="document.remplacer")
@require_http_methods(["GET", "POST"])
def remplacer(request: Requete, patient_id: UUID, document_id: UUID) -> HttpResponse:
    """A new file of the same type and visibility. What the application writes is written again where it was made."""
    patient = patient_of(request, patient_id)
    document = document_of(patient, document_id)
    request.trace.objet = f"document {document.pk}"
    check_changeable(document, request.qui)
    if document.modele in SYNTHESES:
        return redirect("medical:vsm", patient.pk)
    if document.modele == FEUILLE:
        written = LEXIQUE.from_json(document.valeurs)
        return redirect("ecrits:corriger", patient.pk, written.modele, document.pk)
    form = FormulaireRemplacement(request.POST or None, request.FILES or None, initial={"titre": document.titre})
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["fichier"]
        seen = Visibilite(document.visible_patient, document.visible_professionnels, document.visible_representants)
        depot = Depot(upload.read(), upload.name, document.type_code, form.cleaned_data["titre"], seen)
        try:
            made = keep(
                depot,
                patient=patient,
                structure=request.qui.structure,
                auteur=request.qui.compte,
                remplace=document,
            )
        except OpenSegurError as error:
            form.add_error("fichier", f"{error.message} {error.conseil}".strip())
        else:
            send_or_keep(request, made)
            return redirect("documents:lire", patient_id=patient.pk, document_id=made.pk)
    context = {"patient": patient, "document": document, "formulaire": form}
    return render(request, "documents/remplacer.html", context, status=422 if form.errors else 200)


@acces(action="document.annuler")
@require_POST
def annuler(request: Requete, patient_id: UUID, document_id: UUID) -> HttpResponse:
    patient = patient_of(request, patient_id)
    document = document_of(patient, document_id)
    request.trace.objet = f"document {document.pk}"
    check_changeable(document, request.qui)
    cancel(document, request.qui.compte, request.POST.get("motif", ""))
    messages.success(request, "Le document est annulé. Il reste lisible ici, et ne partira plus.")
    if document.est_parti:
        messages.warning(request, "Il est encore au DMP : demandez-y sa suppression.")
    return redirect("documents:lire", patient_id=patient.pk, document_id=document.pk)
