"""Every access from outside a circle, read again; and the choice of who opens a record without a reason."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from opensegur.cabinet.acces import acces
from opensegur.cabinet.cercle import tenue
from opensegur.cabinet.cercle.models import AccesExceptionnel, Politique
from opensegur.cabinet.requete import Requete

_PAR_PAGE = 50


@acces(action="cercle.relire")
@require_GET
def liste(request: Requete) -> HttpResponse:
    rows = AccesExceptionnel.objects.filter(structure=request.qui.structure).select_related("compte", "patient")
    context = {
        "page": Paginator(rows, _PAR_PAGE).get_page(request.GET.get("page")),
        "maintenant": timezone.now(),
        "politique": Politique.objects.select_related("change_par").filter(structure=request.qui.structure).first(),
        "reglable": request.qui.peut("cercle.regler"),
        "suite": "",
    }
    return render(request, "cercle/exceptions.html", context)


@acces(action="cercle.regler")
@require_POST
def regler(request: Requete) -> HttpResponse:
    restreint = request.POST.get("cercle") == "restreint"
    tenue.choose(request.qui, restreint=restreint)
    request.trace.objet = "cercle restreint" if restreint else "toute l’équipe"
    messages.success(request, "C’est enregistré, et vaut aussitôt.")
    return redirect("exceptions:liste")
