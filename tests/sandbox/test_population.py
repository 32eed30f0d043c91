"""The fictional people: whole, coherent, nobody's, and always the same."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from opensegur.nomenclature.cog import lieu
from opensegur.sandbox.population.acteurs import PROFESSIONNELS, SITUATIONS, STRUCTURES
from opensegur.sandbox.population.annuaire import load_population
from opensegur.sandbox.population.personnes import load_personnes

TOOL = Path(__file__).resolve().parents[2] / "tools" / "population.py"
NUMBER = re.compile(r"[1278]\d{4}(?:\d{5}|2[AB]\d{3})\d{3}")
NAME = re.compile(r"[A-Z]+(?:(?:--?|[ '])[A-Z]+)*")


@pytest.fixture(scope="module")
def people():
    return [item for item in load_personnes("test") if "publiée" not in item.trait and "échange" not in item.trait]


def key(number):
    value = int(number.replace("2A", "19").replace("2B", "18")) if number[5:7] in {"2A", "2B"} else int(number)
    return f"{97 - value % 97:02d}"


def luhn(number):
    digits = [int(digit) for digit in reversed(number)]
    return sum(digit if i % 2 == 0 else sum(divmod(2 * digit, 10)) for i, digit in enumerate(digits)) % 10 == 0


def test_three_hundred_people_with_one_matricule_each(people):
    assert 300 <= len(people) <= 310
    assert max(Counter(item.ins for item in load_personnes("test")).values()) == 1


def test_the_matricule_says_who_they_are(people):
    for item in people:
        assert NUMBER.fullmatch(item.numero)
        assert item.cle == key(item.numero)
        assert item.numero[1:5] == item.date_naissance[2:4] + item.date_naissance[5:7]
        assert item.numero[0] in {"M": "17", "F": "28"}[item.sexe]
        assert int(item.numero[-3:]) >= 900


def test_the_names_are_written_as_insi_writes_them(people):
    for item in people:
        for text in (item.nom_naissance, item.prenoms, *filter(None, [item.nom_utilise])):
            assert NAME.fullmatch(text), text
        assert "--" not in item.prenoms


def test_the_places_of_birth_exist(people):
    for item in people:
        place = lieu(item.lieu_naissance)
        assert place is not None
        assert item.numero[5:10] == item.lieu_naissance


def test_all_sorts_are_there(people):
    assert any(item.lieu_naissance[:2] in {"2A", "2B"} for item in people)
    assert any(item.lieu_naissance.startswith("97") for item in people)
    assert any(item.lieu_naissance.startswith("99") for item in people)
    assert sum(item.nature == "NIA" for item in people) == 4
    assert any("-" in item.premier_prenom for item in people)
    assert any("'" in item.nom_naissance for item in people)
    assert any("--" in item.nom_naissance for item in people)
    assert sum(bool(item.nom_utilise) for item in people) > 20
    assert any(item.historique for item in people)
    same_birth = Counter((item.nom_naissance, item.date_naissance, item.lieu_naissance) for item in people)
    assert max(same_birth.values()) == 2
    children = [item for item in people if item.famille and item.date_naissance > "2010"]
    assert len(children) > 40


@pytest.mark.parametrize("oids", ["test", "cnda"])
def test_the_authorities_of_each_mode(oids):
    expected = {"test": "1.2.250.1.213.1.4.10", "cnda": "1.2.250.1.213.1.4.8"}[oids]
    for item in load_personnes(oids):
        assert item.oid == (expected if item.nature == "NIR" else "1.2.250.1.213.1.4.9")


def test_the_look_ups(tmp_path):
    population = load_population("test", tmp_path)
    twin = population.search("garnier lea")[0]
    assert population.patient(twin.ins) is twin
    assert population.patient("0" * 15) is None
    assert [item.prenoms for item in population.relatives(twin)] == ["EMMA LISE"]
    assert population.same_entity(STRUCTURES[0].id_nat, STRUCTURES[0].id_nat)
    assert not population.same_entity(STRUCTURES[0].id_nat, STRUCTURES[1].id_nat)
    assert not population.same_entity("3999", "3999")
    assert population.professionnel("899999999999") is None
    assert population.search("", limit=3) == population.personnes[:3]


def test_the_professionals_have_numbers_of_test_that_hold():
    for person in PROFESSIONNELS:
        if person.rpps:
            assert person.rpps.startswith("997")
            assert luhn(person.rpps)
    for structure in STRUCTURES:
        assert luhn(structure.id_nat[1:])
    assert {item.professionnel for item in SITUATIONS} == set(PROFESSIONNELS)
    assert any(len(item.postes) > 1 for item in SITUATIONS)
    assert any(not item.postes for item in SITUATIONS)


@pytest.mark.fixtures
def test_the_tool_makes_the_shipped_people_again(official):
    subprocess.run([sys.executable, str(TOOL), str(official), "--check"], check=True, timeout=60)
