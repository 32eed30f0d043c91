"""Going to Pro Santé Connect, and coming back."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from opensegur.cabinet.acces import acces
from opensegur.cabinet.comptes import psc
from opensegur.cabinet.comptes.entree import enter
from opensegur.cabinet.journal.port import record
from opensegur.cabinet.requete import Requete
from opensegur.foundation.errors import OpenSegurError


@acces(action="connexion", ouvert=True)
@require_GET
def aller(request: HttpRequest) -> HttpResponse:
    """A link, not a form: our content security policy lets no form end at another site.

    A page of another site that leads here begins no login: whoever is known to PSC would come in without a gesture.
    """
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return redirect("comptes:connexion")
    try:
        return redirect(psc.begin(request.session))
    except OpenSegurError as error:
        return _refused(request, error)


@acces(action="connexion", ouvert=True)
@require_GET
def retour(request: HttpRequest) -> HttpResponse:
    """The browser comes back with a code; who it stands for is asked from server to server."""
    try:
        identification = psc.complete(request.session, request.GET.dict())
        compte = psc.match(identification.userinfo)
    except OpenSegurError as error:
        record("connexion", structure_id="", acteur="", objet="Pro Santé Connect", resultat=error.code)
        return _refused(request, error)
    session_psc = psc.session_of(identification)
    psc.remember(compte, session_psc.emetteur, identification.userinfo)
    return enter(request, compte, session_psc, psc.activites_of(identification.userinfo))


@acces(action="compte.lire", trace=False)
@require_GET
def quitter(request: Requete) -> HttpResponse:
    """Leaving what Pro Santé Connect opened: stay connected, or not. ``dossier``: the record to go back to."""
    if request.qui.psc is None:
        return redirect("accueil:jour")
    return render(request, "comptes/psc_quitter.html", {"dossier": _record_of(request)})


def _record_of(request: Requete) -> UUID | None:
    try:
        return UUID(request.GET.get("dossier", ""))
    except ValueError:
        return None


def _refused(request: HttpRequest, error: OpenSegurError) -> HttpResponse:
    return render(request, "comptes/psc_refus.html", {"erreur": error}, status=403)
