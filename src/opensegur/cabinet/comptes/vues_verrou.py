"""The locked screen: locking it, opening it again, and somebody else's turn."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token, rotate_token
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from opensegur.cabinet.acces import acces
from opensegur.cabinet.comptes import cle_acces, psc, verrou
from opensegur.cabinet.comptes import session as sessions
from opensegur.cabinet.comptes.connexion import ConnexionRefusee, prove
from opensegur.cabinet.comptes.entree import machine_token
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.comptes.reponse_cle import read_answer
from opensegur.cabinet.comptes.verrou import Place
from opensegur.cabinet.journal.port import record
from opensegur.cabinet.requete import Requete
from opensegur.foundation.errors import OpenSegurError

_DEFI = "verrou_defi"


@acces(action="compte.verrou", trace=False)
@require_POST
def fermer(request: Requete) -> HttpResponse:
    """Nothing opens until the person proves who they are. A script gets who else shares the screen."""
    qui = request.qui
    verrou.lock(request.session, request.POST.get("page", ""))
    record("compte.verrou", structure_id=qui.structure.pk, acteur=qui.acteur, objet="verrouillé")
    if _wants_json(request):
        return JsonResponse({"autres": [_named(place) for place in verrou.waiting(request)]})
    return redirect("comptes:verrou")


@acces(action="connexion", ouvert=True)
@require_GET
def verrouille(request: HttpRequest) -> HttpResponse:
    """``place``: the person whose turn it is, instead of the one who locked."""
    if getattr(request, "qui", None):
        return redirect("accueil:jour")
    compte, place = _asked(request, request.GET.get("place", ""))
    if compte is None:
        return redirect("comptes:connexion")
    return render(request, "comptes/verrou.html", _context(request, compte, place))


@acces(action="connexion", ouvert=True)
@require_POST
def defi(request: HttpRequest) -> JsonResponse:
    """What the person's own passkey is to sign."""
    compte, _ = _asked(request, request.POST.get("place", ""))
    if compte is None:
        return JsonResponse({"erreur": "Cette session est terminée : entrez de nouveau."}, status=401)
    if not cle_acces.keys_of(compte):
        return JsonResponse(
            {"erreur": "Vous n’avez pas encore de clé d’accès : ajoutez-en une dans Mon compte."}, status=422
        )
    options, request.session[_DEFI] = cle_acces.challenge(request.get_host(), compte)
    return JsonResponse(options)


@acces(action="connexion", ouvert=True)
@require_POST
def ouvrir(request: HttpRequest) -> HttpResponse:
    """By the password or a passkey. Failures count as at the login."""
    compte, place = _asked(request, request.POST.get("place", ""))
    if compte is None:
        told = "Cette session est terminée : entrez de nouveau."
        return JsonResponse({"erreur": told}, status=401) if _wants_json(request) else redirect("comptes:connexion")
    try:
        _prove(request, compte)
    except OpenSegurError as error:
        record("compte.verrou", structure_id="", acteur=compte.acteur, resultat=error.code)
        told = f"{error.message} {error.conseil}".strip()
        if _wants_json(request):
            return JsonResponse({"erreur": told}, status=422)
        return render(request, "comptes/verrou.html", _context(request, compte, place) | {"erreur": told}, status=422)
    return _resume(request, compte, place)


def _resume(request: HttpRequest, compte: Compte, place: Place | None) -> HttpResponse:
    """The one who was at work keeps the session that waits; the forms on that screen are nobody else's."""
    if place is not None:
        request.session.save()
        request.session = place.session
        rotate_token(request)
    page = verrou.unlock(request.session)
    qui = sessions.qui_of(compte, request.session)
    structure = qui.structure.pk if qui else ""
    record(
        "compte.verrou", structure_id=structure, acteur=compte.acteur, objet="rouvert" if not place else "à son tour"
    )
    if _wants_json(request):
        response: HttpResponse = JsonResponse({"jeton": get_token(request), "personne": verrou.reference_of(compte)})
    else:
        response = redirect(page)
    verrou.join(request, response)
    return response


def _prove(request: HttpRequest, compte: Compte) -> None:
    """Raises ``OpenSegurError`` (CONNEXION_ACTUEL, CONNEXION_PAUSE, CONNEXION_CLE, CLE_REPONSE)."""
    if not request.POST.get("reponse"):
        prove(compte, request.POST.get("actuel", ""), machine_token(request))
        return
    key = cle_acces.recognise(request.session.pop(_DEFI, None), read_answer(request), request.get_host())
    if key.compte_id != compte.pk:
        raise ConnexionRefusee("CONNEXION_CLE", f"Cette clé n’est pas celle de {compte.nom_affiche}.")


def _asked(request: HttpRequest, reference: str) -> tuple[Compte | None, Place | None]:
    """Whose session is to be opened: the one that waits under ``reference``, or the one that was locked here."""
    if not reference:
        return verrou.holder_of(request.session), None
    place = next((each for each in verrou.waiting(request) if each.reference == reference), None)
    return (place.compte, place) if place else (None, None)


def _context(request: HttpRequest, compte: Compte, place: Place | None) -> dict[str, Any]:
    here = verrou.holder_of(request.session)
    others = [_named(each) for each in verrou.waiting(request) if place is None or each.reference != place.reference]
    return {
        "compte": compte,
        "place": place.reference if place else "",
        "autres": others,
        "retour": here if place else None,
        "a_une_cle": bool(cle_acces.keys_of(compte)),
        "psc_ouvert": psc.is_configured(),
        "erreur": "",
    }


def _named(place: Place) -> dict[str, str]:
    return {"reference": place.reference, "nom": place.compte.nom_affiche}


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"
