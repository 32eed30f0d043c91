"""Places of birth: old and new codes, names in time, countries, search as a secretary types."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opensegur.nomenclature import lieu, search_lieux
from opensegur.nomenclature.cog import LIEU_INCONNU, Periode, _lieux


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("63220", "Mazoires"),
        ("2A004", "Ajaccio"),
        ("2a004", "Ajaccio"),
        ("97411", "Saint-Denis"),
        ("98818", "NOUMEA"),
        ("99351", "TUNISIE"),
        ("13203", "Marseille 3e Arrondissement"),
    ],
)
def test_a_place_has_its_name(code, name):
    assert lieu(code).nom == name


@pytest.mark.parametrize("code", ["20004", "75001", "01059", "91110"])
def test_the_code_of_a_place_that_is_no_more_is_legitimate(code):
    found = lieu(code)
    assert found is not None
    assert not found.is_current


def test_corsica_before_and_after_1976():
    before, after = lieu("20004"), lieu("2A004")
    assert before.existed_on("1975-12-31")
    assert not before.existed_on("1976-01-01")
    assert not after.existed_on("1975-12-31")
    assert after.existed_on("1976-01-01")


def test_a_town_of_the_seine_moved_to_its_new_department_in_1968():
    assert lieu("75001").existed_on("1950-01-01")
    assert not lieu("75001").existed_on("1968-01-01")


def test_a_town_that_changed_its_name_keeps_both():
    found = lieu("04045")
    assert found.nom == "Céreste-en-Luberon"
    assert found.name_on("1990-01-01") == "Céreste"
    assert found.name_on("2024-06-01") == "Céreste-en-Luberon"


def test_an_incomplete_date_is_compared_as_text():
    assert lieu("20004").existed_on("1950-00-00")


def test_a_country_is_told_from_a_town():
    assert lieu("99132").is_country
    assert not lieu("63220").is_country
    assert not lieu(LIEU_INCONNU).is_country


@pytest.mark.parametrize("code", ["2A020", "00000", "", "6322", "99999999", "é"])
def test_an_unknown_code_is_none(code):
    assert lieu(code) is None


@pytest.mark.parametrize("typed", ["saint etienne", "Saint-Étienne", "SAINT ETIENNE", "saint-étienne "])
def test_search_takes_the_town_as_it_is_typed(typed):
    assert "42218" in {found.code for found in search_lieux(typed)}


@pytest.mark.parametrize("typed", ["havre", "le havre", "Le Hav"])
def test_search_takes_the_town_with_or_without_its_article(typed):
    assert "76351" in {found.code for found in search_lieux(typed)}


def test_the_places_that_exist_come_before_those_that_are_no_more():
    found = search_lieux("Ajaccio")
    assert [place.code for place in found[:2]] == ["2A004", "20004"]


def test_search_keeps_the_places_of_the_day_of_birth():
    assert "2A004" not in {place.code for place in search_lieux("ajaccio", jour="1960-05-01")}


def test_search_is_bounded():
    assert len(search_lieux("s", limit=7)) == 7
    assert search_lieux("") == ()
    assert search_lieux("--") == ()


@given(st.text(max_size=20))
def test_search_never_fails(text):
    assert len(search_lieux(text)) <= 20


def test_every_line_is_well_formed():
    for place in _lieux().values():
        assert len(place.code) == 5
        assert place.nom
        for periode in place.periodes:
            assert not periode.fin or periode.debut < periode.fin, place


def test_an_open_period_covers_every_later_day():
    assert Periode("X", "1976-01-01", "").covers("2026-11-25")
