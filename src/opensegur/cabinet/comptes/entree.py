"""From somebody known to a session at work: the structure, the profession, the page that was asked for."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from opensegur.cabinet.comptes import session as sessions
from opensegur.cabinet.comptes import verrou
from opensegur.cabinet.comptes.conditions import has_accepted
from opensegur.cabinet.comptes.connexion import admit
from opensegur.cabinet.comptes.models import Compte, Rattachement
from opensegur.cabinet.comptes.session import Moyen, SessionPsc
from opensegur.cabinet.comptes.situations import Activite, Situation, situations_of
from opensegur.cabinet.comptes.verrou import cookie_name
from opensegur.cabinet.journal.port import record

POSTE = "opensegur_poste"
_POSTE_DUREE = 180 * 24 * 3600

# the first that is found: Chrome names itself Safari, Edge names itself Chrome
_NAVIGATEURS = (("Firefox/", "Firefox"), ("Edg/", "Edge"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMES = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def enter(
    request: HttpRequest,
    compte: Compte,
    session_psc: SessionPsc | None = None,
    activites: Iterable[Activite] = (),
    *,
    moyen: Moyen = Moyen.MOT_DE_PASSE,
) -> HttpResponse:
    """Open the session; go on to the page that was asked for, or to the choice of the structure."""
    if request.session.get("_auth_user_id") != str(compte.pk):
        verrou.step_aside(request)
    suite = request.session.get("suite", "")
    login(request, compte, backend="django.contrib.auth.backends.ModelBackend")
    sessions.start(request.session, psc=session_psc, activites=activites, poste=_machine(request), moyen=moyen)
    request.session["suite"] = suite
    response = _first_step(request, compte)
    verrou.join(request, response)
    return response


def _first_step(request: HttpRequest, compte: Compte) -> HttpResponse:
    offered = situations(request, compte)
    if len(offered) == 1:
        return settle(request, compte, offered[0])
    record("connexion", structure_id="", acteur=compte.acteur, objet=sessions.means_of(request.session))
    return redirect("comptes:structure")


def enter_locally(request: HttpRequest, compte: Compte, moyen: Moyen = Moyen.MOT_DE_PASSE) -> HttpResponse:
    """``enter``, and this browser is known from now on."""
    response = enter(request, compte, moyen=moyen)
    response.set_cookie(
        cookie_name(POSTE),
        admit(compte, machine_token(request)),
        max_age=_POSTE_DUREE,
        path=reverse("comptes:connexion"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response


def machine_token(request: HttpRequest) -> str:
    """What the browser kept of a former login, "" if nothing."""
    return request.COOKIES.get(cookie_name(POSTE), "")[:100]


def situations(request: HttpRequest, compte: Compte) -> tuple[Situation, ...]:
    """Where this person may work now."""
    places = Rattachement.objects.filter(compte=compte, actif=True).select_related("structure").order_by("pk")
    return situations_of(places, sessions.activites_of(request.session))


def settle(request: HttpRequest, compte: Compte, situation: Situation) -> HttpResponse:
    """The place is known: the work begins."""
    sessions.choose(request.session, situation)
    _refresh(compte, situation.activite)
    means = sessions.means_of(request.session)
    record("connexion", structure_id=situation.structure.pk, acteur=compte.acteur, objet=means)
    if not has_accepted(compte):
        return redirect("comptes:conditions")
    sessions.note_conditions(request.session)
    return redirect(sessions.take_destination(request.session, compte))


def _refresh(compte: Compte, activite: Activite | None) -> None:
    """What Pro Santé Connect says of the profession replaces what we knew."""
    if activite is None or not activite.profession:
        return
    known = (compte.profession, compte.savoir_faire)
    compte.profession = activite.profession
    compte.savoir_faire = activite.savoir_faire or (compte.savoir_faire if known[0] == activite.profession else "")
    if known != (compte.profession, compte.savoir_faire):
        compte.save(update_fields=["profession", "savoir_faire"])


def _machine(request: HttpRequest) -> str:
    """« Firefox, Windows »: enough to know one's own computer by."""
    said = request.headers.get("User-Agent", "")
    browser = next((name for mark, name in _NAVIGATEURS if mark in said), "Navigateur")
    system = next((name for mark, name in _SYSTEMES if mark in said), "")
    return f"{browser}, {system}" if system else browser
