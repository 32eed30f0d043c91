"""The shipped files are those that the maintenance scripts build from the published ones."""

import importlib.util
import sys
from pathlib import Path

import pytest

from opensegur.nomenclature import Concept, Table, names, table
from opensegur.nomenclature.cog import _lieux

TOOLS = Path(__file__).resolve().parents[2] / "tools"


def load(name):
    spec = importlib.util.spec_from_file_location(f"tools_{name}", TOOLS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.fixtures
def test_the_shipped_tables_are_those_of_the_published_files(official):
    built = load("nomenclatures").build(official)
    assert set(built) == set(names()) - {"JDV_J61", "USUELS"}  # an alias, and our own words
    for name, expected in built.items():
        assert [concept.code for concept in table(name)] == [concept.code for concept in expected], name
        assert table(name).version == expected.version, name


@pytest.mark.fixtures
def test_the_shipped_places_are_those_of_the_published_files(official):
    rows = load("cog").build(official / "ins" / "cog")
    assert {row[0] for row in rows} == set(_lieux())
    assert len(rows) == sum(len(place.periodes) for place in _lieux().values())


def test_what_changed_is_said():
    tool = load("nomenclatures")
    old = Table("T", "1.2", "1", "s", (Concept("a", "9", "A"), Concept("b", "9", "B")))
    new = Table("T", "1.2", "2", "s", (Concept("a", "9", "AA"), Concept("c", "9", "C")))
    assert tool.differences(old, new) == ["T: version 1 -> 2", "T: + c C", "T: - b B", "T: ~ a A -> AA"]
    assert tool.differences(None, new) == ["T: new, 2 concepts"]


def test_a_written_table_is_read_back():
    tool = load("nomenclatures")
    written = Table("T", "1.2", "1", "s", (Concept("a", "9", "Un  libellé\tcoupé"),))
    assert tool.read_table(tool.write_table(written)).concepts == (Concept("a", "9", "Un libellé coupé"),)
