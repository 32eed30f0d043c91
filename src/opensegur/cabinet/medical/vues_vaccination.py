"""Vaccinating: the box is scanned, the form is filled, one key writes the record and the note."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from opensegur.cabinet.acces import acces
from opensegur.cabinet.documents.composition import Brouillon, compose
from opensegur.cabinet.documents.modeles import HISTORIQUE
from opensegur.cabinet.documents.models import Document
from opensegur.cabinet.documents.suite import try_to_send
from opensegur.cabinet.guichet.lectures import reading_of
from opensegur.cabinet.guichet.models import Lecture
from opensegur.cabinet.medical import dossier
from opensegur.cabinet.medical.vaccination import FormulaireVaccination, initial_of, note_draft
from opensegur.cabinet.patients.acces import patient_of
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.requete import Requete
from opensegur.cda.n3.vaccination import Vaccination
from opensegur.foundation.errors import InvalidValue, OpenSegurError
from opensegur.medicament.gs1 import LectureBoite, parse_box


@acces(action="medical.vacciner")
@require_http_methods(["GET", "POST"])
def vacciner(request: Requete, patient_id: UUID) -> HttpResponse:
    """``?lecture=``: the box that was just scanned. ``geste``: envoyer, or garder."""
    patient = patient_of(request, patient_id)
    if request.method == "POST":
        form = FormulaireVaccination(request.POST, compte=request.qui.compte, patient=patient)
        if form.is_valid():
            try:
                return _write(request, patient, form)
            except InvalidValue as error:
                form.add_error(None, f"{error.message} {error.conseil}".strip())
        return _show(request, patient, form)
    request.trace.tue = True
    try:
        box = _box(request)
        initial = initial_of(box, timezone.localdate())
    except InvalidValue as error:
        messages.error(request, f"{error.message} {error.conseil}".strip())
        box, initial = None, initial_of(None, timezone.localdate())
    form = FormulaireVaccination(initial=initial, compte=request.qui.compte, patient=patient)
    return _show(request, patient, form, box)


@acces(action="medical.vacciner")
@require_POST
def historique(request: Requete, patient_id: UUID) -> HttpResponse:
    """Every vaccination of the record as one document, which replaces the former one of the same author."""
    patient = patient_of(request, patient_id)
    known = tuple(each.valeur for each in dossier.entries_of(patient) if isinstance(each.valeur, Vaccination))
    former = Document.objects.filter(
        patient=patient, auteur=request.qui.compte, modele=HISTORIQUE, annule_le=None, suivant=None
    )
    draft = Brouillon(HISTORIQUE, known, remplace=former.order_by("-cree_le").first())
    document = compose(draft, patient, request.qui.compte)
    request.trace.objet = f"document {document.pk}"
    messages.success(request, "L’historique des vaccinations est dans le dossier. Il n’a pas été envoyé.")
    return redirect("documents:lire", patient_id=patient.pk, document_id=document.pk)


def _write(request: Requete, patient: Patient, form: FormulaireVaccination) -> HttpResponse:
    value = form.valeur()
    note: Document | None = None
    with transaction.atomic():
        if form.est_de_moi:
            note = compose(note_draft(value), patient, request.qui.compte)
        dossier.write(patient, value, request.qui.compte, source=note)
    request.trace.objet = f"document {note.pk}" if note else "sans note"
    if note is None:
        messages.success(request, "La vaccination est notée dans le dossier.")
    elif request.POST.get("geste") == "envoyer":
        try_to_send(request, note)
    else:
        messages.success(request, "La vaccination est notée, et sa note est dans les documents.")
    return redirect("medical:dossier", patient.pk)


def _show(
    request: Requete, patient: Patient, form: FormulaireVaccination, box: LectureBoite | None = None
) -> HttpResponse:
    known = [each for each in dossier.entries_of(patient) if isinstance(each.valeur, Vaccination)]
    context = {
        "patient": patient,
        "formulaire": form,
        "connues": known,
        "boite": box,
        "alertes": [warning.value for warning in box.avertissements] if box else [],
    }
    return render(request, "medical/vaccination.html", context, status=422 if form.errors else 200)


def _box(request: Requete) -> LectureBoite | None:
    asked = request.GET.get("lecture", "")
    if not asked:
        return None
    try:
        _, read = reading_of(request, UUID(asked), Lecture.Nature.BOITE)
    except (ValueError, OpenSegurError) as error:
        raise InvalidValue(
            "LECTURE_DEPASSEE", "Cette lecture est trop ancienne.", conseil="Scannez la boîte de nouveau."
        ) from error
    return parse_box(read["texte"], timezone.localdate())
