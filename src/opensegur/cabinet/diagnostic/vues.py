"""The diagnosis on screen, and as a text for the support."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from opensegur.cabinet.acces import acces
from opensegur.cabinet.diagnostic.bilan import diagnose, report
from opensegur.cabinet.diagnostic.constat import Niveau
from opensegur.cabinet.requete import Requete


@acces(action="diagnostic.lire", trace=False)
@require_GET
def page(request: Requete) -> HttpResponse:
    """At once: what takes time is asked afterwards."""
    return render(request, "diagnostic/page.html")


@acces(action="diagnostic.lire")
@require_POST
def lancer(request: Requete) -> HttpResponse:
    constats = diagnose(request.qui.structure)
    request.trace.objet = ", ".join(
        f"{sum(each.niveau is niveau for each in constats)} {niveau}" for niveau in Niveau
    )
    template = "diagnostic/_bilan.html" if request.htmx else "diagnostic/page.html"
    return render(request, template, {"constats": constats, "rapport": report(constats)})
