"""Birth dates: exact, incomplete, lunar; the RNIV's completion."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opensegur.foundation.errors import InvalidValue
from opensegur.ins.dates import (
    DateCompletee,
    Precision,
    check_exact_date,
    complete_date,
    format_date,
    parse_typed_date,
    precision,
)

COMPLETED = [
    ("1997-02-26", "1997-02-26", Precision.EXACTE),
    ("1950-03-00", "1950-03-01", Precision.JOUR_INCONNU),
    ("1950-00-17", "1950-01-17", Precision.MOIS_INCONNU),
    ("1950-00-00", "1950-12-31", Precision.JOUR_ET_MOIS_INCONNUS),
    ("1942-19-01", "1942-01-01", Precision.MOIS_INCONNU),
    ("1942-19-00", "1942-12-31", Precision.JOUR_ET_MOIS_INCONNUS),
    ("1951-02-30", "1951-02-01", Precision.JOUR_INCONNU),
    ("1951-02-29", "1951-02-01", Precision.JOUR_INCONNU),
    ("1952-02-29", "1952-02-29", Precision.EXACTE),
    ("1950-13-32", "1950-12-31", Precision.JOUR_ET_MOIS_INCONNUS),
]


@pytest.mark.parametrize(("given_date", "completed", "known"), COMPLETED)
def test_completion(given_date, completed, known):
    assert precision(given_date) is known
    assert complete_date(given_date) == DateCompletee(completed, estimee=known is not Precision.EXACTE)


def test_an_unknown_year_needs_one_that_agrees_with_the_age():
    with pytest.raises(InvalidValue) as caught:
        complete_date("0000-00-00")
    assert caught.value.code == "DATE_ANNEE"
    assert complete_date("0000-00-00", annee=1950) == DateCompletee("1950-12-31", estimee=True)
    assert complete_date("0000-05-12", annee=1950) == DateCompletee("1950-05-12", estimee=True)


@given(st.integers(1, 9999), st.integers(0, 99), st.integers(0, 99))
def test_a_completed_date_is_a_calendar_date(year, month, day):
    done = complete_date(f"{year:04d}-{month:02d}-{day:02d}")
    date.fromisoformat(done.valeur)
    assert check_exact_date(done.valeur) == done.valeur
    assert complete_date(done.valeur) == DateCompletee(done.valeur, estimee=False)


@given(st.dates())
def test_a_calendar_date_is_kept(day):
    assert complete_date(day.isoformat()) == DateCompletee(day.isoformat(), estimee=False)
    assert parse_typed_date(format_date(day.isoformat())) == day.isoformat()


@pytest.mark.parametrize("text", ["1950-00-01", "1942-19-01", "1951-02-30", "0000-01-01"])
def test_the_sanitary_identity_refuses_an_incomplete_date(text):
    with pytest.raises(InvalidValue) as caught:
        check_exact_date(text)
    assert caught.value.code == "DATE_INCOMPLETE"


@pytest.mark.parametrize(
    "text", ["", "1950", "1950-1-1", "26/02/1997", "1997-02-26T00:00", "１950-01-01", "1997-02-26\n"]
)
def test_another_writing_is_refused(text):
    with pytest.raises(InvalidValue) as caught:
        check_exact_date(text)
    assert caught.value.code == "DATE_FORMAT"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("26/02/1997", "1997-02-26"),
        ("26.2.1997", "1997-02-26"),
        ("26-02-1997", "1997-02-26"),
        ("26 02 1997", "1997-02-26"),
        ("26021997", "1997-02-26"),
        (" 1997-02-26 ", "1997-02-26"),
        ("00/03/1950", "1950-03-00"),
    ],
)
def test_a_person_types_it_in_french(typed, read):
    assert parse_typed_date(typed) == read


@given(st.text(max_size=15))
def test_typed_text_never_fails_otherwise(text):
    with suppress(InvalidValue):
        assert len(parse_typed_date(text)) == 10
