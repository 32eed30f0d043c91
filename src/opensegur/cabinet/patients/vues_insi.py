"""INSi seen from the screen: asking for a record, comparing, deciding."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from opensegur.cabinet.acces import acces
from opensegur.cabinet.comptes.roles import EQUIPE
from opensegur.cabinet.patients import insi, preuves
from opensegur.cabinet.patients.acces import patient_of
from opensegur.cabinet.patients.models import RechercheInsi
from opensegur.cabinet.requete import Requete
from opensegur.foundation.errors import OpenSegurError
from opensegur.ins import CodeRetour, check_identity, check_insi_call


@acces(action="insi.rechercher", roles=EQUIPE)
@require_POST
def interroger(request: Requete, patient_id: UUID) -> HttpResponse:
    """For a record that exists: its own traits are asked."""
    patient = patient_of(request, patient_id)
    try:
        check_insi_call(patient.etat())
        answer = insi.ask(request.qui.structure, patient.traits(), request.qui.compte, patient)
    except OpenSegurError as error:
        request.trace.resultat = error.code
        messages.error(request, f"{error.message} {error.conseil}")
        return redirect("patients:dossier", patient.pk)
    request.trace.objet = f"INSi {answer.pk} : {answer.code}"
    if insi.is_found(answer):
        return redirect("patients:comparaison", answer.pk)
    code = CodeRetour(answer.code)
    messages.warning(request, f"INSi : {code.libelle.lower()}. {code.conseil}")
    return redirect("patients:dossier", patient.pk)


@acces(action="insi.comparer", roles=EQUIPE)
@require_http_methods(["GET", "POST"])
def comparaison(request: Requete, recherche_id: UUID) -> HttpResponse:
    """Local and received traits side by side; a person accepts or refuses, the machine never does."""
    waiting = RechercheInsi.objects.select_related("patient", "structure").filter(structure=request.qui.structure)
    recherche = get_object_or_404(waiting.exclude(issue=RechercheInsi.Issue.SANS_RESULTAT), pk=recherche_id)
    request.trace.patient_ref = recherche.patient_id or ""
    request.trace.objet = f"INSi {recherche.pk}"
    if request.method == "POST":
        return _decide(request, recherche)
    return _show(request, recherche)


def _show(request: Requete, recherche: RechercheInsi) -> HttpResponse:
    individu = insi.individu_of(recherche)
    reception = insi.reception_of(recherche)
    holder = preuves.holder_of(request.qui.structure, individu.matricule)
    local = insi.demande_of(recherche)
    context = {
        "recherche": recherche,
        "patient": recherche.patient,
        "reception": reception,
        "lignes": insi.side_by_side(local, reception.traits) if reception.traits else (),
        "ecarts": any(ligne.ecart for ligne in insi.side_by_side(local, reception.traits))
        if reception.traits
        else False,
        "prenoms": insi.first_names(reception.traits) if reception.traits else (),
        "remarques": check_identity(individu.matricule, reception.traits) if reception.traits else (),
        "en_attente": recherche.issue == RechercheInsi.Issue.EN_ATTENTE,
        "deja": holder if holder and holder.pk != recherche.patient_id else None,
    }
    return render(request, "patients/comparaison.html", context)


def _decide(request: Requete, recherche: RechercheInsi) -> HttpResponse:
    decision = request.POST.get("decision", "")
    auteur = request.qui.compte
    if decision == "accepter":
        patient = insi.accept(recherche, auteur, request.POST.get("premier_prenom", ""))
        request.trace.patient_ref = patient.pk
        messages.success(request, "L’INS est récupérée. Il reste à contrôler une pièce d’identité.")
        return redirect("patients:dossier", patient.pk)
    insi.refuse(recherche)
    request.trace.motif = "réponse refusée"
    if recherche.patient is None:
        patient = preuves.create_patient(request.qui.structure, insi.demande_of(recherche), auteur)
        request.trace.patient_ref = patient.pk
        messages.info(request, "Le dossier est créé avec les traits saisis. Son identité est provisoire.")
        return redirect("patients:dossier", patient.pk)
    messages.info(request, "La réponse de l’INSi est refusée. Le dossier n’a pas changé.")
    return redirect("patients:dossier", recherche.patient.pk)
