from __future__ import annotations

import pytest

from opensegur.cps import SessionCarte, open_card
from opensegur.cps.testing import CarteVirtuelle, LecteursVirtuels, make_card


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
