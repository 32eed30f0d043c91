"""The workshop of ``atelier_dmp`` as fixtures: ``atelier`` sends, ``outils`` holds its values and readers."""

from __future__ import annotations

import sqlite3
from types import SimpleNamespace

import pytest

from atelier_dmp import lot, messages, peuple, porteur, xades
from atelier_dmp.atelier import Atelier
from atelier_dmp.peuple import Trousseau, make_trousseau


@pytest.fixture(scope="session")
def trousseau() -> Trousseau:
    return make_trousseau()


@pytest.fixture
def atelier(trousseau: Trousseau) -> Atelier:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.row_factory = sqlite3.Row
    return Atelier(trousseau, connection)


@pytest.fixture
def outils() -> SimpleNamespace:
    """The values of the workshop, for the test modules."""
    found = SimpleNamespace(Atelier=Atelier)
    for module in (peuple, porteur, lot, xades, messages):
        vars(found).update({name: value for name, value in vars(module).items() if not name.startswith("_")})
    return found
