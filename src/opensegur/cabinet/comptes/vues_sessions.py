"""Where one is logged in, and how to leave from afar."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from opensegur.cabinet.acces import acces
from opensegur.cabinet.comptes import ouvertes
from opensegur.cabinet.comptes.forms import MotActuelForm
from opensegur.cabinet.comptes.reconnexion import must_log_in_again
from opensegur.cabinet.requete import Requete


@acces(action="compte.sessions", trace=False)
@require_GET
def liste(request: Requete) -> HttpResponse:
    return _page(request, _form(request))


@acces(action="compte.sessions")
@require_POST
def fermer(request: Requete) -> HttpResponse:
    """One of them, or every other one (``toutes``), by whoever proves it again."""
    form = _form(request, request.POST)
    if must_log_in_again(request) or not form.is_valid():
        request.trace.resultat = "refus:preuve"
        return _page(request, form, status=422)
    compte, key = request.qui.compte, request.session.session_key
    wanted = request.POST.get("session", "")
    if wanted == "toutes":
        others = [each for each in ouvertes.open_sessions(compte, key) if not each.ici]
        for each in others:
            ouvertes.end(compte, each.reference)
        request.trace.objet = f"{len(others)} sessions"
        messages.success(request, f"Sessions fermées ailleurs : {len(others)}.")
    else:
        ouvertes.end(compte, wanted)
        request.trace.objet = "une session"
        messages.success(request, "La session est fermée.")
    return redirect("comptes:sessions")


def _form(request: Requete, data: QueryDict | None = None) -> MotActuelForm:
    compte = request.qui.compte
    return MotActuelForm(compte, data, demande=compte.has_usable_password())


def _page(request: Requete, form: MotActuelForm, status: int = 200) -> HttpResponse:
    found = ouvertes.open_sessions(request.qui.compte, request.session.session_key)
    context = {"sessions": found, "form": form, "a_prouver": must_log_in_again(request)}
    return render(request, "comptes/sessions.html", context, status=status)
