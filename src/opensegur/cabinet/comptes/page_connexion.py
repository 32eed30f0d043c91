"""The login page, with the means that this installation offers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from opensegur.cabinet.comptes import carte, psc
from opensegur.cabinet.comptes.forms import ConnexionForm
from opensegur.foundation.errors import OpenSegurError


def show_login(
    request: HttpRequest, form: ConnexionForm | None = None, *, refus: OpenSegurError | None = None
) -> HttpResponse:
    """``refus``: why a means that is not the form was refused."""
    form = form or ConnexionForm()
    context = {
        "form": form,
        "refus": refus,
        "psc_ouvert": psc.is_configured(),
        "carte_ouverte": carte.is_configured(),
    }
    return render(request, "comptes/connexion.html", context, status=422 if refus or form.errors else 200)
