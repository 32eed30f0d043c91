"""The screens of an import: the file, its columns, the dry run, the import, its report, the way back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opensegur.cabinet.acces import acces
from opensegur.cabinet.imports import fichier, moteur, retour
from opensegur.cabinet.imports.acces import import_of
from opensegur.cabinet.imports.apercu import apercu_of
from opensegur.cabinet.imports.bilan import Issue
from opensegur.cabinet.imports.formulaires import ColonnesForm, FichierForm, initial_of
from opensegur.cabinet.imports.models import Import
from opensegur.cabinet.imports.rapport import findings_of, is_tried, write_report
from opensegur.cabinet.requete import Requete
from opensegur.foundation.errors import OpenSegurError

_PAS = 1.5
_LISTEES = 50
_MONTREES = 100
_E = Import.Etat


@acces(action="import.lire")
@require_GET
def liste(request: Requete) -> HttpResponse:
    imports = Import.objects.select_related("auteur").filter(structure=request.qui.structure).order_by("-cree_le")
    return render(request, "imports/liste.html", {"imports": imports[:_LISTEES], "form": FichierForm()})


@acces(action="import.deposer")
@require_POST
def deposer(request: Requete) -> HttpResponse:
    form = FichierForm(request.POST, request.FILES)
    if form.is_valid():
        received = form.cleaned_data["fichier"]
        try:
            made = fichier.take_in(
                request.qui.structure,
                request.qui.compte,
                received.name,
                received.chunks(),
                form.cleaned_data["source"],
            )
        except OpenSegurError as error:
            request.trace.resultat = error.code
            form.add_error("fichier", f"{error.message} {error.conseil}".strip())
        else:
            request.trace.objet = f"import {made.pk}"
            return redirect("imports:colonnes" if made.format == Import.Format.CSV else "imports:detail", made.pk)
    imports = Import.objects.select_related("auteur").filter(structure=request.qui.structure).order_by("-cree_le")
    context = {"imports": imports[:_LISTEES], "form": form}
    return render(request, "imports/liste.html", context, status=422)


@acces(action="import.deposer")
@require_http_methods(["GET", "POST"])
def colonnes(request: Requete, import_id: UUID) -> HttpResponse:
    """The columns as guessed; changed, the preview follows; confirmed, the dry run begins."""
    made = import_of(request, import_id)
    if made.format != Import.Format.CSV or made.etat not in {_E.A_REGLER, _E.ESSAI, _E.ESSAYE}:
        return redirect("imports:detail", made.pk)
    request.trace.tue = request.method == "GET"
    largeur = fichier.width_of(made)
    posted = request.method == "POST"
    form = ColonnesForm(largeur, request.POST if posted else None, initial=initial_of(made.reglages))
    if posted and form.is_valid():
        made.reglages = form.reglages()
        if request.POST.get("geste") == "essayer":
            made.etat, made.total = _E.A_REGLER, fichier.count_of(made)
            made.save()
            moteur.start(made, essai=True)
            request.trace.objet = f"import {made.pk}"
            return redirect("imports:detail", made.pk)
    elif posted:
        made.reglages = {**made.reglages, "colonnes": {str(place): code for place, code in form.choix().items()}}
    context = {"made": made, "form": form, "apercu": apercu_of(made, form, largeur)}
    template = "imports/apercu.html" if request.htmx else "imports/colonnes.html"
    return render(request, template, context, status=422 if form.errors and not request.htmx else 200)


@acces(action="import.lire")
@require_GET
def detail(request: Requete, import_id: UUID) -> HttpResponse:
    made = import_of(request, import_id)
    request.trace.objet = f"import {made.pk}"
    return render(request, "imports/detail.html", _context(made))


@acces(action="import.appliquer", trace=False)
@require_POST
def avancer(request: Requete, import_id: UUID) -> HttpResponse:
    """A second or so of work, then the page again: closing the window stops there, opening it again goes on."""
    made = import_of(request, import_id)
    made = moteur.advance(made, request.qui.compte, seconds=_PAS)
    if request.htmx:
        return render(request, "imports/etat.html", _context(made))
    return redirect("imports:detail", made.pk)


@acces(action="import.appliquer")
@require_POST
def lancer(request: Requete, import_id: UUID) -> HttpResponse:
    """Try again, import for good, or go on with an import that was stopped."""
    made = import_of(request, import_id)
    essai = request.POST.get("geste") == "essayer"
    if made.etat == _E.ESSAYE and not essai:
        made.ressemblances = "ressemblances" in request.POST
        made.save(update_fields=["ressemblances"])
    moteur.start(made, essai=essai)
    request.trace.objet = f"import {made.pk}"
    return redirect("imports:detail", made.pk)


@acces(action="import.appliquer")
@require_POST
def arreter(request: Requete, import_id: UUID) -> HttpResponse:
    made = import_of(request, import_id)
    moteur.ask_to_stop(made)
    moteur.advance(made, request.qui.compte, seconds=0)
    request.trace.objet = f"import {made.pk}"
    return redirect("imports:detail", made.pk)


@acces(action="import.defaire")
@require_POST
def defaire(request: Requete, import_id: UUID) -> HttpResponse:
    made = import_of(request, import_id)
    request.trace.objet = f"import {made.pk}"
    done = retour.undo(made)
    if done.gardes:
        shown = ", ".join(f"n° {ipp}" for ipp in done.gardes[:_MONTREES])
        messages.warning(
            request,
            f"{done.retires} dossiers retirés. Gardés, parce qu’ils ont servi depuis l’import : {shown}.",
        )
    else:
        messages.success(request, f"Import défait : {done.retires} dossiers retirés.")
    return redirect("imports:detail", made.pk)


@acces(action="import.lire")
@require_GET
def rapport(request: Requete, import_id: UUID) -> StreamingHttpResponse:
    """Every line of which something is to be said, for a spreadsheet."""
    made = import_of(request, import_id)
    request.trace.objet = f"import {made.pk}"
    response = StreamingHttpResponse(write_report(made), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="rapport-import-{made.cree_le:%Y%m%d}.csv"'
    return response


def _context(made: Import) -> dict[str, Any]:
    """``figures``: each outcome that happened; ``constats``: the first lines of which something is to be said."""
    constats = findings_of(made)
    return {
        "made": made,
        "essai": is_tried(made),
        "marche": made.etat in {_E.ESSAI, _E.EN_COURS},
        "part": round(100 * made.position / made.total) if made.total else 100,
        "figures": [
            (issue, issue.libelle, made.comptes[issue.value]) for issue in Issue if made.comptes.get(issue.value)
        ],
        "constats": [
            (each.ligne, Issue(each.issue).sort, each.issue, each.message, each.ipp) for each in constats[:_MONTREES]
        ],
        "restants": max(0, constats.count() - _MONTREES),
        "ressemblent": made.comptes.get(Issue.RESSEMBLE.value, 0),
        "retires": made.comptes.get("retires", 0),
    }
