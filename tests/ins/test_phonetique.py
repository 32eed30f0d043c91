"""Names that are heard alike have one key."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opensegur.ins.phonetique import phonetic_key, sound_alike


@pytest.mark.parametrize(
    "names",
    [
        "DUPONT DUPOND DUPONS",
        "MARTIN MARTAIN MARTYN",
        "LEFEVRE LEFEBVRE LEFAIVRE",
        "LEVEQUE LEVECQUE LEVEC",
        "PHILIPPE PHILLIPE FILIP",
        "SCHMITT SHMIT CHMITT",
        "MOREAU MORAUX MOREAUX MORO MOREO",
        "CATHERINE KATERINE CATERINE",
        "MATHIEU MATTHIEU MATIEU",
        "GAUTHIER GAUTIER GAUTHIEZ",
        "HENRY HENRI ENRI",
        "BOUCHER BOUCHEZ BOUCHET",
        "RENAULT RENAUD RENAUX RENAULD",
        "JEAN JAN",
        "GUILLOU GUIYOU",
        "CHRISTOPHE KRISTOF",
        "ISABELLE IZABEL",
        "BERENGER BERANGER",
        "DELAUNAY DELAUNEY",
        "YOUSSOUF YUSUF",
        "SEBASTIEN CEBASTIEN",
        "LE-GOFF LEGOF",
        "N'DIAYE NDIAYE",
        "D'HAUTEVILLE DOTEVILE",
    ],
)
def test_names_heard_alike_share_a_key(names: str) -> None:
    first, *others = names.split()
    assert {phonetic_key(name) for name in others} == {phonetic_key(first)}


@pytest.mark.parametrize(
    "names", ["MARTIN MARTINE", "DURAND DUPONT", "JEAN JEANNE", "SIMON SIMONE", "FRANCOIS FRANCE", "LEON LEONIE"]
)
def test_names_heard_differently_do_not(names: str) -> None:
    assert not sound_alike(*names.split())


def test_an_empty_name_sounds_like_nothing() -> None:
    assert phonetic_key("") == ""
    assert not sound_alike("", "")


@given(st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ' -", max_size=40))
def test_every_name_has_a_short_key_of_letters_and_digits(name: str) -> None:
    key = phonetic_key(name)
    assert key == "" or (key.isascii() and key.isalnum())
    assert len(key) <= 2 * len(name)
    assert phonetic_key(name.replace(" ", "-")) == key
