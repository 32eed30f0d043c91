"""The places of the application, in the order of the day's work."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from opensegur.cabinet.requete import Qui


@dataclass(frozen=True, slots=True)
class Lieu:
    """``espaces``: the namespaces whose pages belong here; ``action``: what shows it to whoever may do it."""

    libelle: str
    route: str
    espaces: frozenset[str]
    icone: str
    action: str


_DOSSIER = frozenset({"patients", "medical", "ecrits", "gabarits", "portabilite", "documents", "dmp", "cercle"})
_EQUIPE = frozenset({"equipe", "droits", "exceptions", "conservation"})
LIEUX = (
    Lieu("Aujourd’hui", "accueil:jour", frozenset({"accueil"}), "jour", "accueil.lire"),
    Lieu("Patients", "patients:recherche", _DOSSIER, "patients", "dossier.chercher"),
    Lieu("Guichet", "guichet:accueil", frozenset({"guichet"}), "scan", "guichet.lire"),
    Lieu("Bannette", "bannette:liste", frozenset({"bannette"}), "bannette", "bannette.lire"),
    Lieu("Identités", "vigilance:tableau", frozenset({"vigilance", "doublons"}), "qualifiee", "vigilance.lire"),
    Lieu("Envois", "envois:liste", frozenset({"envois"}), "envois", "envois.lire"),
    Lieu("Imports", "imports:liste", frozenset({"imports"}), "importer", "import.lire"),
    Lieu("Journal", "journal:liste", frozenset({"journal"}), "journal", "journal.lire"),
    Lieu("Équipe", "equipe:liste", _EQUIPE, "equipe", "equipe.lire"),
    Lieu("Aide", "aide:liste", frozenset({"aide"}), "aide", "aide.lire"),
)


@dataclass(frozen=True, slots=True)
class Entree:
    libelle: str
    url: str
    icone: str
    active: bool


def menu_for(request: HttpRequest) -> tuple[Entree, ...]:
    match = request.resolver_match
    here = match.namespace if match else ""
    qui: Qui | None = getattr(request, "qui", None)
    return tuple(
        Entree(lieu.libelle, reverse(lieu.route), lieu.icone, here in lieu.espaces)
        for lieu in LIEUX
        if qui is not None and qui.peut(lieu.action)
    )
