"""The identities received, on screen: what is to be decided, the contracts of trust, a document to read."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from opensegur.cabinet.acces import acces
from opensegur.cabinet.patients.acces import refuse_slave
from opensegur.cabinet.requete import Requete
from opensegur.cabinet.vigilance import recues
from opensegur.cabinet.vigilance.models import Contrat, Recue
from opensegur.cda.reading import read_document
from opensegur.foundation.errors import InvalidValue, OpenSegurError
from opensegur.ins.heritage import Decision

_MAX_BYTES = 20_000_000


@acces(action="vigilance.recevoir")
@require_GET
def liste(request: Requete) -> HttpResponse:
    """What waits for somebody first, then the last ones that were dealt with."""
    rows = Recue.objects.filter(structure=request.qui.structure).select_related("patient")
    context = {
        "attendent": [(row, recues.recue_of(row).traits) for row in rows.filter(traitee_le=None)],
        "traitees": rows.exclude(traitee_le=None)[:20],
        "contrats": Contrat.objects.filter(structure=request.qui.structure),
        "aujourdhui": timezone.localdate(),
        "a_verifier": Decision.VERIFIER.value,
    }
    return render(request, "vigilance/recues.html", context)


@acces(action="vigilance.recevoir")
@require_POST
def document(request: Requete) -> HttpResponse:
    """A CDA that was received: its identity is situated, verified, and waits here when somebody has to decide."""
    upload = request.FILES.get("fichier")
    if upload is None or (upload.size or 0) > _MAX_BYTES:
        raise InvalidValue("RECUE_FICHIER", "Choisissez un document CDA de 20 Mo au plus.")
    read = read_document(upload.read())
    origine = recues.Origine(Recue.Moyen.DOCUMENT.value, read.structure.id_nat, read.structure.nom)
    row = recues.receive(request.qui.structure, request.qui.compte, recues.identity_of(read), origine)
    request.trace.objet = f"identité reçue {row.pk} : {row.decision}"
    request.trace.patient_ref = row.patient_id or ""
    messages.info(request, f"{Decision(row.decision).libelle}.")
    if row.traitee_le and row.patient_id:
        return redirect("patients:dossier", row.patient_id)
    return redirect("vigilance:recues")


@acces(action="vigilance.recevoir")
@require_POST
def decider(request: Requete, recue_id: UUID) -> HttpResponse:
    """Do what is proposed, or mark an alert as examined; a verification that failed is tried again."""
    refuse_slave(request)
    row = get_object_or_404(
        Recue.objects.select_related("patient", "structure").filter(structure=request.qui.structure), pk=recue_id
    )
    request.trace.objet = f"identité reçue {row.pk} : {row.decision}"
    if row.decision == Decision.VERIFIER.value:
        recues.verify(row, recues.recue_of(row))
        if row.panne:
            messages.error(request, row.panne)
        return redirect("vigilance:recues")
    patient = recues.apply_decision(row, request.qui.compte)
    request.trace.patient_ref = patient.pk if patient else ""
    messages.success(request, "C’est fait.")
    return redirect("patients:dossier", patient.pk) if patient else redirect("vigilance:recues")


@acces(action="vigilance.contrat")
@require_POST
def contrat(request: Requete) -> HttpResponse:
    """Write a contract of trust, or end one: for who answers for the identities of the structure."""
    if not request.qui.referent_identite:
        raise OpenSegurError(
            "CONTRAT_RESERVE",
            "Un contrat de confiance est écrit par un référent d’identité.",
            conseil="Demandez-le-lui.",
        )
    if number := request.POST.get("finir", ""):
        found = Contrat.objects.filter(structure=request.qui.structure, pk=int(number) if number.isdigit() else 0)
        found.update(fin=timezone.localdate())
    else:
        _write(request)
    return redirect("vigilance:recues")


def _write(request: Requete) -> None:
    emetteur = request.POST.get("emetteur", "").strip().lower()[:200]
    nom = request.POST.get("nom", "").strip()[:120]
    if not emetteur or not nom:
        raise InvalidValue("CONTRAT_VIDE", "Donnez l’identifiant ou l’adresse de l’émetteur, et son nom.")
    debut: date = timezone.localdate()
    Contrat.objects.update_or_create(
        structure=request.qui.structure,
        emetteur=emetteur,
        defaults={"nom": nom, "debut": debut, "fin": None, "auteur": request.qui.compte},
    )
    messages.success(request, "Le contrat est noté : les identités qualifiées de cet émetteur le seront ici.")
