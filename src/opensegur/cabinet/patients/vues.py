"""Search and record."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from opensegur.cabinet.acces import acces
from opensegur.cabinet.comptes.roles import EQUIPE
from opensegur.cabinet.patients.acces import patient_of
from opensegur.cabinet.requete import Requete


@acces(action="dossier.chercher", roles=EQUIPE)
def recherche(request: Requete) -> HttpResponse:
    return render(request, "patients/recherche.html", {})


@acces(action="dossier.lire", roles=EQUIPE)
def dossier(request: Requete, patient_id: UUID) -> HttpResponse:
    return render(request, "patients/dossier.html", {"patient": patient_of(request, patient_id)})
