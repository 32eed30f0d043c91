"""Files that are brought in, and who brings them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cabinet.personnages import Navigateur, make_compte, open_session
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.comptes.roles import Role
from opensegur.cabinet.imports import fichier, moteur
from opensegur.cabinet.imports.models import Import
from opensegur.cabinet.structures.models import Structure


@pytest.fixture
def gestionnaire(cabinet: Structure) -> Compte:
    return make_compte("gaelle", cabinet, Role.GESTIONNAIRE, nom="ROUX", prenom="Gaëlle")


@pytest.fixture
def au_bureau_des_entrees(gestionnaire: Compte) -> Navigateur:
    return open_session(gestionnaire)


@pytest.fixture
def prendre(cabinet: Structure, gestionnaire: Compte) -> Callable[..., Import]:
    """Take a text in, as a file."""

    def take(text: str | bytes, *, nom: str = "base.csv", source: str = "Ancien") -> Import:
        data = text if isinstance(text, bytes) else text.encode("utf-8")
        return fichier.take_in(cabinet, gestionnaire, nom, [data], source)

    return take


@pytest.fixture
def importer(prendre: Callable[..., Import], gestionnaire: Compte) -> Callable[..., Import]:
    """Try and apply."""

    def run(text: str | bytes, *, ressemblances: bool = False, **champs: str) -> Import:
        made = prendre(text, **champs)
        moteur.start(made, essai=True)
        made = moteur.advance(made, gestionnaire)
        made.ressemblances = ressemblances
        made.save()
        moteur.start(made, essai=False)
        return moteur.advance(made, gestionnaire)

    return run
