"""The medical record: what is known of a patient, noted in a few keystrokes."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import reswap, retarget

from opensegur.cabinet.acces import acces
from opensegur.cabinet.medical import dossier, saisie
from opensegur.cabinet.medical.formulaires import FormulaireDonnee
from opensegur.cabinet.medical.models import Donnee
from opensegur.cabinet.medical.rubriques import RUBRIQUES, Rubrique, rubrique, title_of
from opensegur.cabinet.patients.acces import patient_of
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.requete import Requete
from opensegur.cda.n3.allergie import no_known_allergy
from opensegur.foundation.errors import InvalidValue

_SOURCES: dict[str, Callable[[str], tuple[str, ...]]] = {
    "problemes": saisie.suggest_problems,
    "medicaments": saisie.suggest_medicines,
    "vaccins": lambda text: saisie.suggest_medicines(text, vaccines=True),
    "agents": saisie.suggest_agents,
}


@acces(action="medical.lire")
@require_GET
def lire(request: Requete, patient_id: UUID) -> HttpResponse:
    patient = patient_of(request, patient_id)
    content = dossier.content_of(patient)
    context = {
        "patient": patient,
        "parties": _parts(content),
        "illisibles": [(title_of(each.rubrique), each.ecrite_le) for each in content.illisibles],
        "peut_noter": request.qui.peut("medical.noter"),
    }
    return render(request, "medical/dossier.html", context)


@acces(action="medical.noter")
@require_http_methods(["GET", "POST"])
def noter(request: Requete, patient_id: UUID, cle: str) -> HttpResponse:
    """Add a datum. Under htmx the form stays open: the next one can be typed at once."""
    patient = patient_of(request, patient_id)
    kind, form_class = _kind(cle)
    request.trace.objet = kind.cle
    form = form_class(request.POST or None)
    if request.method == "GET":
        request.trace.tue = True
    elif form.is_valid():
        dossier.write(patient, form.valeur(), request.qui.compte)
        if not request.htmx:
            messages.success(request, "C’est noté.")
            return redirect("medical:dossier", patient.pk)
        return _section(request, patient, kind, form_class())
    return _form(request, patient, kind, form, action=reverse("medical:noter", args=(patient.pk, kind.cle)))


@acces(action="medical.noter")
@require_http_methods(["GET", "POST"])
def modifier(request: Requete, patient_id: UUID, donnee_id: UUID) -> HttpResponse:
    patient = patient_of(request, patient_id)
    row = _row(patient, donnee_id)
    kind, form_class = _kind(row.rubrique)
    request.trace.objet = f"{kind.cle} {row.pk}"
    form = form_class(request.POST or None, avant=row.valeur())
    if request.method == "POST" and form.is_valid():
        dossier.correct(row, form.valeur(), request.qui.compte)
        if not request.htmx:
            return redirect("medical:dossier", patient.pk)
        return _section(request, patient, kind)
    action = reverse("medical:modifier", args=(patient.pk, row.pk))
    return _form(request, patient, kind, form, action=action, row=row)


@acces(action="medical.noter")
@require_POST
def retirer(request: Requete, patient_id: UUID, donnee_id: UUID) -> HttpResponse:
    """``geste``: ``finir`` what is over, or ``retirer`` what should not be there; the latter can be put back."""
    patient = patient_of(request, patient_id)
    row = _row(patient, donnee_id)
    kind = rubrique(row.rubrique)
    request.trace.objet = f"{kind.cle} {row.pk}"
    if request.POST.get("geste") == "finir":
        dossier.correct(row, dossier.end(row.valeur(), f"{timezone.localdate()}"), request.qui.compte)
        messages.success(request, "C’est noté : la ligne passe dans l’histoire.")
        # it moves to another part of the page
        return _reload(request, patient)
    dossier.withdraw(row, request.qui.compte)
    return _section(request, patient, kind, retiree=row) if request.htmx else redirect("medical:dossier", patient.pk)


@acces(action="medical.noter")
@require_POST
def remettre(request: Requete, patient_id: UUID, donnee_id: UUID) -> HttpResponse:
    patient = patient_of(request, patient_id)
    row = dossier.restore(patient, donnee_id, request.qui.compte)
    request.trace.objet = f"{row.rubrique} {row.pk}"
    kind = rubrique(row.rubrique)
    return _section(request, patient, kind) if request.htmx else redirect("medical:dossier", patient.pk)


@acces(action="medical.noter")
@require_POST
def aucune_allergie(request: Requete, patient_id: UUID) -> HttpResponse:
    """The patient was asked: that there is none is a datum too."""
    patient = patient_of(request, patient_id)
    if patient.donnees.filter(retiree_le=None, rubrique="allergies").exists():
        raise InvalidValue(
            "ALLERGIES_NOTEES",
            "Des allergies sont notées dans ce dossier.",
            conseil="Retirez-les d’abord si le patient n’en a pas.",
        )
    dossier.write(patient, no_known_allergy(), request.qui.compte)
    request.trace.objet = "allergies"
    kind = rubrique("allergies")
    return _section(request, patient, kind) if request.htmx else redirect("medical:dossier", patient.pk)


@acces(action="medical.noter", trace=False)
@require_POST
def suggerer(request: Requete, source: str) -> HttpResponse:
    """What begins like what is being typed, in the field that asks."""
    search = _SOURCES.get(source)
    if search is None:
        raise InvalidValue("SOURCE_INCONNUE", "Rien n’est proposé pour ce champ.")
    return JsonResponse({"suggestions": search(request.POST.get("texte", "")[:100])})


def _parts(content: dossier.Contenu) -> list[tuple[Rubrique, list[dossier.Entree]]]:
    parts = [(kind, [each for each in content.entrees if each.donnee.rubrique == kind.cle]) for kind in RUBRIQUES]
    return [(kind, found) for kind, found in parts if found or kind.geste]


def _section(
    request: Requete,
    patient: Patient,
    kind: Rubrique,
    form: FormulaireDonnee | None = None,
    retiree: Donnee | None = None,
) -> HttpResponse:
    context = {
        "patient": patient,
        "rubrique": kind,
        "entrees": [each for each in dossier.entries_of(patient) if each.donnee.rubrique == kind.cle],
        "formulaire": form,
        "action": reverse("medical:noter", args=(patient.pk, kind.cle)),
        "retiree": retiree,
        "peut_noter": True,
        "donnee": None,
    }
    return render(request, "medical/_rubrique.html", context)


def _form(
    request: Requete,
    patient: Patient,
    kind: Rubrique,
    form: FormulaireDonnee,
    *,
    action: str,
    row: Donnee | None = None,
) -> HttpResponse:
    context = {
        "patient": patient,
        "rubrique": kind,
        "formulaire": form,
        "action": action,
        "donnee": row,
    }
    template = "medical/_formulaire.html" if request.htmx else "medical/saisie.html"
    response = render(request, template, context, status=422 if form.errors else 200)
    # a refused form comes back in its place, not in that of the whole part
    return reswap(retarget(response, f"#saisie-{kind.cle}"), "innerHTML")


def _reload(request: Requete, patient: Patient) -> HttpResponse:
    response = redirect("medical:dossier", patient.pk)
    return HttpResponse(headers={"HX-Redirect": response.url}) if request.htmx else response


def _kind(cle: str) -> tuple[Rubrique, type[FormulaireDonnee]]:
    kind = rubrique(cle)
    if kind.formulaire is None:
        raise InvalidValue("RUBRIQUE_SANS_SAISIE", "Ces données ne se saisissent pas ici.")
    return kind, kind.formulaire


def _row(patient: Patient, donnee_id: UUID) -> Donnee:
    return get_object_or_404(Donnee.objects.filter(patient=patient, retiree_le=None), pk=donnee_id)
