"""The forms of a name, the distance between names, the dates at one error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opensegur.cabinet.antecedence.distance import distances
from opensegur.cabinet.antecedence.formes import (
    errors_allowed,
    forms_of_given,
    forms_of_name,
    indexed_given,
    indexed_names,
    neighbourhood,
)
from opensegur.cabinet.antecedence.recherche import dates_near

_LETTERS = st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=15)


@pytest.mark.parametrize(
    ("nom", "forms"),
    [
        ("DURAND", ["DURAND"]),
        ("D'AEION", ["DAEION", "AEION"]),
        ("DE LA FONTAINE", ["DELAFONTAINE", "FONTAINE"]),
        ("LE GOFF", ["LEGOFF", "GOFF"]),
        ("MARTIN-DUPONT", ["MARTINDUPONT", "MARTIN", "DUPONT"]),
        ("DE LA TOUR D'AUVERGNE", ["DELATOURDAUVERGNE", "TOURDAUVERGNE", "TOUR", "AUVERGNE"]),
        ("LE", ["LE"]),
    ],
)
def test_a_family_name_is_found_whole_without_particles_and_by_its_parts(nom: str, forms: list[str]) -> None:
    assert [forme.texte for forme in forms_of_name(nom)] == forms


def test_the_parts_of_a_compound_are_known_as_parts() -> None:
    assert [forme.partie for forme in forms_of_name("MARTIN-DUPONT")] == [False, True, True]
    assert [forme.partie for forme in forms_of_given("JEAN-PIERRE")] == [False, True, True]


def test_each_given_name_is_indexed_and_each_name_in_use() -> None:
    assert indexed_given("JEAN-PIERRE", "JEAN PIERRE ANDRE", "PIERRE") == ("JEANPIERRE", "PIERRE", "JEAN", "ANDRE")
    assert indexed_names("LEVEQUE", "VALLEE") == ("LEVEQUE", "VALLEE")


@pytest.mark.parametrize(
    ("name", "other", "errors"),
    [
        ("DUPONT", "DUPONT", 0),
        ("DUPONT", "DUPOND", 1),
        ("DUPONT", "DUPNOT", 1),
        ("DUPONT", "DUPON", 1),
        ("DUPONT", "DUPPONT", 1),
        ("DUPONT", "UDPOTN", 2),
        ("DUPONT", "DURAND", 3),
        ("A", "", 1),
        ("", "AB", 2),
    ],
)
def test_errors_are_counted_as_fingers_make_them(name: str, other: str, errors: int) -> None:
    assert distances(name, [other, "ZZZZZZZZZZZZZZZ"])[0] == errors


@given(_LETTERS, st.lists(_LETTERS, max_size=8), st.sampled_from([1, 20]))
def test_the_distances_of_many_are_those_of_each(name: str, others: list[str], times: int) -> None:
    """Few are compared one by one, many all at once."""
    others *= times
    assert distances(name, others) == [_slow(name, other) for other in others]


@given(_LETTERS, st.data())
def test_two_names_within_the_allowance_share_a_neighbour(name: str, data: st.DataObject) -> None:
    other = name
    for _ in range(errors_allowed(name)):
        place = data.draw(st.integers(0, len(other) - 1))
        letter = data.draw(st.sampled_from("AEZ"))
        other = data.draw(
            st.sampled_from(
                (
                    other[:place] + other[place + 1 :],
                    other[:place] + letter + other[place:],
                    other[:place] + letter + other[place + 1 :],
                    other[:place] + other[place + 1 : place + 2] + other[place] + other[place + 2 :],
                )
            )
        )
        if len(other) < 3:
            return
    if distances(name, [other])[0] <= min(errors_allowed(name), errors_allowed(other)):
        assert neighbourhood(name) & neighbourhood(other)


def test_a_wrong_digit_or_an_exchange_makes_another_date_of_the_calendar() -> None:
    near = dates_near("1982-11-30")
    assert {"1983-11-30", "1982-11-20", "1982-12-30", "1892-11-30", "1982-11-03", "1982-10-30"} <= set(near)
    assert "1982-11-30" not in near
    assert "1982-11-31" not in near
    assert "1980-04-03" in dates_near("1980-03-04")


def _slow(name: str, other: str) -> int:
    """Optimal string alignment, as textbooks write it."""
    rows = [[0] * (len(other) + 1) for _ in range(len(name) + 1)]
    for i in range(len(name) + 1):
        for j in range(len(other) + 1):
            if not i or not j:
                rows[i][j] = i + j
                continue
            cost = name[i - 1] != other[j - 1]
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + cost)
            if i > 1 and j > 1 and name[i - 1] == other[j - 2] and name[i - 2] == other[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]
