"""The DMP tab: the page comes at once, what the DMP answers comes after it."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from opensegur.cabinet.acces import acces
from opensegur.cabinet.dmp.models import Consentement
from opensegur.cabinet.dmp.passerelle import client_for, reader
from opensegur.cabinet.documents.lecture import prepare
from opensegur.cabinet.documents.reception import receive
from opensegur.cabinet.patients.acces import patient_of
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.requete import Requete
from opensegur.dmp import DocumentEntry, Habilitation
from opensegur.foundation.errors import InvalidValue
from opensegur.foundation.identifiers import check_oid
from opensegur.ins import Matricule, Statut


@acces(action="dmp.consulter")
@require_GET
def dossier(request: Requete, patient_id: UUID) -> HttpResponse:
    patient = patient_of(request, patient_id)
    context = {
        "patient": patient,
        "qualifiee": patient.statut is Statut.QUALIFIEE,
        "consentement": _last_consent(request, patient),
    }
    return render(request, "dmp/dossier.html", context)


@acces(action="dmp.consulter", psc=True)
@require_GET
def etat(request: Requete, patient_id: UUID) -> HttpResponse:
    """TD0.2: whether the patient has a DMP, and what this person may do there."""
    patient = patient_of(request, patient_id)
    request.trace.objet = "TD0.2"
    existence = client_for(request.qui.structure).check_existence(_matricule(patient), reader(request.qui))
    context = {"patient": patient, "existence": existence, "consentement": _last_consent(request, patient)}
    return render(request, "dmp/_etat.html", context)


@acces(action="dmp.consentement", psc=True)
@require_POST
def autoriser(request: Requete, patient_id: UUID) -> HttpResponse:
    """TD0.3, once the patient's consent is written down."""
    patient = patient_of(request, patient_id)
    request.trace.objet = "TD0.3"
    if request.POST.get("accord") != "oui":
        raise InvalidValue(
            "DMP_SANS_ACCORD",
            "L’accord du patient n’est pas indiqué.",
            conseil="Demandez-lui son accord, cochez la case, puis recommencez.",
        )
    matricule, acteur = _matricule(patient), reader(request.qui)
    Consentement.objects.create(
        structure=request.qui.structure,
        patient=patient,
        professionnel=acteur.professionnel.id_nat,
        sens=Consentement.Sens.DONNE,
        recueilli_le=timezone.now(),
        recueilli_par=request.qui.compte,
    )
    client_for(request.qui.structure).set_authorization(matricule, acteur, Habilitation.AJOUT)
    messages.success(request, "Accord enregistré. Vous pouvez lire ce DMP.")
    return redirect("dmp:dossier", patient_id=patient.pk)


@acces(action="dmp.consulter", psc=True)
@require_GET
def documents(request: Requete, patient_id: UUID) -> HttpResponse:
    """TD3.1: the active documents, the newest first."""
    patient = patient_of(request, patient_id)
    request.trace.objet = "TD3.1"
    found = client_for(request.qui.structure).find_documents(_matricule(patient), reader(request.qui))
    local = set(patient.documents.values_list("uid", flat=True))
    entries = sorted(found, key=_moment, reverse=True)
    return render(request, "dmp/_documents.html", {"patient": patient, "entries": entries, "local": local})


@acces(action="dmp.lire_document", psc=True)
@require_GET
def lire(request: Requete, patient_id: UUID, uid: str) -> HttpResponse:
    """TD3.2: one document, shown without anything that it could run."""
    patient = patient_of(request, patient_id)
    data = _retrieve(request, patient, uid)
    return render(request, "dmp/lire.html", {"patient": patient, "uid": uid, "lecture": prepare(data)})


@acces(action="dmp.lire_document", psc=True)
@require_GET
def fichier(request: Requete, patient_id: UUID, uid: str) -> HttpResponse:
    """The document byte for byte, to keep or to open elsewhere."""
    data = _retrieve(request, patient_of(request, patient_id), uid)
    return HttpResponse(
        data,
        content_type="application/octet-stream",
        headers={"Content-Disposition": 'attachment; filename="document-dmp.xml"'},
    )


@acces(action="dmp.lire_document", psc=True)
@require_POST
def importer(request: Requete, patient_id: UUID, uid: str) -> HttpResponse:
    """The document kept in the record, then what it offers to it."""
    patient = patient_of(request, patient_id)
    document = receive(_retrieve(request, patient, uid), "", patient=patient, compte=request.qui.compte)
    messages.success(request, "Le document du DMP est dans le dossier, tel qu’il est venu.")
    return redirect("documents:lire", patient_id=patient.pk, document_id=document.pk)


def _retrieve(request: Requete, patient: Patient, uid: str) -> bytes:
    request.trace.objet = f"TD3.2 {check_oid(uid)}"
    return client_for(request.qui.structure).retrieve(uid, _matricule(patient), reader(request.qui))


def _moment(entry: DocumentEntry) -> datetime:
    """When the care took place, or when the document was made: what a reader looks for by date."""
    return entry.service_start_time or entry.creation_time or datetime.min.replace(tzinfo=UTC)


def _matricule(patient: Patient) -> Matricule:
    matricule = patient.matricule_ins() if patient.statut is Statut.QUALIFIEE else None
    if matricule is None:
        raise InvalidValue(
            "DMP_IDENTITE_NON_QUALIFIEE",
            "Le DMP ne peut être interrogé qu’avec une identité qualifiée.",
            conseil="Récupérez l’INS puis enregistrez la pièce d’identité présentée.",
        )
    return matricule


def _last_consent(request: Requete, patient: Patient) -> Consentement | None:
    return (
        Consentement.objects.filter(patient=patient, professionnel=request.qui.compte.id_nat)
        .select_related("recueilli_par")
        .order_by("-recueilli_le")
        .first()
    )
