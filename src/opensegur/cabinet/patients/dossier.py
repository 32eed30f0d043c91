"""The record: its identity, the document that proves it, and what is changed by hand."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opensegur.cabinet.acces import acces
from opensegur.cabinet.doublons.veille import watch
from opensegur.cabinet.patients import preuves, qualification
from opensegur.cabinet.patients.acces import patient_of, refuse_slave
from opensegur.cabinet.patients.copies import keep_copy
from opensegur.cabinet.patients.correction import correct
from opensegur.cabinet.patients.destinataires import sent_of
from opensegur.cabinet.patients.forms import IdentiteForm, PieceForm, SansPieceForm
from opensegur.cabinet.patients.lecture import dossier_of, initial_of
from opensegur.cabinet.requete import Requete
from opensegur.foundation.errors import InvalidValue
from opensegur.ins import STRICT_TRAITS, Nature, Statut

_ATTRIBUTS = {
    nature.value: nature
    for nature in (
        Nature.DOUTEUSE,
        Nature.FIN_DOUTEUSE,
        Nature.FICTIVE,
        Nature.FIN_FICTIVE,
        Nature.HOMONYME,
        Nature.FIN_HOMONYME,
    )
}


@acces(action="dossier.lire")
@require_GET
def dossier(request: Requete, patient_id: UUID) -> HttpResponse:
    patient = patient_of(request, patient_id)
    return render(request, "patients/dossier.html", {"patient": patient, "dossier": dossier_of(patient)})


@acces(action="identite.controler")
@require_http_methods(["GET", "POST"])
def piece(request: Requete, patient_id: UUID) -> HttpResponse:
    """The document of high confidence that was shown, and whether its traits agree."""
    patient = patient_of(request, patient_id)
    minor = qualification.is_minor(patient.date_naissance, qualification.today())
    posted = request.POST if request.method == "POST" else None
    form = PieceForm(request.qui.structure.pieces_admises, posted, mineur=minor)
    etat = patient.etat()
    if posted is not None and form.is_valid():
        with transaction.atomic():
            after = qualification.check_document(patient, request.qui, form.cleaned_data)
            if upload := request.FILES.get("copie"):
                keep_copy(patient, upload.read())
        request.trace.objet = f"pièce {form.cleaned_data['piece']}"
        if form.cleaned_data["differents"]:
            request.trace.motif = "pièce différente"
            messages.warning(request, "La pièce dit autre chose : l’identité redevient provisoire.")
            return redirect("patients:fiche", patient.pk)
        _announce(request, after.statut)
        return redirect("patients:dossier", patient.pk)
    context = {
        "patient": patient,
        "form": form,
        "etat": etat,
        "relance": qualification.relance_of(patient, etat),
        "attestation": qualification.may_attest(request.qui) and etat.from_insi,
    }
    return render(request, "patients/piece.html", context, status=422 if form.errors else 200)


def _announce(request: Requete, statut: Statut) -> None:
    if statut is Statut.QUALIFIEE:
        messages.success(request, "L’identité est qualifiée : les documents peuvent partir au DMP.")
    else:
        messages.success(request, "L’identité est validée. Il reste à récupérer l’INS pour la qualifier.")


@acces(action="identite.controler")
@require_GET
def fiche(request: Requete, patient_id: UUID) -> HttpResponse:
    """What to tell a person whose document differs: a sheet to print and give."""
    patient = patient_of(request, patient_id)
    context = {"patient": patient, "traits": patient.traits(), "structure": patient.structure}
    return render(request, "patients/fiche.html", context)


@acces(action="identite.controler")
@require_POST
def sans_piece(request: Requete, patient_id: UUID) -> HttpResponse:
    """Nothing was shown: it is written down and changes no status."""
    patient = patient_of(request, patient_id)
    form = SansPieceForm(request.POST)
    if form.is_valid():
        relance = qualification.note_absence(patient, request.qui, form.cleaned_data["raison"])
        request.trace.objet = form.cleaned_data["raison"]
        messages.info(request, qualification.say(relance))
    return redirect("patients:dossier", patient.pk)


@acces(action="identite.attester")
@require_POST
def attester(request: Requete, patient_id: UUID) -> HttpResponse:
    """A professional who knows the person says so, where the structure admits it."""
    patient = patient_of(request, patient_id)
    etat = qualification.attest(patient, request.qui)
    request.trace.objet = "attestation"
    _announce(request, etat.statut)
    return redirect("patients:dossier", patient.pk)


@acces(action="dossier.modifier")
@require_http_methods(["GET", "POST"])
def modifier(request: Requete, patient_id: UUID) -> HttpResponse:
    """Strict traits that came from INSi are locked, except for who answers for identities; names in use never are."""
    patient = patient_of(request, patient_id)
    refuse_slave(request)
    etat = patient.etat()
    may_unlock = etat.from_insi and request.qui.referent_identite
    unlocked = may_unlock and request.POST.get("deverrouiller", request.GET.get("deverrouiller")) == "1"
    locked = etat.from_insi and not unlocked
    posted = request.POST if request.method == "POST" else None
    form = IdentiteForm(posted, initial=initial_of(patient), verrouillee=locked)
    if posted is not None and form.is_valid():
        changed = correct(patient, form.traits(), request.qui)
        watch(patient)
        request.trace.objet = ", ".join(changed) or "rien"
        messages.success(request, "L’identité est enregistrée.")
        if etat.from_insi and set(changed) & set(STRICT_TRAITS) and sent_of(patient).exists():
            return redirect("patients:destinataires", patient.pk)
        return redirect("patients:dossier", patient.pk)
    context = {
        "patient": patient,
        "form": form,
        "verrouillee": locked,
        "deverrouillable": may_unlock and not unlocked,
        "deverrouillee": unlocked,
        "etat": etat,
    }
    return render(request, "patients/modifier.html", context, status=422 if form.errors else 200)


@acces(action="identite.attribut")
@require_POST
def attribut(request: Requete, patient_id: UUID) -> HttpResponse:
    """Douteuse, fictive, homonyme: set or removed."""
    patient = patient_of(request, patient_id)
    refuse_slave(request)
    nature = _ATTRIBUTS.get(request.POST.get("nature", ""))
    if nature is None:
        raise InvalidValue("ATTRIBUT_INCONNU", "Cet attribut n’existe pas.", conseil="Rechargez la page.")
    preuves.add_preuve(patient, nature, request.qui.compte)
    request.trace.objet = nature.value
    messages.success(request, f"{nature.libelle}.")
    return redirect("patients:dossier", patient.pk)
