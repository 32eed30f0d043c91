"""The rights of everybody, seen whole, and adjusted by who administers the structure."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from opensegur.cabinet.acces import acces
from opensegur.cabinet.droits.presentation import changes_of, read_sent, subjects_of
from opensegur.cabinet.droits.reglage import adjust, adjustments_of, reset
from opensegur.cabinet.droits.table import COLONNES, table
from opensegur.cabinet.requete import Requete


@acces(action="droits.lire")
@require_GET
def tableau(request: Requete) -> HttpResponse:
    return _show(request, "droits/tableau.html")


@acces(action="droits.regler")
@require_POST
def regler(request: Requete) -> HttpResponse:
    """One cell (``case``: action, column, oui or non), or all of them back (``geste``: ``defaut``)."""
    structure = request.qui.structure
    if request.POST.get("geste") == "defaut":
        request.trace.objet = f"{reset(structure)} droits remis comme dans la table"
    else:
        action, colonne, accorde = read_sent(request.POST.get("case", ""))
        request.trace.objet = f"{action}, {colonne} : {'accordé' if accorde else 'retiré'}"
        adjust(structure, action, colonne, request.qui.compte, accorde=accorde)
    if request.htmx:
        return _show(request, "droits/_droits.html")
    return redirect("droits:tableau")


def _show(request: Requete, template: str) -> HttpResponse:
    structure = request.qui.structure
    context = {
        "colonnes": [each.label for each in COLONNES],
        "sujets": subjects_of(structure, adjustments_of(structure)),
        "changements": changes_of(structure),
        "reglable": request.qui.peut("droits.regler"),
        "version": table().version,
    }
    return render(request, template, context)
