"""Opening one's account with the code that the administrator gave: the person alone chooses the password."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from opensegur.cabinet.acces import acces
from opensegur.cabinet.comptes import second_facteur
from opensegur.cabinet.comptes import session as sessions
from opensegur.cabinet.comptes.entree import enter_locally
from opensegur.cabinet.comptes.forms import NouveauMotDePasseForm
from opensegur.cabinet.equipe.invitations import invitation_for, invitation_kept, spend
from opensegur.cabinet.journal.port import record
from opensegur.foundation.errors import OpenSegurError

_CLE = "bienvenue"


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Code d’ouverture",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True, "spellcheck": "false"}),
        help_text="Les quatre groupes de cinq signes que votre administrateur vous a remis.",
    )


@acces(action="compte.bienvenue", ouvert=True)
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            invitation = invitation_for(form.cleaned_data["code"])
        except OpenSegurError as error:
            record("compte.bienvenue", structure_id="", acteur="", resultat=error.code)
            form.add_error("code", f"{error.message} {error.conseil}")
        else:
            request.session[_CLE] = str(invitation.pk)
            return redirect("bienvenue:mot_de_passe")
    return render(request, "equipe/bienvenue.html", {"form": form}, status=422 if form.errors else 200)


@acces(action="compte.bienvenue", ouvert=True)
@require_http_methods(["GET", "POST"])
def mot_de_passe(request: HttpRequest) -> HttpResponse:
    """Then in, unless the account has a code of the phone: it is asked as at every login."""
    invitation = invitation_kept(request.session.get(_CLE, ""))
    if invitation is None:
        return redirect("bienvenue:code")
    form = NouveauMotDePasseForm(invitation.compte, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        compte = spend(invitation, form.cleaned_data["nouveau"])
        request.session.pop(_CLE)
        record("compte.bienvenue", structure_id=invitation.structure_id, acteur=compte.acteur)
        if second_facteur.is_active(compte):
            sessions.expect_code(request.session, compte)
            return redirect("comptes:code")
        return enter_locally(request, compte)
    context = {"form": form, "compte": invitation.compte, "structure": invitation.structure}
    return render(request, "equipe/mot_de_passe.html", context, status=422 if form.errors else 200)
