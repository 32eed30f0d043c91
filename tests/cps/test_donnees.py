"""The data objects of a chip, whatever bytes they hold."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opensegur.cps import CpsError, SituationExercice
from opensegur.cps.donnees import activity_label, read_activite, read_activites, read_savoir_faire
from opensegur.cps.testing import encode_activite

WORDS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x24F, categories=("L", "N", "P")), max_size=300)
KNOWN = SituationExercice(1, "CABINET D’ESSAI", "1750009995", "SA07")


def _expect(error: CpsError, *codes: str) -> None:
    assert error.code in codes


@settings(deadline=None)
@given(nom=WORDS, structure=WORDS, secteur=WORDS)
def test_what_is_written_is_read(nom, structure, secteur):
    activite = SituationExercice(4, nom, structure, secteur)
    assert read_activite(4, encode_activite(activite)) == activite


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_an_activity_or_a_named_error(data):
    try:
        found = read_activite(1, data)
    except CpsError as error:
        _expect(error, "CPS_DONNEES")
    else:
        assert found.rang == 1


@settings(deadline=None)
@given(position=st.integers(0, 44), octet=st.integers(0, 255))
def test_one_spoilt_byte_never_breaks_the_reader(position, octet):
    data = bytearray(encode_activite(KNOWN))
    data[position % len(data)] = octet
    try:
        read_activite(1, bytes(data))
    except CpsError as error:
        _expect(error, "CPS_DONNEES")


@settings(deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_tell_a_speciality_or_none(data):
    found = read_savoir_faire(data)
    assert found == "" or (found.isascii() and found[0].isalpha() and found[-1].isdigit())


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x04\x10899700500012SM26", "SM26"),
        (b"\x04\x10899700500012SM26\0\0", "SM26"),
        (b"xxC43", "C43"),
        (b"", ""),
        (b"SM26\xe9", ""),
        (b"12", ""),
    ],
    ids=["speciality", "padded", "three characters", "empty", "not a tail", "no letter"],
)
def test_the_speciality_is_the_tail_of_the_professional_data(data, code):
    assert read_savoir_faire(data) == code


def test_activities_are_read_by_rank_with_their_holes_and_nothing_else():
    objects = {
        activity_label(9): encode_activite(SituationExercice(9, "NEUF")),
        "CPS_NAME_PS": b"\xff\xff",
        activity_label(2): encode_activite(SituationExercice(2, "DEUX")),
        activity_label(3): b"\0\0\0",
        "CPS_ACTIVITY_17_PS": b"\xff",
        "CPS_ACTIVITY_1_PS": b"\xff",
    }
    assert [(each.rang, each.raison_sociale) for each in read_activites(objects)] == [(2, "DEUX"), (9, "NEUF")]


@pytest.mark.parametrize(
    "data",
    [
        b"\xee",
        b"\xee\x80\0\0",
        b"\xee\x84\xff\xff\xff\xff",
        b"\xee\x05\x84\x01",
        b"\x30\x03\x84\x01A",
        b"\xee\x06\x84\x01A\x84\x01B",
        b"\xbf\xff\xff",
        b"\xee\x02\x84\x7f",
        b"\x30" * 70_000,
    ],
    ids=["cut", "indefinite", "four bytes of length", "short", "no container", "twice", "tag", "inside", "too long"],
)
def test_hostile_bytes_are_refused_by_name(data):
    with pytest.raises(CpsError) as refused:
        read_activite(1, data)
    assert refused.value.code == "CPS_DONNEES"


def test_names_of_before_unicode_are_read():
    latin = "PHARMACIE DE L’ÉTÉ".replace("’", "'").encode("latin-1")
    data = bytes((0xEE, len(latin) + 2, 0x84, len(latin))) + latin
    assert read_activite(1, data).raison_sociale == "PHARMACIE DE L'ÉTÉ"


def test_control_characters_of_a_name_never_reach_a_screen():
    data = b"\xee\x0c\x84\x0aCAB\x1b[31m\nX"
    assert read_activite(1, data).raison_sociale == "CAB [31m X"
