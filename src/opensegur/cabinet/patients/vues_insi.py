"""INSi seen from the screen: asking for a record, comparing, deciding."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opensegur.cabinet.acces import acces
from opensegur.cabinet.doublons.veille import watch
from opensegur.cabinet.patients import insi, preuves, qualification
from opensegur.cabinet.patients.acces import patient_of, refuse_slave
from opensegur.cabinet.patients.forms import PieceForm
from opensegur.cabinet.patients.models import Patient, RechercheInsi, SansPiece
from opensegur.cabinet.requete import Requete
from opensegur.foundation.errors import OpenSegurError
from opensegur.ins import Canal, CodeRetour, Etat, Reception, Statut, check_identity, check_insi_call


@acces(action="insi.rechercher")
@require_POST
def interroger(request: Requete, patient_id: UUID) -> HttpResponse:
    """For a record that exists: its own traits are asked."""
    patient = patient_of(request, patient_id)
    refuse_slave(request)
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


@acces(action="insi.comparer")
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


def _show(request: Requete, recherche: RechercheInsi, form: PieceForm | None = None) -> HttpResponse:
    individu = insi.individu_of(recherche)
    reception = insi.reception_of(recherche)
    holder = preuves.holder_of(request.qui.structure, individu.matricule)
    source = insi.source_of(recherche)
    lignes = insi.side_by_side(insi.demande_of(recherche), reception.traits, source) if reception.traits else []
    former = recherche.patient.matricule_ins() if recherche.patient else None
    context = {
        "recherche": recherche,
        "patient": recherche.patient,
        "reception": reception,
        "lignes": lignes,
        "avec_local": bool(recherche.demande),
        "source": Canal(recherche.canal).libelle if source else "",
        "ecarts": any(ligne.ecart or ligne.source_ecart for ligne in lignes),
        "prenoms": insi.first_names(reception.traits) if reception.traits else (),
        "remarques": check_identity(individu.matricule, reception.traits) if reception.traits else (),
        "en_attente": recherche.issue == RechercheInsi.Issue.EN_ATTENTE,
        "deja": holder if holder and holder.pk != recherche.patient_id else None,
        "ancien": former if former and former != individu.matricule else None,
        "anciens": individu.anciens,
        "form": form or _form(request, reception),
        "attestation": qualification.may_attest(request.qui),
        "controle_utile": not (recherche.patient and recherche.patient.etat().checked),
    }
    return render(request, "patients/comparaison.html", context, status=422 if form else 200)


def _form(request: Requete, reception: Reception, data: QueryDict | None = None) -> PieceForm:
    traits = reception.traits
    minor = traits is not None and qualification.is_minor(traits.date_naissance, qualification.today())
    return PieceForm(request.qui.structure.pieces_admises, data, mineur=minor)


def _decide(request: Requete, recherche: RechercheInsi) -> HttpResponse:
    decision = request.POST.get("decision", "")
    if decision in {"refuser", "differents"}:
        return _refuse(request, recherche, different=decision == "differents")
    form = None
    if decision == "qualifier":
        form = _form(request, insi.reception_of(recherche), request.POST)
        if not form.is_valid():
            return _show(request, recherche, form)
        if form.cleaned_data["differents"]:
            request.trace.objet += f", pièce {form.cleaned_data['piece']}"
            return _refuse(request, recherche, different=True)
    return _accept(request, recherche, decision, form)


def _accept(request: Requete, recherche: RechercheInsi, decision: str, form: PieceForm | None) -> HttpResponse:
    """Take INSi's identity and, in the same transaction, what the desk said of the document."""
    with transaction.atomic():
        patient = insi.accept(recherche, request.qui.compte, request.POST.get("premier_prenom", ""))
        request.trace.patient_ref = patient.pk
        if form is not None:
            etat = qualification.check_document(patient, request.qui, form.cleaned_data)
            request.trace.objet += f", pièce {form.cleaned_data['piece']}"
        elif decision == "attester":
            etat = qualification.attest(patient, request.qui)
            request.trace.objet += ", attestation"
        else:
            etat = _etat_now(patient)
        if decision in SansPiece.Raison.values:
            relance = qualification.note_absence(patient, request.qui, decision)
            messages.info(request, qualification.say(relance))
    watch(patient)
    if etat.statut is Statut.QUALIFIEE:
        messages.success(request, "L’identité est qualifiée : les documents peuvent partir au DMP.")
    else:
        messages.success(request, "L’INS est récupérée. Il reste à contrôler une pièce d’identité.")
    return redirect("patients:dossier", patient.pk)


def _etat_now(patient: Patient) -> Etat:
    """The state as the database has it now: what was prefetched is from before."""
    return Patient.objects.prefetch_related("preuves").get(pk=patient.pk).etat()


def _refuse(request: Requete, recherche: RechercheInsi, *, different: bool) -> HttpResponse:
    insi.refuse(recherche)
    request.trace.motif = "pièce différente" if different else "réponse refusée"
    local = insi.demande_of(recherche)
    patient = recherche.patient
    if patient is None and local is not None:
        patient = preuves.create_patient(request.qui.structure, local, request.qui.compte)
        RechercheInsi.objects.filter(pk=recherche.pk).update(patient=patient)
        request.trace.patient_ref = patient.pk
        messages.info(request, "Le dossier est créé avec les traits saisis. Son identité est provisoire.")
    elif patient is not None:
        messages.info(request, "La réponse de l’INSi est refusée. Le dossier n’a pas changé.")
    if different:
        return redirect("patients:fiche_insi", recherche.pk)
    return redirect("patients:dossier", patient.pk) if patient else redirect("patients:recherche")


@acces(action="insi.comparer")
@require_GET
def fiche_insi(request: Requete, recherche_id: UUID) -> HttpResponse:
    """What to tell a person whose document differs from INSi's answer: a sheet to print and give."""
    kept = RechercheInsi.objects.select_related("patient", "structure").filter(structure=request.qui.structure)
    recherche = get_object_or_404(kept.exclude(issue=RechercheInsi.Issue.SANS_RESULTAT), pk=recherche_id)
    request.trace.patient_ref = recherche.patient_id or ""
    reception = insi.reception_of(recherche)
    context = {"patient": recherche.patient, "traits": reception.traits, "structure": recherche.structure}
    return render(request, "patients/fiche.html", context)
