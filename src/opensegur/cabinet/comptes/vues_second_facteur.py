"""The code of the phone: asked at the login, set up and taken away in one's account."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from opensegur.cabinet.acces import acces
from opensegur.cabinet.comptes import second_facteur
from opensegur.cabinet.comptes import session as sessions
from opensegur.cabinet.comptes.connexion import ConnexionRefusee, count_failure, refuse_pause
from opensegur.cabinet.comptes.entree import enter_locally, machine_token
from opensegur.cabinet.comptes.forms import CodeForm, PremierCodeForm, PreuveForm
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.comptes.reconnexion import AILLEURS
from opensegur.cabinet.journal.port import record
from opensegur.cabinet.requete import Requete


@acces(action="connexion", ouvert=True)
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The second half of the login. A wrong code counts as a wrong password does."""
    compte = sessions.awaited(request.session)
    if compte is None:
        return redirect("comptes:connexion")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            _check(compte, form.cleaned_data["code"], machine_token(request))
        except ConnexionRefusee as error:
            record("connexion", structure_id="", acteur=compte.acteur, resultat=error.code)
            form.add_error(None, f"{error.message} {error.conseil}")
        else:
            left = second_facteur.paper_left(compte)
            if left <= second_facteur.PAPIER_BAS:
                messages.info(request, f"Il vous reste {left} code(s) de secours : refaites-en dans Mon compte.")
            return enter_locally(request, compte, sessions.Moyen.CODE)
    return render(request, "comptes/code.html", {"form": form}, status=422 if form.errors else 200)


@acces(action="compte.second_facteur", trace=False)
@require_POST
def commencer(request: Requete) -> HttpResponse:
    """A secret is drawn for the phone; nothing changes at the login until it is confirmed."""
    if not request.qui.compte.has_usable_password():
        return redirect("comptes:compte")
    second_facteur.begin(request.qui.compte)
    return redirect("comptes:second_facteur")


@acces(action="compte.second_facteur", trace=False)
@require_http_methods(["GET", "POST"])
def installer(request: Requete) -> HttpResponse:
    """The QR code to scan, then the paper codes, shown this once."""
    compte = request.qui.compte
    factor = second_facteur.begun(compte)
    if factor is None:
        return redirect("comptes:compte")
    form = PremierCodeForm(compte, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        papers = second_facteur.confirm(factor, form.cleaned_data["code"])
        if papers:
            sessions.strengthen(request.session, sessions.Moyen.CODE)
            return _shown_once(request, "installé", papers)
        form.add_error(
            "code", "Ce n’est pas le code du moment : attendez le suivant, et vérifiez l’heure du téléphone."
        )
    context = {
        "form": form,
        "dessin": second_facteur.drawn_secret(factor),
        "secret": second_facteur.typed_secret(factor),
    }
    return render(request, "comptes/second_facteur.html", context, status=422 if form.errors else 200)


@acces(action="compte.second_facteur", trace=False)
@require_http_methods(["GET", "POST"])
def gerer(request: Requete) -> HttpResponse:
    """New paper codes, or no code any more; ``geste``: ``refaire`` or ``retirer``."""
    compte = request.qui.compte
    if not second_facteur.is_active(compte):
        return redirect("comptes:compte")
    form = PreuveForm(compte, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if not second_facteur.accepts(compte, form.cleaned_data["code"]):
            form.add_error("code", "Ce code n’est pas bon, ou il a déjà servi : attendez le suivant.")
        elif request.POST.get("geste") == "retirer":
            second_facteur.remove(compte)
            _write_down(request, "retiré")
            messages.success(request, f"Le mot de passe suffit de nouveau pour entrer. {AILLEURS}")
            return redirect("comptes:compte")
        else:
            return _shown_once(request, "codes de secours refaits", second_facteur.renew_paper(compte))
    context = {"form": form, "reste": second_facteur.paper_left(compte)}
    return render(request, "comptes/second_facteur_gerer.html", context, status=422 if form.errors else 200)


def _check(compte: Compte, typed: str, poste: str) -> None:
    """Raises ``ConnexionRefusee`` (CONNEXION_CODE, CONNEXION_PAUSE)."""
    refuse_pause(compte, poste)
    if not second_facteur.accepts(compte, typed):
        count_failure(compte, poste)
        raise ConnexionRefusee(
            "CONNEXION_CODE",
            "Ce code n’est pas bon, ou il a déjà servi.",
            conseil="Attendez le suivant, et vérifiez l’heure du téléphone.",
        )


def _shown_once(request: Requete, what: str, papers: tuple[str, ...]) -> HttpResponse:
    _write_down(request, what)
    return render(request, "comptes/codes_secours.html", {"codes": papers})


def _write_down(request: Requete, what: str) -> None:
    qui = request.qui
    record("compte.second_facteur", structure_id=qui.structure.pk, acteur=qui.compte.acteur, objet=what)
