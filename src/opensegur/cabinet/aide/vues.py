"""The help: answers of one screen, and a search among all."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from opensegur.cabinet.acces import acces
from opensegur.cabinet.aide.reponses import for_screen, search, subjects
from opensegur.cabinet.aide.textes import REPONSES
from opensegur.cabinet.requete import Requete


@acces(action="aide.lire", trace=False)
@require_http_methods(["GET", "POST"])
def liste(request: Requete) -> HttpResponse:
    """What is looked for comes in a form: people write patients' names anywhere."""
    texte = request.POST.get("texte", "").strip()
    found = search(texte) if texte else REPONSES
    context = {"texte": texte, "sujets": subjects(found), "total": len(found)}
    template = "aide/resultats.html" if request.htmx and request.method == "POST" else "aide/liste.html"
    return render(request, template, context)


@acces(action="aide.lire", trace=False)
@require_GET
def ecran(request: Requete) -> HttpResponse:
    """What opens with the ``?`` key: the answers of the screen named by ``nom``."""
    return render(request, "aide/ecran.html", {"reponses": for_screen(request.GET.get("nom", ""))})
