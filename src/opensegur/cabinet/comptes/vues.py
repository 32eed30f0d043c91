"""The login page, the choice of the structure, one's own account, and the way out."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opensegur.cabinet.acces import acces
from opensegur.cabinet.comptes import cle_acces, psc, second_facteur, verrou
from opensegur.cabinet.comptes import session as sessions
from opensegur.cabinet.comptes.connexion import ConnexionRefusee, check_password
from opensegur.cabinet.comptes.entree import enter_locally, machine_token, settle, situations
from opensegur.cabinet.comptes.forms import ConnexionForm, MotDePasseForm
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.comptes.page_connexion import show_login
from opensegur.cabinet.comptes.permis import permis_of
from opensegur.cabinet.comptes.roles import Role
from opensegur.cabinet.droits.arrivee import first_page
from opensegur.cabinet.journal.port import record
from opensegur.cabinet.requete import Requete


@acces(action="connexion", ouvert=True)
@require_http_methods(["GET", "POST"])
def connexion(request: HttpRequest) -> HttpResponse:
    if qui := getattr(request, "qui", None):
        return redirect(first_page(qui))
    form = ConnexionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        identifiant = form.cleaned_data["identifiant"]
        try:
            compte = check_password(identifiant, form.cleaned_data["mot_de_passe"], machine_token(request))
        except ConnexionRefusee as error:
            record("connexion", structure_id="", acteur=identifiant[:80], resultat=error.code)
            form.add_error(None, f"{error.message} {error.conseil}")
        else:
            if not second_facteur.is_active(compte):
                return enter_locally(request, compte)
            sessions.expect_code(request.session, compte)
            return redirect("comptes:code")
    return show_login(request, form)


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
    response = _way_out(request, away)
    # pages are never cached: what is left is what their scripts noted
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


def _way_out(request: HttpRequest, away: str) -> HttpResponse:
    if not away:
        return redirect("comptes:connexion")
    # not a redirection: a form of ours may not end at another site (content security policy)
    response = render(request, "comptes/sortie.html", {"suite": away})
    response.headers["Refresh"] = f"0; url={away}"
    return response


@acces(action="compte.lire", trace=False)
@require_GET
def jeton(request: Requete) -> JsonResponse:
    """The token of forms, for a page that was open before its person logged in again."""
    return JsonResponse({"jeton": get_token(request), "personne": verrou.reference_of(request.qui.compte)})


@acces(action="compte.lire", trace=False)
def compte(request: Requete) -> HttpResponse:
    """Who one is here, and what this connection opens."""
    qui = request.qui
    permis = permis_of(qui)
    context = {
        "role": Role(qui.role).label,
        "ouverts": [each for each in permis if not each.manque],
        "fermes": [each for each in permis if each.manque],
        "plusieurs": len(situations(request, qui.compte)) > 1,
        "psc_ouvert": psc.is_configured(),
        "moyen": sessions.means_of(request.session),
        "cles": len(cle_acces.keys_of(qui.compte)),
        "deux_facteurs": second_facteur.is_active(qui.compte),
    }
    return render(request, "comptes/compte.html", context)


@acces(action="compte.mot_de_passe", trace=False)
@require_http_methods(["GET", "POST"])
def mot_de_passe(request: Requete) -> HttpResponse:
    """Other sessions of the account end; this one goes on."""
    compte = request.qui.compte
    form = MotDePasseForm(compte, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        compte.set_password(form.cleaned_data["nouveau"])
        compte.save(update_fields=["password"])
        update_session_auth_hash(request, compte)
        record("compte.mot_de_passe", structure_id=request.qui.structure.pk, acteur=compte.acteur)
        messages.success(request, "Votre mot de passe est changé.")
        response = redirect("comptes:compte")
        verrou.join(request, response)
        return response
    return render(request, "comptes/mot_de_passe.html", {"form": form}, status=422 if form.errors else 200)
