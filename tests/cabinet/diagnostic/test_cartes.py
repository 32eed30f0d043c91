"""The cards of the machine: the library, the readers, what a card has left."""

from __future__ import annotations

from dataclasses import replace

import pytest

from opensegur.cabinet.diagnostic.cartes import check_cards
from opensegur.cabinet.diagnostic.constat import Niveau
from opensegur.cps import Lecteur
from opensegur.cps.errors import Essais, cps_error
from opensegur.cps.testing import LecteursVirtuels, make_card


class _Lecteurs:
    def __init__(self, *lecteurs: Lecteur) -> None:
        self._lecteurs = lecteurs

    def readers(self) -> tuple[Lecteur, ...]:
        return self._lecteurs


def _fails(code: str):
    def opened():
        raise cps_error(code)

    return opened


def test_a_server_without_cards_is_well_and_says_where_they_are_read() -> None:
    (found,) = check_cards(_fails("CPS_CRYPTOLIB"))
    assert found.niveau is Niveau.VERT
    assert "aux postes" in found.dit


def test_a_library_that_fails_is_to_be_mended() -> None:
    (found,) = check_cards(_fails("CPS_LECTURE"))
    assert found.niveau is Niveau.ROUGE
    assert found.remede


def test_each_reader_says_whether_a_card_is_in_it() -> None:
    _, full, empty = check_cards(lambda: LecteursVirtuels(Accueil=make_card(), Cabinet=None))
    assert (full.sujet, full.dit) == ("Lecteur Accueil", "Branché, une carte dedans.")
    assert empty.dit == "Branché, sans carte."


@pytest.mark.parametrize(
    ("essais", "niveau"),
    [(Essais.DERNIER, Niveau.ORANGE), (Essais.BLOQUE, Niveau.ROUGE)],
    ids=["last try", "blocked"],
)
def test_a_card_that_is_nearly_blocked_is_told_before_its_code_is_typed(essais: Essais, niveau: Niveau) -> None:
    reader = replace(Lecteur(0, "Accueil", carte_presente=True), essais=essais)
    _, found = check_cards(lambda: _Lecteurs(reader))
    assert found.niveau is niveau
    assert found.remede
