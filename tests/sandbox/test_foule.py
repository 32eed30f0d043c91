"""The crowd for load tests: believable, nobody's, always the same, and answered by the services like the others."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from opensegur.foundation.errors import ConfigurationError
from opensegur.ins.matricule import parse_matricule
from opensegur.nomenclature.cog import lieu
from opensegur.sandbox.population.foule.base import FICHIER, Foule
from opensegur.sandbox.population.foule.familles import BLOC, people_of
from opensegur.sandbox.population.personnes import OIDS, load_personnes

NAME = re.compile(r"'?[A-Z]+(?:(?:--?|[ '])[A-Z]+)*")


@pytest.fixture(scope="module")
def block():
    return people_of(1, 0)


@pytest.fixture(scope="module")
def foule(tmp_path_factory):
    made = Foule(tmp_path_factory.mktemp("foule") / FICHIER, OIDS["test"])
    made.fill(BLOC, 1)
    return made


def everybody(foule):
    return foule.search("1", 2 * BLOC) + foule.search("2", 2 * BLOC) + foule.search("7", 99) + foule.search("8", 99)


def test_the_same_seed_makes_the_same_people(block):
    assert people_of(1, 0) == block
    assert people_of(2, 0)[:50] != block[:50]


def test_all_sorts_are_there(block):
    count = len(block)
    assert count == BLOC
    births = Counter((each.nom, each.naissance, each.lieu, each.famille) for each in block if each.famille)
    assert sum(number for number in births.values() if number > 1) >= 0.015 * count
    names = Counter((each.nom, each.prenoms.partition(" ")[0]) for each in block)
    assert sum(number for number in names.values() if number > 1) >= 0.05 * count
    for places in (("97", "98"), ("20", "2A", "2B"), ("99",)):
        assert sum(each.lieu.startswith(places) for each in block) >= 0.01 * count
    assert max(Counter(each.famille for each in block if each.famille).values()) >= 5
    assert any(each.nature == "NIA" for each in block)
    assert any(each.nom_utilise for each in block)
    fathers = {(each.famille, each.nom, each.prenoms.partition(" ")[0]): each for each in block if each.famille}
    assert any(
        fathers[each.famille, each.nom, each.prenoms.partition(" ")[0]].naissance.year - each.naissance.year >= 15
        for each in block
        if each.famille
    ), "no father and son of the same name"


def test_their_names_and_places_are_those_that_insi_accepts(block):
    for each in block:
        for text in (each.nom, each.prenoms, *filter(None, [each.nom_utilise])):
            assert NAME.fullmatch(text), text
        assert "--" not in each.prenoms
        found = lieu(each.lieu)
        assert found is not None
        assert found.existed_on(each.naissance.isoformat()) or each.naissance.month in {1, 12}


def test_their_matricules_are_right_and_nobody_elses(foule):
    people = everybody(foule)
    assert len(people) == len(foule) == BLOC
    assert len({each.ins for each in people}) == len(people)
    assert not {each.ins for each in people} & {each.ins for each in load_personnes("test")}
    for each in people[:2000]:
        assert parse_matricule(each.ins, each.oid).key_is_valid
        assert int(each.numero[-3:]) >= 900


def test_it_stops_and_goes_on_where_it_was(tmp_path):
    def stop_after_one_block(done, _wanted):
        if done:
            raise KeyboardInterrupt

    stopped = Foule(tmp_path / "a.sqlite3", OIDS["test"])
    with pytest.raises(KeyboardInterrupt):
        stopped.fill(2 * BLOC, 3, stop_after_one_block)
    assert len(stopped) == BLOC
    assert stopped.fill(2 * BLOC, 3) == 2 * BLOC
    straight = Foule(tmp_path / "b.sqlite3", OIDS["test"])
    straight.fill(2 * BLOC, 3)
    assert everybody(stopped) == everybody(straight)


def test_a_crowd_of_another_seed_is_refused_and_kept(foule):
    with pytest.raises(ConfigurationError) as refused:
        foule.fill(BLOC, 2)
    assert refused.value.code == "SANDBOX_FOULE"
    assert len(foule) == BLOC


def test_nobody_before_it_is_made(tmp_path):
    empty = Foule(tmp_path / FICHIER, OIDS["test"])
    assert len(empty) == 0
    assert empty.find("1850101001910") is None
    assert empty.search("MARTIN", 10) == ()


def test_the_console_finds_them_by_name_matricule_and_date(foule):
    wanted = next(each for each in everybody(foule) if " " in each.prenoms and each.nom_utilise)
    for asked in (
        f"{wanted.nom_naissance} {wanted.premier_prenom}",
        wanted.nom_naissance.lower(),
        wanted.nom_utilise,
        wanted.ins,
        wanted.date_naissance,
    ):
        assert wanted in foule.search(asked, 1000), asked
