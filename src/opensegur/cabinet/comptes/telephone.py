"""Coming in by the phone or by the card, on a screen that goes nowhere: two digits, and the person accepts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opensegur.cabinet.acces import acces
from opensegur.cabinet.comptes import psc
from opensegur.cabinet.comptes.appels import forget_calls, note_call
from opensegur.cabinet.comptes.entree import enter
from opensegur.cabinet.journal.port import record
from opensegur.cabinet.patients.forms import french
from opensegur.foundation.errors import OpenSegurError
from opensegur.psc import DemandeCiba, MoyenPsc
from opensegur.psc.identifiants import read_id_nat

_OBJET = "Pro Santé Connect, téléphone"


class TelephoneForm(forms.Form):
    numero = forms.CharField(
        label="Votre numéro RPPS",
        max_length=60,
        help_text="11 chiffres. Sans RPPS, l’identifiant écrit sur votre carte.",
        widget=forms.TextInput(attrs={"autocomplete": "username", "inputmode": "text", "autofocus": True}),
    )
    moyen = forms.ChoiceField(
        label="Vous répondez",
        choices=[
            (MoyenPsc.MOBILE.value, "sur mon téléphone"),
            (MoyenPsc.CARD.value, "avec ma carte, dans le lecteur"),
        ],
        initial=MoyenPsc.MOBILE.value,
        widget=forms.RadioSelect,
    )

    def clean_numero(self) -> str:
        found: str = french(lambda: read_id_nat(self.cleaned_data["numero"]))
        return found


@acces(action="connexion", ouvert=True)
@require_http_methods(["GET", "POST"])
def demander(request: HttpRequest) -> HttpResponse:
    form = TelephoneForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            note_call(form.cleaned_data["numero"])
            psc.ask(request.session, form.cleaned_data["numero"], MoyenPsc(form.cleaned_data["moyen"]))
        except OpenSegurError as error:
            _tell(error)
            form.add_error(None, f"{error.message} {error.conseil}".strip())
        else:
            return redirect("comptes:telephone_attendre")
    return render(request, "comptes/telephone.html", {"form": form}, status=422 if form.errors else 200)


@acces(action="connexion", ouvert=True)
@require_GET
def attendre(request: HttpRequest) -> HttpResponse:
    demande = psc.waiting(request.session)
    if demande is None:
        return redirect("comptes:telephone")
    return render(request, "comptes/telephone_attente.html", _context(demande))


@acces(action="connexion", ouvert=True)
@require_POST
def interroger(request: HttpRequest) -> HttpResponse:
    """What the page asks by itself, as often as Pro Santé Connect admits: it never holds a worker while it waits."""
    try:
        answer = psc.poll(request.session)
        if isinstance(answer, DemandeCiba):
            return _go_on(request, answer)
        compte = psc.match(answer.userinfo)
    except OpenSegurError as error:
        demande = psc.waiting(request.session)
        if error.retryable and demande is not None:
            return _go_on(request, demande, error)
        psc.forget(request.session)
        _tell(error)
        return _leave(request, render(request, "comptes/_telephone_fin.html", {"erreur": error}))
    session_psc = psc.session_of(answer, sans_navigateur=True)
    psc.remember(compte, session_psc.emetteur, answer.userinfo)
    forget_calls(session_psc.id_nat)
    return _leave(request, enter(request, compte, session_psc, psc.activites_of(answer.userinfo)))


@acces(action="connexion", ouvert=True)
@require_POST
def abandonner(request: HttpRequest) -> HttpResponse:
    psc.forget(request.session)
    return redirect("comptes:connexion")


def _context(demande: DemandeCiba, error: OpenSegurError | None = None) -> dict[str, Any]:
    left = (demande.expire_le - timezone.now()).total_seconds()
    return {
        "demande": demande,
        "carte": demande.moyen is MoyenPsc.CARD,
        "reste": max(0, round(left)),
        "pas": demande.intervalle,
        "erreur": error,
    }


def _go_on(request: HttpRequest, demande: DemandeCiba, error: OpenSegurError | None = None) -> HttpResponse:
    if getattr(request, "htmx", False):
        return render(request, "comptes/_telephone_attente.html", _context(demande, error))
    return redirect("comptes:telephone_attendre")


def _leave(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Another page, whether it was a script or a form that asked."""
    if getattr(request, "htmx", False) and response.status_code == HttpResponse(status=302).status_code:
        return HttpResponse(headers={"HX-Redirect": response.headers["Location"]})
    return response


def _tell(error: OpenSegurError) -> None:
    record("connexion", structure_id="", acteur="", objet=_OBJET, resultat=error.code)
