"""The table of OWASP ASVS 5.0: whole, and each proof that it names is a test that runs."""

from __future__ import annotations

from collections import Counter

import pytest

import asvs

_CHAPTERS = {chapter.numero: chapter for chapter in asvs.read_chapters()}
_REQUIREMENTS = asvs.read_requirements()
_COMPULSORY = {"V6", "V7", "V8", "V11", "V16"}
_WORDS = 5

# how many requirements of level 1 and of level 2 each chapter of version 5.0.0 has
_OFFICIAL = {
    "V1": (8, 19), "V2": (4, 7), "V3": (8, 11), "V4": (2, 8), "V5": (4, 5), "V6": (13, 22), "V7": (6, 12),
    "V8": (4, 3), "V9": (4, 3), "V10": (5, 24), "V11": (3, 11), "V12": (3, 6), "V13": (1, 12), "V14": (2, 7),
    "V15": (3, 10), "V16": (0, 16), "V17": (0, 7),
}  # fmt: skip


def test_every_chapter_of_the_standard_is_known_with_its_count() -> None:
    assert {number: (each.niveau1, each.niveau2) for number, each in _CHAPTERS.items()} == _OFFICIAL
    for number, each in _CHAPTERS.items():
        assert len(set(each.exigences)) == each.niveau1 + each.niveau2
        assert all(name.startswith(f"{number}.") for name in each.exigences)


def test_the_compulsory_chapters_are_looked_at() -> None:
    assert {each.chapitre for each in _REQUIREMENTS} >= _COMPULSORY


@pytest.mark.parametrize("number", sorted({each.chapitre for each in _REQUIREMENTS}))
def test_a_chapter_is_looked_at_whole_and_each_requirement_once(number: str) -> None:
    chapter = _CHAPTERS[number]
    here = [each for each in _REQUIREMENTS if each.chapitre == number]
    assert sorted(each.numero for each in here) == sorted(chapter.exigences)
    assert Counter(each.niveau for each in here) == Counter({"1": chapter.niveau1, "2": chapter.niveau2}) + Counter()


@pytest.mark.parametrize("requirement", _REQUIREMENTS, ids=lambda each: each.numero)
def test_a_requirement_has_a_proof_or_an_honest_reason(requirement: asvs.Exigence) -> None:
    assert requirement.statut in asvs.STATUTS
    assert requirement.mots
    if requirement.statut == "test":
        assert requirement.tests
        assert [flaw for test in requirement.tests if (flaw := asvs.flaw_of(test))] == []
    else:
        assert len(requirement.preuve.split()) >= _WORDS


@pytest.mark.parametrize(
    ("test", "said"),
    [
        ("tests/nulle_part.py::test_x", "does not exist"),
        ("tests/securite/test_asvs.py::test_x", "has no test"),
        ("tests/securite/test_asvs.py::_named", "has no test"),
    ],
)
def test_a_proof_that_is_none_is_told(test: str, said: str) -> None:
    assert said in asvs.flaw_of(test)


def test_a_proof_that_is_not_run_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asvs, "_marks", lambda file: {"test_x": {"skip", "django_db"}, "test_y": {"xfail"}})
    assert "marked skip" in asvs.flaw_of("tests/securite/test_asvs.py::test_x")
    assert "marked xfail" in asvs.flaw_of("tests/securite/test_asvs.py::test_y")
