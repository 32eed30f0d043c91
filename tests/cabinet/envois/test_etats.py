"""The states of a delivery: every pair of the table, the forbidden ones included."""

from __future__ import annotations

import itertools

import pytest

from opensegur.cabinet.envois.etats import TRANSITIONS, Etat, TransitionInterdite, check_transition

_ALLOWED = {
    ("en_file", "en_cours"),
    ("en_file", "attend_porteur"),
    ("en_file", "abandonne"),
    ("en_cours", "depose"),
    ("en_cours", "refuse"),
    ("en_cours", "en_file"),
    ("en_cours", "attend_porteur"),
    ("attend_porteur", "en_file"),
    ("attend_porteur", "abandonne"),
    ("refuse", "en_file"),
    ("refuse", "abandonne"),
}


@pytest.mark.parametrize(("depuis", "vers"), list(itertools.product(Etat, repeat=2)))
def test_every_pair_of_states(depuis: Etat, vers: Etat) -> None:
    if (depuis.value, vers.value) in _ALLOWED:
        check_transition(depuis, vers)
    else:
        with pytest.raises(TransitionInterdite) as caught:
            check_transition(depuis, vers)
        assert depuis.label in caught.value.message


def test_what_is_delivered_or_given_up_never_moves_again() -> None:
    assert TRANSITIONS[Etat.DEPOSE] == TRANSITIONS[Etat.ABANDONNE] == frozenset()
