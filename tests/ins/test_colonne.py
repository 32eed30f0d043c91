"""A column of matricules is judged as each of them would be, and as an independent library judges it."""

import random

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from stdnum.fr import nir as stdnum_nir

from opensegur.foundation.errors import InvalidValue
from opensegur.ins import OID_NIR, compute_key, parse_matricule
from opensegur.ins.colonne import Verdict, check_column


def alone(text):
    """The verdict of the scalar rule."""
    try:
        parse_matricule(text, OID_NIR)
    except InvalidValue as error:
        return error.code
    return ""


def number(draw_from):
    """A number that looks like a matricule, mostly right."""
    place = draw_from.choice(["63220", "2A004", "2B033", "99132", "97209", "20004"])
    nir = f"{draw_from.choice('12')}{draw_from.randrange(100):02d}{draw_from.randrange(1, 13):02d}{place}{draw_from.randrange(1, 1000):03d}"
    key = compute_key(nir) if draw_from.random() < 0.7 else f"{draw_from.randrange(100):02d}"
    return nir + key


near = st.from_regex(r"[12][0-9]{4}(?:[0-9]{2}|2[AB])[0-9]{8}", fullmatch=True)
right = st.integers().map(lambda seed: number(random.Random(seed)))
grouped = st.tuples(near | right, st.sampled_from([" ", ".", "-", "\u00a0", ""])).map(
    lambda pair: pair[1].join(pair[0])
)


@given(
    st.lists(
        near
        | right
        | right.map(str.lower)
        | grouped
        | st.text("0123456789ABab -", max_size=17)
        | st.text(max_size=16),
        max_size=30,
    )
)
@example(["297022A02077878", "160012B02077713", "279035121518989", "2790351215189890", "279035121518989 "])
@example(["297022a02077878", "2 97 02 2A 020 778 78", "279035121518989\x00", "２79035121518989", "297020A02077878"])
def test_a_column_agrees_with_each_matricule_alone(texts):
    assert [Verdict(code).code for code in check_column(texts)] == [alone(text) for text in texts]


@given(st.lists(right, max_size=20))
def test_texts_arrays_objects_and_bytes_are_judged_alike(texts):
    expected = list(check_column(texts))
    for kind in ("U15", object, "S15"):
        assert list(check_column(np.array(texts, dtype=kind))) == expected


def test_a_column_longer_than_a_block_keeps_its_order():
    texts = ["279035121518989", "279035121518900", "279145121518989", "x"] * 20_000
    assert list(check_column(texts)) == [Verdict.BON, Verdict.CLE, Verdict.MOIS, Verdict.FORME] * 20_000


def test_an_absent_value_is_badly_formed():
    for absent in (None, float("nan"), ""):
        assert list(check_column(["279035121518989", absent])) == [Verdict.BON, Verdict.FORME]


def test_a_column_agrees_with_python_stdnum_where_both_apply():
    numbers = [number(random.Random(seed)) for seed in range(20_000)]
    verdicts = check_column(np.array(numbers))
    assert [verdict == Verdict.BON for verdict in verdicts] == [stdnum_nir.is_valid(text) for text in numbers]
    assert 0.5 < np.mean(verdicts == Verdict.BON) < 0.9


@pytest.mark.parametrize("empty", [[], np.array([], dtype="U15")])
def test_an_empty_column_has_no_verdict(empty):
    assert len(check_column(empty)) == 0


def test_bytes_are_read_as_text():
    assert list(check_column(np.array([b"279035121518989", b"279035121518988"]))) == [Verdict.BON, Verdict.CLE]


def test_short_texts_are_badly_formed():
    assert set(check_column(["", "1", "12"])) == {Verdict.FORME}
