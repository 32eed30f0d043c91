"""What the frame of every page shows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from opensegur.cabinet.comptes.session import Moyen, means_of
from opensegur.cabinet.comptes.verrou import VERROU_APRES, reference_of
from opensegur.cabinet.site.menu import menu_for

_MOYENS = {
    Moyen.MOT_DE_PASSE: ("cadenas", "Compte local"),
    Moyen.CODE: ("cadenas", "Compte local et code"),
    Moyen.CLE: ("cle", "Clé d’accès"),
    Moyen.CARTE: ("carte", "Carte"),
}


def cadre(request: HttpRequest) -> dict[str, Any]:
    qui = getattr(request, "qui", None)
    match = request.resolver_match
    return {
        "qui": qui,
        "entre_avec": _MOYENS[Moyen(means_of(request.session))] if qui and qui.psc is None else (),
        "personne": reference_of(qui.compte) if qui else "",
        "verrou_apres": round(VERROU_APRES.total_seconds()),
        "menu": menu_for(request) if qui else (),
        "ecran": match.view_name if match else "",
        "dossier_ouvert": match.kwargs.get("patient_id", "") if match else "",
    }
