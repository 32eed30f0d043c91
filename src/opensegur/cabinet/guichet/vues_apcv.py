"""The appli carte Vitale at the counter: a code, the people on it, the one who is present."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from opensegur.cabinet.acces import acces
from opensegur.cabinet.doublons.veille import watch
from opensegur.cabinet.guichet.lectures import consume, keep_reading, reading_of
from opensegur.cabinet.guichet.models import Lecture
from opensegur.cabinet.guichet.ouverture import open_from_appli
from opensegur.cabinet.guichet.rapprochement import match, only_same
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.requete import Requete
from opensegur.cabinet.structures.configuration import configuration_of
from opensegur.foundation.errors import InvalidValue
from opensegur.ins import Canal
from opensegur.ins.apcv import ApcvClient, Beneficiaire, apcv_transport

_QUALITES = {"assure": "titulaire", "conjoint": "conjoint", "enfant": "enfant"}


def open_token(request: Requete, jeton: str) -> HttpResponseRedirect:
    """Exchange the token, keep who is on it, and go to the list. Raises ``OpenSegurError``."""
    configuration = configuration_of(request.qui.structure)
    with apcv_transport(configuration) as transport:
        opened = ApcvClient.from_configuration(configuration, transport).open_context(jeton)
    people = [
        {
            "rang": each.rang,
            "qualite": _QUALITES.get(each.qualite, each.qualite),
            "nom_naissance": each.traits.nom_naissance,
            "prenoms": each.traits.prenoms,
            "date_naissance": each.traits.date_naissance,
        }
        for each in opened.beneficiaires
    ]
    lecture = keep_reading(
        request,
        Lecture.Nature.APCV,
        Canal.APPLI_VITALE,
        {"contexte": opened.identifiant, "beneficiaires": people},
    )
    return redirect("guichet:apcv", lecture.pk)


@acces(action="guichet.creer")
@require_http_methods(["GET", "POST"])
def apcv(request: Requete, lecture_id: UUID) -> HttpResponse:
    """Who is present; then their record, found or made, qualifiée at once."""
    lecture, read = reading_of(request, lecture_id, Lecture.Nature.APCV)
    if request.method == "GET":
        return render(request, "guichet/apcv.html", {"beneficiaires": read["beneficiaires"]})
    person = _choose(request, read["contexte"])
    return _open(request, lecture, person)


def _choose(request: Requete, contexte: str) -> Beneficiaire:
    text = request.POST.get("rang", "")
    if not (text.isascii() and text.isdigit()):
        raise InvalidValue(
            "APCV_BENEFICIAIRE_NON_CHOISI",
            "La personne présente n’a pas été choisie.",
            conseil="Choisissez-la dans la liste de l’appli.",
        )
    configuration = configuration_of(request.qui.structure)
    with apcv_transport(configuration) as transport:
        return ApcvClient.from_configuration(configuration, transport).choose(contexte, int(text))


def _open(request: Requete, lecture: Lecture, person: Beneficiaire) -> HttpResponse:
    found = match(request.qui.structure, person.matricule, person.traits)
    patient = found.titulaire or only_same(found.semblables, person.traits)
    answer = request.POST.get("dossier", "")
    if patient is None and found.semblables and not answer:
        return _ask_which(request, person, found.semblables)
    if patient is None and answer and answer != "nouveau":
        among = [each.pk for each in found.semblables if str(each.pk) == answer]
        patient = get_object_or_404(Patient.objects.filter(structure=request.qui.structure, pk__in=among))
    consume(lecture)
    patient = open_from_appli(
        request.qui.structure, person.matricule, person.traits, request.qui.compte, patient=patient
    )
    watch(patient)
    request.trace.patient_ref = patient.pk
    request.trace.objet = "appli carte Vitale"
    messages.success(request, "Identité qualifiée par l’appli carte Vitale. Aucune pièce n’est à demander.")
    return redirect("patients:dossier", patient.pk)


def _ask_which(request: Requete, person: Beneficiaire, semblables: tuple[Patient, ...]) -> HttpResponse:
    chosen: dict[str, Any] = {
        "rang": person.rang,
        "nom_naissance": person.traits.nom_naissance,
        "prenoms": person.traits.prenoms,
    }
    return render(request, "guichet/apcv.html", {"semblables": semblables, "choisi": chosen}, status=200)
