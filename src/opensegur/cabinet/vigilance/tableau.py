"""The board of identitovigilance: the figures on screen, and the same in a file."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from opensegur.cabinet.acces import acces
from opensegur.cabinet.requete import Requete
from opensegur.cabinet.vigilance.chiffres import Periode, compute_figures
from opensegur.cabinet.vigilance.lignes import read_figures
from opensegur.cabinet.vigilance.models import Releve
from opensegur.foundation.errors import InvalidValue

_DEFAULT = timedelta(days=90)
_KEPT = 60


@acces(action="vigilance.lire")
@require_GET
def tableau(request: Requete) -> HttpResponse:
    releve = _latest(request)
    return render(
        request,
        "vigilance/tableau.html",
        {
            "releve": releve,
            "groupes": read_figures(releve.chiffres) if releve else (),
            "debut": (releve.debut if releve else timezone.localdate() - _DEFAULT),
            "reglages_possibles": request.qui.peut("vigilance.regler"),
            "fin": (releve.fin if releve else timezone.localdate()),
        },
    )


@acces(action="vigilance.compter")
@require_POST
def compter(request: Requete) -> HttpResponse:
    """Count again, over the period asked."""
    periode = _periode(request)
    now = timezone.now()
    Releve.objects.create(
        structure=request.qui.structure,
        moment=now,
        debut=periode.debut,
        fin=periode.fin,
        chiffres=compute_figures(request.qui.structure, periode, now),
    )
    old = Releve.objects.filter(structure=request.qui.structure).values_list("pk", flat=True)[_KEPT:]
    Releve.objects.filter(pk__in=list(old)).delete()
    return redirect("vigilance:tableau")


@acces(action="vigilance.exporter")
@require_GET
def export_csv(request: Requete) -> HttpResponse:
    """The lines of the board, for a spreadsheet: UTF-8 with its mark, semicolons."""
    releve = _latest(request)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(["Groupe", "Code", "Libellé", "Valeur", "Part"])
    if releve:
        for groupe in read_figures(releve.chiffres):
            for ligne in groupe.lignes:
                writer.writerow([groupe.titre, ligne.code, ligne.libelle, ligne.valeur, ligne.pourcentage])
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{_filename(releve, "csv")}"'
    return response


@acces(action="vigilance.exporter")
@require_GET
def export_json(request: Requete) -> HttpResponse:
    """The raw figures, for a program."""
    releve = _latest(request)
    document = (
        {
            "structure": request.qui.structure.id_nat,
            "moment": releve.moment.isoformat(),
            "debut": releve.debut.isoformat(),
            "fin": releve.fin.isoformat(),
            "chiffres": releve.chiffres,
        }
        if releve
        else {}
    )
    response = JsonResponse(document, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response.headers["Content-Disposition"] = f'attachment; filename="{_filename(releve, "json")}"'
    return response


def _latest(request: Requete) -> Releve | None:
    return Releve.objects.filter(structure=request.qui.structure).first()


def _filename(releve: Releve | None, extension: str) -> str:
    day = (releve.moment if releve else timezone.now()).date().isoformat()
    return f"identitovigilance-{day}.{extension}"


def _periode(request: Requete) -> Periode:
    try:
        debut = date.fromisoformat(request.POST.get("debut", ""))
        fin = date.fromisoformat(request.POST.get("fin", ""))
    except ValueError:
        raise InvalidValue(
            "PERIODE", "La période n’est pas lisible.", conseil="Choisissez deux dates dans le calendrier."
        ) from None
    if fin < debut:
        raise InvalidValue("PERIODE", "La période finit avant de commencer.", conseil="Échangez les deux dates.")
    return Periode(debut, fin)
