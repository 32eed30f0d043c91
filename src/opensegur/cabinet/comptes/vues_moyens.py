"""Which card, login or certificate opens which national service, said before somebody tries."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from opensegur.cabinet.acces import acces
from opensegur.cabinet.comptes import session as sessions
from opensegur.cabinet.requete import Requete
from opensegur.foundation.moyens import Moyen, ServiceNational, moyens


@acces(action="compte.lire", trace=False)
@require_GET
def lire(request: Requete) -> HttpResponse:
    """The whole table; the line of whoever asks is marked."""
    mine = _moyen_of(request)
    rows = [(moyen.libelle, list(cells.values()), moyen is mine) for moyen, cells in moyens().items()]
    return render(
        request, "comptes/moyens.html", {"services": [each.libelle for each in ServiceNational], "rows": rows}
    )


def _moyen_of(request: Requete) -> Moyen:
    if request.qui.psc is not None:
        return Moyen.PSC
    if sessions.means_of(request.session) != sessions.Moyen.CARTE:
        return Moyen.COMPTE_LOCAL
    return Moyen.CPS if request.qui.compte.profession else Moyen.CPE
