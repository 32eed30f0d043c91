"""The documents that prove an identity."""

import pytest

from opensegur.foundation.errors import InvalidValue
from opensegur.ins import PIECES, piece, validating_pieces


def test_codes_are_those_of_the_national_list_and_unique():
    codes = [found.code for found in PIECES]
    assert len(set(codes)) == len(codes)
    assert {"CN", "PA", "CS", "eCN", "IN", "AV", "LECV", "AN", "LEP", "CC", "ANCV"} <= set(codes)


def test_the_carte_vitale_alone_validates_nothing():
    assert not piece("CV").validates
    assert "CV" not in {found.code for found in validating_pieces()}


def test_a_structure_keeps_its_own_list():
    assert [found.code for found in validating_pieces(["CS", "PA", "CV"])] == ["PA", "CS"]
    assert validating_pieces([]) == ()


def test_an_unknown_piece_is_refused():
    with pytest.raises(InvalidValue):
        piece("XX")
