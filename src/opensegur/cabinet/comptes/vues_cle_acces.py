"""Passkeys: coming in with one, adding one, taking one away."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opensegur.cabinet.acces import acces
from opensegur.cabinet.comptes import cle_acces
from opensegur.cabinet.comptes import session as sessions
from opensegur.cabinet.comptes.entree import enter_locally
from opensegur.cabinet.comptes.forms import CleForm
from opensegur.cabinet.comptes.models import CleAcces
from opensegur.cabinet.comptes.page_connexion import show_login
from opensegur.cabinet.comptes.reconnexion import AILLEURS, must_log_in_again
from opensegur.cabinet.comptes.reponse_cle import read_answer
from opensegur.cabinet.journal.port import record
from opensegur.cabinet.requete import Requete
from opensegur.foundation.errors import OpenSegurError

_DEFI, _CREATION, _NOM = "cle_defi", "cle_creation", "cle_nom"


@acces(action="connexion", ouvert=True)
@require_POST
def defi(request: HttpRequest) -> JsonResponse:
    options, request.session[_DEFI] = cle_acces.challenge(request.get_host())
    return JsonResponse(options)


@acces(action="connexion", ouvert=True)
@require_POST
def entrer(request: HttpRequest) -> HttpResponse:
    """A challenge serves once."""
    state = request.session.pop(_DEFI, None)
    try:
        key = cle_acces.recognise(state, read_answer(request), request.get_host())
    except OpenSegurError as error:
        record("connexion", structure_id="", acteur="", resultat=error.code)
        return show_login(request, refus=error)
    return enter_locally(request, key.compte, sessions.Moyen.CLE)


@acces(action="compte.cle", trace=False)
@require_GET
def liste(request: Requete) -> HttpResponse:
    compte = request.qui.compte
    context = {
        "cles": cle_acces.keys_of(compte),
        "form": CleForm(compte, demande=compte.has_usable_password()),
        "a_prouver": must_log_in_again(request),
    }
    return render(request, "comptes/cles.html", context)


@acces(action="compte.cle", trace=False)
@require_POST
def preparer(request: Requete) -> JsonResponse:
    """What the device is asked, once it is sure who asks."""
    compte = request.qui.compte
    form = CleForm(compte, request.POST, demande=compte.has_usable_password())
    if must_log_in_again(request) or not form.is_valid():
        told = [str(error) for errors in form.errors.values() for error in errors]
        erreur = " ".join(told) or "Reconnectez-vous avec Pro Santé Connect, puis recommencez."
        return JsonResponse({"erreur": erreur}, status=422)
    options, request.session[_CREATION] = cle_acces.prepare(compte, request.get_host())
    request.session[_NOM] = form.cleaned_data["nom"]
    return JsonResponse(options)


@acces(action="compte.cle", trace=False)
@require_POST
def ajouter(request: Requete) -> HttpResponse:
    qui = request.qui
    state, nom = request.session.pop(_CREATION, None), request.session.pop(_NOM, "")
    if state is None:
        return redirect("comptes:cles")
    key = cle_acces.add(qui.compte, state, read_answer(request), nom, request.get_host())
    sessions.strengthen(request.session, sessions.Moyen.CLE)
    _write_down(request, f"ajoutée : {key.nom}")
    messages.success(request, f"La clé « {key.nom} » ouvre votre compte désormais. {AILLEURS}")
    return redirect("comptes:cles")


@acces(action="compte.cle", trace=False)
@require_http_methods(["GET", "POST"])
def retirer(request: Requete, cle: UUID) -> HttpResponse:
    compte = request.qui.compte
    key = get_object_or_404(CleAcces, compte=compte, pk=cle)
    form = CleForm(compte, request.POST if request.method == "POST" else None, demande=compte.has_usable_password())
    if request.method == "POST" and not must_log_in_again(request) and form.is_valid():
        key.delete()
        _write_down(request, f"retirée : {key.nom}")
        messages.success(request, f"La clé « {key.nom} » n’ouvre plus votre compte. {AILLEURS}")
        return redirect("comptes:cles")
    context = {"cle": key, "form": form, "a_prouver": must_log_in_again(request)}
    return render(request, "comptes/cle_retirer.html", context, status=422 if form.errors else 200)


def _write_down(request: Requete, what: str) -> None:
    qui = request.qui
    record("compte.cle", structure_id=qui.structure.pk, acteur=qui.compte.acteur, objet=what)
