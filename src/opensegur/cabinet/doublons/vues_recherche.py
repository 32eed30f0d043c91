"""The search through the whole base, as the list of duplicates shows it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from opensegur.cabinet.acces import acces
from opensegur.cabinet.doublons.base_entiere import ask, stop
from opensegur.cabinet.doublons.models import Recherche
from opensegur.cabinet.patients.acces import refuse_slave
from opensegur.cabinet.requete import Requete


def latest(request: Requete) -> Recherche | None:
    return Recherche.objects.filter(structure=request.qui.structure).first()


@acces(action="doublons.rechercher")
@require_POST
def lancer(request: Requete) -> HttpResponse:
    refuse_slave(request)
    request.trace.objet = str(ask(request.qui.structure, request.qui.compte))
    return redirect("doublons:liste")


@acces(action="doublons.rechercher")
@require_POST
def arreter(request: Requete) -> HttpResponse:
    found = latest(request)
    if found is not None:
        request.trace.objet = str(found)
        stop(found)
    return redirect("doublons:liste")


@acces(action="doublons.lire", trace=False)
@require_GET
def avancement(request: Requete) -> HttpResponse:
    """The state alone, which the page asks for again while it moves; the whole page once it has ended."""
    found = latest(request)
    if found is None or found.etat not in Recherche.EN_ROUTE:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "doublons/recherche.html", {"recherche": found})
