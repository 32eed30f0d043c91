"""« Ce poste »: what it can do, its pairing, and the other workstations of the structure."""

from __future__ import annotations

import base64
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from opensegur.cabinet.acces import acces
from opensegur.cabinet.postes import tenue
from opensegur.cabinet.postes.models import Poste
from opensegur.cabinet.requete import Requete
from opensegur.foundation.errors import InvalidValue


@acces(action="poste.lire", trace=False)
@require_GET
def page(request: Requete) -> HttpResponse:
    return _show(request)


@acces(action="poste.jumeler")
@require_POST
def jumeler(request: Requete) -> HttpResponse:
    """What the page takes to the agent of its workstation, where a person accepts it; given once."""
    qui = request.qui
    try:
        poste = tenue.begin_pairing(qui.structure, request.POST.get("nom", ""), qui.compte)
    except InvalidValue as error:
        request.trace.resultat = error.code
        return _said(error, 422)
    request.trace.objet = f"poste {poste.pk}"
    secret = base64.b64encode(bytes(poste.secret)).decode()
    return JsonResponse({"poste": str(poste.pk), "secret": secret, "structure": qui.structure.nom})


@acces(action="poste.sceller", trace=False)
@require_POST
def sceller(request: Requete) -> HttpResponse:
    """Called before each use of the agent: no line, what is then done with the card writes its own."""
    said, origine = request.POST, tenue.origin_of(request)
    try:
        sceau = tenue.seal_for(request.qui.structure, said.get("poste", ""), origine, said.get("defi", ""))
    except InvalidValue as error:
        return _said(error, 404)
    return JsonResponse({"sceau": sceau})


@acces(action="poste.revoquer")
@require_POST
def revoquer(request: Requete, poste_id: UUID) -> HttpResponse:
    poste = get_object_or_404(Poste, pk=poste_id, structure=request.qui.structure)
    request.trace.objet = f"poste {poste.pk}"
    tenue.revoke(request.qui, poste)
    messages.success(request, f"« {poste.nom} » n’a plus accès : son agent ne répondra plus à nos pages.")
    return redirect("postes:page")


def _show(request: Requete) -> HttpResponse:
    found = Poste.objects.filter(structure=request.qui.structure, revoque_le=None).select_related("cree_par")
    postes = [(poste, tenue.may_revoke(request.qui, poste)) for poste in found]
    return render(request, "postes/page.html", {"postes": postes})


def _said(error: InvalidValue, status: int) -> JsonResponse:
    said = {"code": error.code, "message": error.message, "conseil": error.conseil}
    return JsonResponse(said, status=status)
