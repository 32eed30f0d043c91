"""Lowering an identity with its reason, declaring that there is no INS, and who received what is now corrected."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opensegur.cabinet.acces import acces
from opensegur.cabinet.doublons.veille import watch
from opensegur.cabinet.patients import destinataires, preuves
from opensegur.cabinet.patients.acces import patient_of, refuse_slave
from opensegur.cabinet.patients.histoire import former_matricules, history_of
from opensegur.cabinet.requete import Requete
from opensegur.foundation.errors import InvalidValue
from opensegur.ins import Etat, Nature, Portee, motifs_of
from opensegur.ins.motifs import MOTIFS, Motif

_NATURES = {
    Portee.CONTROLE: Nature.RETRAIT_CONTROLE,
    Portee.INS: Nature.RETRAIT_INS,
    Portee.IDENTITE: Nature.RETRAIT_IDENTITE,
}
_PAR_PAGE = 50


def reasons_for(etat: Etat) -> tuple[Motif, ...]:
    """What may be taken away from an identity that stands so."""
    portees = []
    if etat.checked:
        portees.append(Portee.CONTROLE)
    if etat.from_insi:
        portees.append(Portee.INS)
    if portees:
        portees.append(Portee.IDENTITE)
    return motifs_of(*portees)


@acces(action="identite.declasser")
@require_http_methods(["GET", "POST"])
def declasser(request: Requete, patient_id: UUID) -> HttpResponse:
    """« Déqualifier »: the reason is chosen, and tells what is taken away."""
    patient = patient_of(request, patient_id)
    refuse_slave(request)
    etat = patient.etat()
    reasons = reasons_for(etat)
    if request.method == "GET":
        return render(request, "patients/declasser.html", {"patient": patient, "motifs": reasons, "etat": etat})
    chosen = next((each for each in reasons if each.code == request.POST.get("motif")), None)
    if chosen is None:
        raise InvalidValue("MOTIF_INCONNU", "Choisissez un motif de la liste.", conseil="Revenez à la page d’avant.")
    after = preuves.add_preuve(patient, _NATURES[chosen.portee], request.qui.compte, motif=chosen.code)
    watch(patient)
    request.trace.motif = chosen.code
    messages.warning(request, f"{chosen.libelle}. L’identité est maintenant {after.statut.libelle.split(' ')[1]}.")
    if etat.from_insi and not after.from_insi and destinataires.sent_of(patient).exists():
        return redirect("patients:destinataires", patient.pk)
    return redirect("patients:dossier", patient.pk)


@acces(action="identite.sans_ins")
@require_http_methods(["GET", "POST"])
def sans_ins(request: Requete, patient_id: UUID) -> HttpResponse:
    """A person who cannot have an INS: the reason stops the prompts, and everything stays here."""
    patient = patient_of(request, patient_id)
    refuse_slave(request)
    etat = patient.etat()
    if request.method == "GET":
        motifs = motifs_of(Portee.SANS_INS)
        return render(request, "patients/sans_ins.html", {"patient": patient, "motifs": motifs, "etat": etat})
    if request.POST.get("geste") == "fin":
        preuves.add_preuve(patient, Nature.FIN_SANS_INS, request.qui.compte)
        messages.success(request, "La personne peut de nouveau avoir une INS.")
    else:
        known = {each.code for each in MOTIFS if each.portee is Portee.SANS_INS}
        code = request.POST.get("motif", "")
        if code not in known:
            raise InvalidValue(
                "MOTIF_INCONNU", "Choisissez un motif de la liste.", conseil="Revenez à la page d’avant."
            )
        preuves.add_preuve(patient, Nature.SANS_INS, request.qui.compte, motif=code)
        request.trace.motif = code
        messages.info(request, "C’est noté : rien ne sera demandé à l’INSi, et l’identité reste dans ce logiciel.")
    return redirect("patients:dossier", patient.pk)


@acces(action="identite.destinataires")
@require_GET
def recipients(request: Requete, patient_id: UUID) -> HttpResponse:
    """Who received this identity, and what remains to be done about it."""
    patient = patient_of(request, patient_id)
    found = destinataires.recipients_of(patient)
    left = sum(each.rectification is None for each in found)
    return render(
        request, "patients/destinataires.html", {"patient": patient, "destinataires": found, "restent": left}
    )


@acces(action="identite.rectifier")
@require_POST
def rectify(request: Requete, patient_id: UUID, envoi_id: UUID) -> HttpResponse:
    """The recipient was warned, or the document withdrawn."""
    patient = patient_of(request, patient_id)
    envoi = get_object_or_404(destinataires.sent_of(patient), pk=envoi_id)
    destinataires.rectify(patient, envoi, request.qui)
    request.trace.objet = f"envoi {envoi.pk}"
    return redirect("patients:destinataires", patient.pk)


@acces(action="identite.histoire")
@require_GET
def histoire(request: Requete, patient_id: UUID) -> HttpResponse:
    """Everything that happened to the identity."""
    patient = patient_of(request, patient_id)
    pages = Paginator(history_of(patient), _PAR_PAGE)
    context = {
        "patient": patient,
        "page": pages.get_page(request.GET.get("page")),
        "anciens": former_matricules(patient),
    }
    return render(request, "patients/histoire.html", context)
