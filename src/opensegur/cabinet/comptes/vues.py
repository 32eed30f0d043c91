"""The login page, the choice of the structure, one's own account, and the way out."""

from __future__ import annotations

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from opensegur.cabinet.acces import acces
from opensegur.cabinet.comptes import psc
from opensegur.cabinet.comptes import session as sessions
from opensegur.cabinet.comptes.connexion import ConnexionRefusee, check_password
from opensegur.cabinet.comptes.forms import ConnexionForm
from opensegur.cabinet.comptes.models import Compte, Rattachement
from opensegur.cabinet.comptes.permis import permis_of
from opensegur.cabinet.comptes.roles import Role
from opensegur.cabinet.comptes.session import SessionPsc
from opensegur.cabinet.comptes.situations import Situation, situations_of
from opensegur.cabinet.journal.port import record
from opensegur.cabinet.requete import Requete


@acces(action="connexion", ouvert=True)
@require_http_methods(["GET", "POST"])
def connexion(request: HttpRequest) -> HttpResponse:
    if getattr(request, "qui", None):
        return redirect("accueil:jour")
    form = ConnexionForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            identifiant = form.cleaned_data["identifiant"]
            try:
                compte = check_password(identifiant, form.cleaned_data["mot_de_passe"])
            except ConnexionRefusee as error:
                record("connexion", structure_id="", acteur=identifiant[:80], resultat=error.code)
                form.add_error(None, f"{error.message} {error.conseil}")
            else:
                return enter(request, compte)
    context = {"form": form, "psc_ouvert": psc.is_configured()}
    return render(request, "comptes/connexion.html", context, status=status)


def enter(request: HttpRequest, compte: Compte, session_psc: SessionPsc | None = None) -> HttpResponse:
    """Open the session; go on to the page that was asked for, or to the choice of the structure."""
    suite = request.session.get("suite", "")
    login(request, compte, backend="django.contrib.auth.backends.ModelBackend")
    sessions.start(request.session, psc=session_psc)
    request.session["suite"] = suite
    offered = situations(request, compte)
    if len(offered) == 1:
        return settle(request, compte, offered[0])
    record("connexion", structure_id="", acteur=compte.acteur, objet=means_of(session_psc))
    return redirect("comptes:structure")


def situations(request: HttpRequest, compte: Compte) -> tuple[Situation, ...]:
    places = Rattachement.objects.filter(compte=compte, actif=True).select_related("structure").order_by("pk")
    return situations_of(places, sessions.activites_of(request.session))


def settle(request: HttpRequest, compte: Compte, situation: Situation) -> HttpResponse:
    """The structure is known: the work begins."""
    sessions.choose(request.session, situation)
    session_psc = sessions.psc_of(request.session)
    record("connexion", structure_id=situation.structure.pk, acteur=compte.acteur, objet=means_of(session_psc))
    suite = request.session.pop("suite", "") or reverse("accueil:jour")
    safe = url_has_allowed_host_and_scheme(suite, allowed_hosts=None)
    return redirect(suite if safe else reverse("accueil:jour"))


def means_of(session_psc: SessionPsc | None) -> str:
    return f"Pro Santé Connect {session_psc.moyen}".strip() if session_psc else "compte local"


@acces(action="connexion.structure", ouvert=True)
@require_http_methods(["GET", "POST"])
def structure(request: HttpRequest) -> HttpResponse:
    """For whoever works in several structures or activities, and for whoever works in none any more."""
    compte = request.user
    if not isinstance(compte, Compte):
        return redirect("comptes:connexion")
    offered = situations(request, compte)
    if request.method == "POST":
        chosen = next((each for each in offered if each.cle == request.POST.get("situation")), None)
        if chosen:
            return settle(request, compte, chosen)
    context = {"situations": offered, "compte": compte, "par_psc": sessions.psc_of(request.session) is not None}
    return render(request, "comptes/structure.html", context)


@acces(action="deconnexion", ouvert=True)
@require_POST
def deconnexion(request: HttpRequest) -> HttpResponse:
    """Leave here, and at Pro Santé Connect when it let the person in."""
    if not request.user.is_authenticated:
        return redirect("comptes:connexion")
    qui = getattr(request, "qui", None)
    session_psc = sessions.psc_of(request.session)
    assert isinstance(request.user, Compte)
    record("deconnexion", structure_id=qui.structure.pk if qui else "", acteur=request.user.acteur)
    logout(request)
    away = psc.logout_url(session_psc) if session_psc else ""
    return redirect(away or "comptes:connexion")


@acces(action="compte.lire", trace=False)
def compte(request: Requete) -> HttpResponse:
    """Who one is here, and what this connection opens."""
    qui = request.qui
    context = {
        "role": Role(qui.role).label,
        "permis_liste": permis_of(qui),
        "plusieurs": len(situations(request, qui.compte)) > 1,
        "psc_ouvert": psc.is_configured(),
    }
    return render(request, "comptes/compte.html", context)
