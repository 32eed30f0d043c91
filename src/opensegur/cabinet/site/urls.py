"""Where everything is. Identifiers in addresses are opaque: never a number or a name of a person."""

from __future__ import annotations

from importlib.util import find_spec

from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path

from opensegur.cabinet.site import pages


def _place(app: str, prefix: str, vide: str) -> URLResolver:
    """An app's own routes; a page that says what will be there while the app has none."""
    name = f"opensegur.cabinet.{app}"
    if apps.is_installed(name) and find_spec(f"{name}.urls"):
        try:
            return path(prefix, include(f"{name}.urls"))
        except ImportError:
            pass
    return path(prefix, include(([path("", pages.place_vide, name=vide)], app)))


urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("opensegur.cabinet.accueil.urls")),
    path("compte/", include("opensegur.cabinet.comptes.urls")),
    path("patients/", include("opensegur.cabinet.patients.urls")),
    _place("documents", "patients/<uuid:patient_id>/documents/", "liste"),
    _place("dmp", "patients/<uuid:patient_id>/dmp/", "dossier"),
    _place("envois", "envois/", "liste"),
    _place("journal", "journal/", "liste"),
    path("aide/", include("opensegur.cabinet.aide.urls")),
    path("sante/", pages.sante, name="sante"),
    path("statique/<path:chemin>", pages.statique, name="statique"),
]

handler400 = "opensegur.cabinet.site.pages.requete_invalide"
handler403 = "opensegur.cabinet.site.pages.interdit"
handler404 = "opensegur.cabinet.site.pages.absente"
handler500 = "opensegur.cabinet.site.pages.panne"
