"""The places of the application, in the order of the day's work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from opensegur.cabinet.certificats.droits import may_keep
from opensegur.cabinet.comptes.roles import EQUIPE
from opensegur.cabinet.imports.droits import may_import
from opensegur.cabinet.requete import Qui


@dataclass(frozen=True, slots=True)
class Lieu:
    """``espace``: the namespace whose pages belong here; ``pour``: to whom it is shown."""

    libelle: str
    route: str
    espaces: frozenset[str]
    icone: str
    pour: Callable[[Qui], bool] = lambda _qui: True


def _is_team(qui: Qui) -> bool:
    return qui.role in EQUIPE


_DOSSIER = frozenset({"patients", "medical", "ecrits", "gabarits", "portabilite", "documents", "dmp"})
LIEUX = (
    Lieu("Aujourd’hui", "accueil:jour", frozenset({"accueil"}), "jour"),
    Lieu(
        "Patients",
        "patients:recherche",
        frozenset({"patients", "medical", "ecrits", "gabarits", "portabilite", "documents", "dmp"}),
        "patients",
    ),
    Lieu("Guichet", "guichet:accueil", frozenset({"guichet"}), "scan", _is_team),
    Lieu("Bannette", "bannette:liste", frozenset({"bannette"}), "bannette", _is_team),
    Lieu("Identités", "vigilance:tableau", frozenset({"vigilance", "doublons"}), "qualifiee"),
    Lieu("Envois", "envois:liste", frozenset({"envois"}), "envois", _is_team),
    Lieu("Imports", "imports:liste", frozenset({"imports"}), "importer", may_import),
    Lieu("Journal", "journal:liste", frozenset({"journal"}), "journal"),
    Lieu("Certificats", "certificats:liste", frozenset({"certificats"}), "cle", may_keep),
    Lieu("Aide", "aide:liste", frozenset({"aide"}), "aide"),
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
        if qui is not None and lieu.pour(qui)
    )
