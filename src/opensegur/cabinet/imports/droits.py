"""Who brings a base in: the manager of the structure, and whoever answers for its identities."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.shortcuts import render

from opensegur.cabinet.acces import acces
from opensegur.cabinet.actions import ACTIONS
from opensegur.cabinet.comptes.roles import Role
from opensegur.cabinet.imports.models import Import
from opensegur.cabinet.requete import Qui, Requete

_QUI = ("gestionnaire", "référent d’identité")


def may_import(qui: Qui) -> bool:
    return qui.role == Role.GESTIONNAIRE or qui.referent_identite


def reserve(action: str, *, trace: bool = True) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., Any]]:
    """``acces`` for a view of this app: a role opens it, or being the one who answers for identities."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., Any]:
        @wraps(view)
        def checked(request: Requete, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if may_import(request.qui):
                return view(request, *args, **kwargs)
            request.trace.resultat = "refus:role"
            context = {"refus": "role", "geste": ACTIONS[action], "roles": _QUI}
            return render(request, "cabinet/refus.html", context, status=403)

        return acces(action=action, trace=trace)(checked)

    return decorate


def import_of(request: Requete, import_id: UUID) -> Import:
    """Another structure's import does not exist. Raises ``Http404``."""
    found = (
        Import.objects.select_related("structure", "auteur")
        .filter(structure=request.qui.structure, pk=import_id)
        .first()
    )
    if found is None:
        raise Http404
    return found
