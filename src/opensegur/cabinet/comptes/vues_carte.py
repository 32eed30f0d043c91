"""The page where one comes in with a card, and what its script asks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from opensegur.cabinet.acces import acces
from opensegur.cabinet.comptes import carte
from opensegur.cabinet.comptes.entree import enter_locally
from opensegur.cabinet.comptes.session import Moyen
from opensegur.cabinet.journal.port import record
from opensegur.cabinet.postes import tenue
from opensegur.foundation.errors import InvalidValue, OpenSegurError


@acces(action="connexion", ouvert=True)
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    if getattr(request, "qui", None):
        return redirect("accueil:jour")
    return render(request, "comptes/carte.html", {"ouverte": carte.is_configured(), "refus": None})


@acces(action="connexion", ouvert=True)
@require_POST
def sceller(request: HttpRequest) -> HttpResponse:
    """Nobody is known yet: the workstation is, and the code of the card protects the rest."""
    try:
        said = request.POST
        sceau = tenue.seal_for(None, said.get("poste", ""), tenue.origin_of(request), said.get("defi", ""))
    except InvalidValue as error:
        return JsonResponse({"code": error.code, "message": error.message, "conseil": error.conseil}, status=404)
    return JsonResponse({"sceau": sceau})


@acces(action="connexion", ouvert=True)
@require_POST
def defi(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"defi": carte.begin(request.session)})


@acces(action="connexion", ouvert=True)
@require_POST
def entrer(request: HttpRequest) -> HttpResponse:
    try:
        compte = carte.recognise(
            request.session,
            tenue.origin_of(request),
            request.POST.get("certificat", ""),
            request.POST.get("signature", ""),
        )
    except OpenSegurError as error:
        record("connexion", structure_id="", acteur="", objet=Moyen.CARTE, resultat=error.code)
        context = {"ouverte": carte.is_configured(), "refus": error}
        return render(request, "comptes/carte.html", context, status=403)
    return enter_locally(request, compte, Moyen.CARTE)
