"""A structure whose certificates come from the sandbox, which also answers what was revoked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cabinet.certificats.atelier import Atelier
from cabinet.personnages import Navigateur, make_compte, open_session
from opensegur.cabinet.certificats import materiel, tournee
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.comptes.roles import Role
from opensegur.cabinet.structures import configuration
from opensegur.cabinet.structures.models import Structure
from opensegur.foundation.configuration import write_configuration
from opensegur.sandbox.client import export_client_configuration
from opensegur.sandbox.population.acteurs import CABINET
from opensegur.sandbox.server import SandboxServer


@pytest.fixture(scope="session")
def bac(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Atelier]:
    folder = tmp_path_factory.mktemp("bac")
    server = SandboxServer(folder)
    with server as addresses:
        client = export_client_configuration(folder / "client", addresses, server.context.pki, CABINET)
        yield Atelier(server.context, addresses, client.configuration)


@pytest.fixture(autouse=True)
def _nothing_kept_from_one_test_to_the_next() -> Iterator[None]:
    tournee._REGARDE.clear()
    yield
    materiel.DOSSIER.close()
    configuration._read.cache_clear()


@pytest.fixture
def tilleuls(cabinet: Structure, bac: Atelier, settings, tmp_path: Path) -> Structure:
    """Its configuration names the services and whom to trust, and no certificate."""
    settings.OPENSEGUR_DONNEES = tmp_path
    (tmp_path / "structures").mkdir()
    whole = bac.configuration
    assert whole.insi
    assert whole.dmp
    assert whole.apcv
    bare = replace(
        whole,
        insi=replace(whole.insi, certificat=None, cle=None),
        apcv=replace(whole.apcv, certificat=None, cle=None),
        dmp=replace(whole.dmp, certificat=None, cle=None, certificat_signature=None, cle_signature=None),
    )
    write_configuration(bare, tmp_path / "structures" / "tilleuls.toml")
    cabinet.configuration = "tilleuls.toml"
    cabinet.save(update_fields=["configuration"])
    return cabinet


@pytest.fixture
def gestionnaire(cabinet: Structure) -> Compte:
    return make_compte("gaelle", cabinet, Role.GESTIONNAIRE, nom="ARNAUD", prenom="Gaëlle")


@pytest.fixture
def bureau(tilleuls: Structure, gestionnaire: Compte) -> Navigateur:
    """The manager's browser."""
    return open_session(gestionnaire)
