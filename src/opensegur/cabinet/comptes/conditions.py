"""The terms of use: read before coming in, accepted once for each version."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from opensegur.cabinet.acces import acces
from opensegur.cabinet.comptes import session as sessions
from opensegur.cabinet.comptes.models import Acceptation, Compte
from opensegur.cabinet.journal.port import record

VERSION = "2026-11"
"""Changes with the text: everybody is then asked again."""


def has_accepted(compte: Compte) -> bool:
    return Acceptation.objects.filter(compte=compte, version=VERSION).exists()


def accept(compte: Compte) -> None:
    """Once: the date of the first time stays."""
    Acceptation.objects.get_or_create(compte=compte, version=VERSION, defaults={"le": timezone.now()})


@acces(action="conditions", ouvert=True)
@require_GET
def lire(request: HttpRequest) -> HttpResponse:
    """For whoever wants to read them; for whoever has come in without accepting them, with the question."""
    compte = request.user if isinstance(request.user, Compte) else None
    accepted = Acceptation.objects.filter(compte=compte, version=VERSION).first() if compte else None
    context = {
        "version": VERSION,
        "acceptees_le": accepted.le if accepted else None,
        "a_repondre": compte and not accepted,
    }
    return render(request, "comptes/conditions.html", context)


@acces(action="conditions", ouvert=True)
@require_POST
def accepter(request: HttpRequest) -> HttpResponse:
    compte = request.user
    if not isinstance(compte, Compte):
        return redirect("comptes:connexion")
    if request.POST.get("lu") != "oui":
        return redirect("comptes:conditions")
    accept(compte)
    sessions.note_conditions(request.session)
    record("conditions", structure_id="", acteur=compte.acteur, objet=VERSION)
    return redirect(sessions.take_destination(request.session, compte))
