"""The one decorator that every view carries: who may do this, and the line that it leaves in the journal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from opensegur.cabinet.actions import ACTIONS
from opensegur.cabinet.cercle.dehors import outside_context
from opensegur.cabinet.cercle.porte import let_through
from opensegur.cabinet.comptes.session import waits_for_conditions
from opensegur.cabinet.comptes.verrou import is_locked
from opensegur.cabinet.droits.table import table
from opensegur.cabinet.journal.port import record
from opensegur.cabinet.requete import Qui, Trace
from opensegur.foundation.errors import OpenSegurError

# what a password alone opens where two proofs are asked: enough to give the second
_SIEN = ("compte.", "aide.")

Vue = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Acces:
    """What a view asks of whoever calls it: the table of rights says to whom ``action`` is open."""

    action: str
    psc: bool
    ouvert: bool
    trace: bool


def acces(
    *,
    action: str,
    psc: bool = False,
    ouvert: bool = False,
    trace: bool = True,
) -> Callable[[Vue], Vue]:
    """Check login, structure, right and circle of care, then run the view and write its line.

    ``action`` is a line of the table of rights. ``psc``: a Pro Santé Connect login is needed. ``ouvert``: a page for
    whoever is not logged in, which writes its own lines. ``trace=False``: a page that shows nothing of any patient.
    A view's ``patient_id`` argument becomes the line's patient; ``request.trace`` takes what else is to be said.
    """
    demande = Acces(action, psc, ouvert, trace and not ouvert)

    def decorate(view: Vue) -> Vue:
        @wraps(view)
        def checked(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            request.trace = Trace(patient_ref=kwargs.get("patient_id", ""))
            if demande.ouvert:
                return view(request, *args, **kwargs)
            qui: Qui | None = getattr(request, "qui", None)
            if qui is None:
                return _send_to_login(request)
            if refusal := _refusal(demande, qui):
                _write(request, demande, resultat=f"refus:{refusal}")
                return _refuse(request, demande, refusal)
            passage = let_through(qui, demande.action, kwargs, request.GET)
            if passage.dehors is not None:
                request.trace.patient_ref = passage.dehors.pk
                _write(request, demande, resultat="refus:cercle")
                return render(request, "cercle/dehors.html", outside_context(passage.dehors), status=403)
            request.trace.exceptionnel = passage.exceptionnel
            return _run(request, demande, view, args, kwargs)

        checked.acces = demande  # type: ignore[attr-defined]
        return checked

    return decorate


def _refusal(demande: Acces, qui: Qui) -> str:
    if qui.a_une_preuve_de_moins and not demande.action.startswith(_SIEN):
        return "preuve"
    if not qui.peut(demande.action):
        return "role"
    if qui.manque_un_responsable(demande.action):
        return "responsable"
    if demande.psc and qui.psc is None:
        return "psc"
    return ""


def _run(request: Any, demande: Acces, view: Vue, args: Any, kwargs: Any) -> HttpResponseBase:
    try:
        response = view(request, *args, **kwargs)
    except OpenSegurError as error:
        _write(request, demande, resultat=error.code)
        raise
    except Http404:
        _write(request, demande, resultat="absent")
        raise
    except Exception:
        _write(request, demande, resultat="panne")
        raise
    # before the answer leaves: an access that cannot be written down does not take place
    _write(request, demande)
    return response


def _write(request: Any, demande: Acces, *, resultat: str = "") -> None:
    trace: Trace = request.trace
    if not demande.trace or trace.tue:
        return
    qui: Qui = request.qui
    record(
        demande.action,
        structure_id=qui.structure.pk,
        acteur=qui.acteur,
        responsable=qui.responsable,
        patient_ref=str(trace.patient_ref) if isinstance(trace.patient_ref, UUID) else trace.patient_ref,
        objet=trace.objet,
        motif=trace.motif_ecrit,
        resultat=resultat or trace.resultat,
    )


def _send_to_login(request: HttpRequest) -> HttpResponse:
    """The page asked for comes back after the login, unless it was a form or what a script asks for itself."""
    if is_locked(request.session):
        return HttpResponse(status=423) if _by_script(request) else redirect("comptes:verrou")
    response = redirect("comptes:conditions" if waits_for_conditions(request.session) else "comptes:connexion")
    if request.method == "GET" and not _by_script(request):
        request.session["suite"] = request.get_full_path()
    if getattr(request, "htmx", False):
        return HttpResponse(status=200, headers={"HX-Redirect": response.url})
    return response


def _by_script(request: HttpRequest) -> bool:
    return request.headers.get("Sec-Fetch-Dest", "document") != "document"


def _refuse(request: HttpRequest, demande: Acces, refusal: str) -> HttpResponse:
    qui: Qui = request.qui  # type: ignore[attr-defined]
    context = {
        "refus": refusal,
        "geste": ACTIONS.get(demande.action, demande.action),
        "roles": table().who(demande.action, qui.ajustements),
    }
    return render(request, "cabinet/refus.html", context, status=403)
