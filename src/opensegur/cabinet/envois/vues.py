"""The worklist: what a person must do first, then what waits, then what was delivered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from opensegur.cabinet.acces import acces
from opensegur.cabinet.cercle.appartenance import visible_among
from opensegur.cabinet.envois import moteur
from opensegur.cabinet.envois.etats import EN_ATTENTE, Etat
from opensegur.cabinet.envois.models import Envoi
from opensegur.cabinet.requete import Requete

_PAR_PAGE = 50


@acces(action="envois.lire")
@require_GET
def liste(request: Requete) -> HttpResponse:
    envois = _of_structure(request)
    done = Paginator(envois.filter(etat__in=[Etat.DEPOSE, Etat.ABANDONNE]), _PAR_PAGE)
    context: dict[str, Any] = {
        "a_traiter": envois.filter(etat=Etat.REFUSE),
        "en_attente": envois.filter(etat__in=EN_ATTENTE),
        "termines": done.get_page(request.GET.get("page")),
    }
    shown = (envoi.patient_id for part in context.values() for envoi in part)
    context["visibles"] = visible_among(request.qui, shown)
    return render(request, "envois/liste.html", context)


@acces(action="envois.lire")
@require_GET
def detail(request: Requete, envoi_id: UUID) -> HttpResponse:
    envoi = _envoi(request, envoi_id)
    return render(request, "envois/detail.html", {"envoi": envoi, "tentatives": envoi.tentatives.all()})


@acces(action="envois.decider")
@require_POST
def relancer(request: Requete, envoi_id: UUID) -> HttpResponse:
    envoi = _envoi(request, envoi_id)
    moteur.retry(envoi, request.qui.compte)
    messages.success(request, "L’envoi est de nouveau en file.")
    return redirect("envois:detail", envoi_id=envoi.pk)


@acces(action="envois.decider")
@require_POST
def abandonner(request: Requete, envoi_id: UUID) -> HttpResponse:
    envoi = _envoi(request, envoi_id)
    moteur.abandon(envoi, request.qui.compte)
    messages.success(request, "L’envoi est abandonné. Le document reste dans le dossier.")
    return redirect("envois:liste")


def _of_structure(request: Requete) -> QuerySet[Envoi]:
    return (
        Envoi.objects.filter(structure=request.qui.structure)
        .defer("contenu", "parametres")
        .select_related("patient", "auteur", "document")
        .defer("document__origine", "document__pdfa")
        .order_by("-cree_le")
    )


def _envoi(request: Requete, envoi_id: UUID) -> Envoi:
    envoi = get_object_or_404(_of_structure(request), pk=envoi_id)
    request.trace.patient_ref = envoi.patient_id
    request.trace.objet = f"envoi {envoi.pk}"
    return envoi
