"""The documents of a record: list, add, read, send."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opensegur.cabinet.acces import acces
from opensegur.cabinet.documents.apercu import preview
from opensegur.cabinet.documents.depot import keep
from opensegur.cabinet.documents.formulaires import FormulaireDepot
from opensegur.cabinet.documents.impression import as_issued
from opensegur.cabinet.documents.lecture import prepare
from opensegur.cabinet.documents.models import Document
from opensegur.cabinet.documents.reception import receive
from opensegur.cabinet.documents.representants import is_minor
from opensegur.cabinet.documents.suite import send_or_keep, try_to_send
from opensegur.cabinet.documents.versions import may_change
from opensegur.cabinet.ecrits.brouillons import drafts_of
from opensegur.cabinet.ecrits.gabarits import templates_of
from opensegur.cabinet.ecrits.modeles import ModeleEcrit, models_for
from opensegur.cabinet.envois.models import Envoi
from opensegur.cabinet.patients.acces import patient_of
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.requete import Requete
from opensegur.foundation.errors import OpenSegurError


@acces(action="document.lire")
@require_GET
def liste(request: Requete, patient_id: UUID) -> HttpResponse:
    patient = patient_of(request, patient_id)
    found = _documents(patient)
    context = {
        "patient": patient,
        "documents": [each for each in found if not each.est_obsolete],
        "anciens": [each for each in found if each.est_obsolete],
        "ecrits": _writings(request),
        "brouillons": drafts_of(patient, request.qui.compte),
    }
    return render(request, "documents/liste.html", context)


@acces(action="document.ajouter")
@require_http_methods(["GET", "POST"])
def ajouter(request: Requete, patient_id: UUID) -> HttpResponse:
    patient = patient_of(request, patient_id)
    formulaire = FormulaireDepot(
        request.POST or None,
        request.FILES or None,
        profession=request.qui.compte.profession,
        mineur=is_minor(patient.date_naissance, timezone.localdate()),
    )
    if request.method == "POST" and formulaire.is_valid():
        try:
            if formulaire.est_cda:
                return _receive(request, patient, formulaire)
            document = keep(
                formulaire.depot(), patient=patient, structure=request.qui.structure, auteur=request.qui.compte
            )
        except OpenSegurError as error:
            formulaire.add_error("fichier", f"{error.message} {error.conseil}".strip())
        else:
            request.trace.objet = f"document {document.pk}"
            send_or_keep(request, document)
            return redirect("documents:liste", patient_id=patient.pk)
    status = 422 if formulaire.is_bound else 200
    return render(request, "documents/ajouter.html", {"patient": patient, "formulaire": formulaire}, status=status)


def _writings(request: Requete) -> list[ModeleEcrit]:
    """What this person may write: our forms, then the letters of the practice."""
    ours = models_for(request.qui.role)
    return [*ours, *templates_of(request.qui.structure)] if request.qui.peut("ecrit.rediger") else []


def _receive(request: Requete, patient: Patient, formulaire: FormulaireDepot) -> HttpResponse:
    upload = formulaire.cleaned_data["fichier"]
    document = receive(upload.read(), upload.name, patient=patient, compte=request.qui.compte)
    request.trace.objet = f"document {document.pk}"
    messages.success(request, "Le document reçu est dans le dossier, tel qu’il est venu.")
    return redirect("documents:lire", patient_id=patient.pk, document_id=document.pk)


@acces(action="document.lire")
@require_GET
def lire(request: Requete, patient_id: UUID, document_id: UUID) -> HttpResponse:
    patient = patient_of(request, patient_id)
    document = document_of(patient, document_id)
    request.trace.objet = f"document {document.pk}"
    lecture = prepare(bytes(document.origine)) if document.recu else None
    context = {
        "patient": patient,
        "document": document,
        "versions": document.versions(),
        "lecture": lecture,
        "apercu": lecture.apercu if lecture else preview(bytes(document.pdfa)),
        "modifiable": may_change(document, request.qui) and not document.est_obsolete,
        "reprenable": bool(lecture and lecture.document.corps is None and request.qui.peut("medical.reprendre")),
    }
    return render(request, "documents/lire.html", context)


@acces(action="document.lire")
@require_GET
def fichier(request: Requete, patient_id: UUID, document_id: UUID) -> HttpResponse:
    """The file to print or to keep: a qualified patient's bears the INS code. A received CDA is given as it came."""
    patient = patient_of(request, patient_id)
    document = document_of(patient, document_id)
    request.trace.objet = f"document {document.pk}"
    if document.recu:
        return HttpResponse(
            bytes(document.origine),
            content_type="application/octet-stream",
            headers={"Content-Disposition": 'attachment; filename="document-cda.xml"'},
        )
    return HttpResponse(
        as_issued(document, patient),
        content_type="application/pdf",
        headers={"Content-Disposition": 'attachment; filename="document.pdf"'},
    )


@acces(action="document.lire", trace=False)
@require_GET
def etat(request: Requete, patient_id: UUID, document_id: UUID) -> HttpResponse:
    patient = patient_of(request, patient_id)
    return render(
        request, "documents/_etat.html", {"patient": patient, "document": document_of(patient, document_id)}
    )


@acces(action="document.envoyer")
@require_POST
def envoyer(request: Requete, patient_id: UUID, document_id: UUID) -> HttpResponse:
    patient = patient_of(request, patient_id)
    document = document_of(patient, document_id)
    request.trace.objet = f"document {document.pk}"
    if document.envoi_dmp is None:
        try_to_send(request, document)
    else:
        messages.info(request, "Ce document a déjà un envoi : son état est affiché dans la liste.")
    return redirect("documents:liste", patient_id=patient.pk)


def _documents(patient: Patient) -> list[Document]:
    envois = Prefetch("envois", queryset=Envoi.objects.defer("contenu").order_by("-cree_le"))
    # a list must not decrypt every file
    heavy = ("origine", "pdfa", "valeurs")
    rows = patient.documents.select_related("auteur", "suivant").defer(
        *heavy, *(f"suivant__{each}" for each in heavy)
    )
    return list(rows.prefetch_related(envois).order_by("-cree_le"))


def document_of(patient: Patient, document_id: UUID) -> Document:
    return get_object_or_404(Document.objects.filter(patient=patient), pk=document_id)
