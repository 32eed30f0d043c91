from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from opensegur.cps import Module, SessionCarte, open_card, open_module
from opensegur.cps.testing import CarteVirtuelle, LecteursVirtuels, make_card
from opensegur.foundation.acteurs import Professionnel
from opensegur.sandbox.app import build_app, open_sandbox
from opensegur.sandbox.cartes.fabrique import find_holder
from opensegur.sandbox.cartes.fabrique import make_card as make_chip
from opensegur.sandbox.cartes.modele import CarteFaite, Genre
from opensegur.sandbox.cartes.softhsm import LecteurSoftHsm, find_softhsm
from opensegur.sandbox.context import SandboxContext
from opensegur.sandbox.population.acteurs import MEDECIN
from opensegur.sandbox.settings import SandboxSettings


@pytest.fixture
def carte() -> CarteVirtuelle:
    """The card of a fictional physician."""
    return make_card()


@pytest.fixture
def lecteurs(carte) -> LecteursVirtuels:
    """A workstation with this card in its only reader."""
    return LecteursVirtuels(Lecteur=carte)


@pytest.fixture
def session(lecteurs) -> SessionCarte:
    return open_card(lecteurs)


@dataclass
class Atelier:
    """A sandbox in this process, its SoftHSM2 reader, and the Cryptolib's place taken by SoftHSM2."""

    contexte: SandboxContext
    lecteur: LecteurSoftHsm

    def make(self, person: Professionnel = MEDECIN, genre: str = "", **options: Any) -> CarteFaite:
        """A card of ``person``, put in the reader."""
        _, structures = find_holder(self.contexte, person.id_nat)
        made = make_chip(self.contexte, person, structures, Genre(genre) if genre else None, **options)
        self.lecteur.write(made)
        return made

    @property
    def module(self) -> Module:
        return open_module(Path(self.lecteur.environment["OPENSEGUR_PKCS11"]))

    def open(self) -> SessionCarte:
        return open_card(self.module)


@pytest.fixture(scope="session")
def bac(tmp_path_factory) -> SandboxContext:
    context = open_sandbox(SandboxSettings(tmp_path_factory.mktemp("cartes") / "bac"))
    build_app(context)
    return context


@pytest.fixture
def atelier(bac, tmp_path, monkeypatch) -> Iterator[Atelier]:
    library = find_softhsm()
    reader = LecteurSoftHsm(tmp_path / "cartes", library)
    for name, value in reader.environment.items():
        monkeypatch.setenv(name, value)
    yield Atelier(bac, reader)
    import pkcs11

    pkcs11.lib(str(library)).finalize()
