"""Going to Pro Santé Connect, and coming back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from opensegur.cabinet.acces import acces


@acces(action="connexion", ouvert=True)
@require_POST
def aller(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    return redirect("comptes:connexion")


@acces(action="connexion", ouvert=True)
@require_GET
def retour(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    return redirect("comptes:connexion")
