"""One value for a person's identity: what is held, what may leave, what is printed."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opensegur.foundation.errors import InvalidValue
from opensegur.ins import Attribut, Etat, Identite, Identity, Matricule, Nature, Preuve, Sexe, Statut, Traits
from opensegur.ins.datamatrix import parse_content
from opensegur.ins.testing import ADRTROIS, IDENTITES, MOMENT

INS = Preuve(Nature.RECUPERATION_INSI, MOMENT, matricule=ADRTROIS.matricule)
CHECKED = Preuve(Nature.CONTROLE_REUSSI, MOMENT, piece="PA")


def test_a_person_just_created_has_no_matricule_and_lets_nothing_out():
    identite = Identite(ADRTROIS.traits)
    assert identite.statut is Statut.PROVISOIRE
    assert identite.matricule is None
    assert not identite.may_leave


@pytest.mark.exigence("INS.49")
@pytest.mark.parametrize(
    ("preuves", "statut", "leaves"),
    [
        ((), Statut.PROVISOIRE, False),
        ((CHECKED,), Statut.VALIDEE, False),
        ((INS,), Statut.RECUPEREE, False),
        ((INS, CHECKED), Statut.QUALIFIEE, True),
        ((CHECKED, INS), Statut.QUALIFIEE, True),
        ((INS, CHECKED, Preuve(Nature.DOUTEUSE, MOMENT)), Statut.PROVISOIRE, False),
    ],
)
def test_only_a_qualified_identity_lets_its_matricule_out(preuves, statut, leaves):
    identite = Identite.of(ADRTROIS.traits, preuves)
    assert identite.statut is statut
    assert identite.may_leave is leaves
    assert identite.is_datamatrix_ready is leaves
    assert identite.outgoing_matricule == (ADRTROIS.matricule if leaves else None)


@pytest.mark.parametrize("person", IDENTITES, ids=lambda person: person.traits.nom_naissance)
def test_the_code_of_a_qualified_identity_says_who_it_is(person):
    etat = Etat(Statut.QUALIFIEE, person.matricule)
    content = parse_content(Identite(person.traits, etat).datamatrix())
    assert (content.matricule, content.nom_naissance) == (person.matricule, person.traits.nom_naissance)
    assert content.traits() == person.traits


@pytest.mark.parametrize("statut", [Statut.PROVISOIRE, Statut.RECUPEREE, Statut.VALIDEE])
def test_no_other_identity_has_a_code(statut):
    matricule = ADRTROIS.matricule if statut is Statut.RECUPEREE else None
    with pytest.raises(InvalidValue) as caught:
        Identite(ADRTROIS.traits, Etat(statut, matricule)).datamatrix()
    assert caught.value.code == "IDENTITE_NON_QUALIFIEE"


@pytest.mark.parametrize("change", [{"sexe": Sexe.I}, {"prenoms": ""}])
def test_an_identity_with_an_ins_has_the_traits_that_insi_gives(change):
    traits = replace(ADRTROIS.traits, **change)
    assert Identite(traits).traits == traits
    with pytest.raises(InvalidValue) as caught:
        Identite(traits, Etat(Statut.RECUPEREE, ADRTROIS.matricule))
    assert caught.value.code == "IDENTITE_TRAITS"
    assert caught.value.conseil


@given(
    st.sampled_from(list(product(Statut, [None, ADRTROIS.matricule]))),
    st.sets(st.sampled_from(Attribut)),
)
def test_whatever_can_be_built_lets_out_no_more_than_it_should(pair, attributs):
    try:
        identite = Identite(ADRTROIS.traits, Etat(*pair, frozenset(attributs)))
    except InvalidValue:
        return
    assert (identite.outgoing_matricule is not None) == (identite.statut is Statut.QUALIFIEE)
    if identite.outgoing_matricule:
        assert not attributs & {Attribut.DOUTEUSE, Attribut.FICTIVE, Attribut.SANS_INS}


def test_what_is_odd_is_told_and_not_refused():
    etat = Etat(Statut.QUALIFIEE, Matricule("197022A02077800", ADRTROIS.matricule.oid))
    assert {found.rule for found in Identite(ADRTROIS.traits, etat).findings()} >= {"INS.cle", "INS.sexe"}


def test_its_representation_tells_nobody():
    shown = repr(Identite.of(ADRTROIS.traits, (INS, CHECKED)))
    assert "ADRTROIS" not in shown
    assert "97022" not in shown


def test_both_names_are_one_type_and_hold_traits():
    assert Identity is Identite
    assert isinstance(Identity(ADRTROIS.traits).traits, Traits)
