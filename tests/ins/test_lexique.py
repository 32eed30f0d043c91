"""Names: what people type is brought to INSi's letters, and what has no equivalent is refused, never dropped."""

import re
from contextlib import suppress

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from opensegur.foundation.errors import InvalidValue
from opensegur.ins.lexique import Champ, check_name, is_narrow, normalize_name

PRODUCTION_REGEX = re.compile(r"^[A-Z]+(?:(?:-{1,2}|[' ])[A-Z]+)*$")


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Dupont", "DUPONT"),
        ("D’ÆION", "D'AEION"),
        ("CŒUR", "COEUR"),
        ("œuvre", "OEUVRE"),
        ("François", "FRANCOIS"),
        ("Ÿves-Ñuñez", "YVES-NUNEZ"),
        ("Sørensen", "SORENSEN"),
        ("Šimić", "SIMIC"),
        ("Þór", "THOR"),
        ("Guðrún", "GUDRUN"),
        ("Weiß", "WEISS"),
        ("  De  La   Tour ", "DE LA TOUR"),
        ("d' Artagnan", "D'ARTAGNAN"),
        ("D`ARTAGNAN", "D'ARTAGNAN"),
        ("Jean – Pierre", "JEAN-PIERRE"),
        ("Martin--Durand", "MARTIN--DURAND"),
        ("Martin---Durand", "MARTIN--DURAND"),
        ("'t Hooft", "T HOOFT"),
        ("Jean\u00a0Paul", "JEAN PAUL"),
        ("D'ARTAGNAN DE L'HERAULT", "D'ARTAGNAN DE L'HERAULT"),
        ("E\u0301lodie", "ELODIE"),
    ],
)
def test_what_is_typed_is_transliterated(typed, written):
    assert normalize_name(typed) == written


def test_a_given_name_has_no_double_hyphen():
    assert normalize_name("Anne--Sophie", Champ.PRENOM) == "ANNE-SOPHIE"


@pytest.mark.parametrize(
    "typed", ["J3AN", "ANNE_MARIE", "DUPONT/DURAND", "DUPONT.", "Иван", "王", "A\x00B", "A,B", "Jean²"]
)
def test_what_has_no_equivalent_is_refused(typed):
    with pytest.raises(InvalidValue) as caught:
        normalize_name(typed)
    assert caught.value.code == "NOM_CARACTERE"
    assert typed not in str(caught.value)


@pytest.mark.parametrize("typed", ["", "   ", "-", "'", " - ' "])
def test_an_empty_name_is_said(typed):
    with pytest.raises(InvalidValue) as caught:
        normalize_name(typed, Champ.PRENOM)
    assert caught.value.code == "NOM_VIDE"
    assert "prénom" in caught.value.message


def test_a_name_too_long_is_said():
    with pytest.raises(InvalidValue) as caught:
        normalize_name("A" * 101)
    assert caught.value.code == "NOM_LONG"


@given(st.text(alphabet="abcÉœ '’-–Z", max_size=30), st.sampled_from(Champ))
def test_what_we_write_is_narrow_and_stable(typed, champ):
    assume(any(character.isalpha() for character in typed))
    written = normalize_name(typed, champ)
    assert is_narrow(written, champ)
    assert PRODUCTION_REGEX.match(written)
    assert check_name(written, champ) == written
    assert normalize_name(written, champ) == written


@given(st.text(max_size=30), st.sampled_from(Champ))
def test_any_text_is_written_or_refused_with_our_error(typed, champ):
    with suppress(InvalidValue):
        assert is_narrow(normalize_name(typed, champ), champ)


@pytest.mark.parametrize("name", ["'T HOOFT", "D'", "A--B", "DE LA TOUR", "O'NEILL-SMITH", "X"])
def test_the_wide_set_is_accepted_for_a_family_name(name):
    assert check_name(name, Champ.NOM) == name


@pytest.mark.parametrize(
    "name",
    ["", " X", "X ", "-X", "a", "É", "A  B", "A''B", "A 'B", "A' B", "A---B", "J3AN", "A\n", "A" * 101],
)
def test_what_neither_profile_takes_is_refused(name):
    with pytest.raises(InvalidValue) as caught:
        check_name(name, Champ.NOM)
    assert caught.value.code == "NOM_LEXIQUE"


@pytest.mark.parametrize("name", ["JEAN-", "JEAN'"])
def test_a_given_name_ends_with_a_letter(name):
    assert check_name(name, Champ.NOM) == name
    with pytest.raises(InvalidValue):
        check_name(name, Champ.PRENOM)
