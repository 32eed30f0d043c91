"""Accepting an answer: INSi's strict traits, the local names in use, and the two readings of incomplete dates."""

from dataclasses import replace

import pytest

from opensegur.foundation.errors import InvalidValue
from opensegur.ins import Politique, Sexe, Statut, TraitsRecus, compute_etat, receive_traits, recovery_evidence
from opensegur.ins.testing import ECETINSI, MOMENT

RECEIVED = ECETINSI.individu.traits


def test_a_plain_answer_is_acceptable():
    found = receive_traits(RECEIVED)
    assert found.acceptable
    assert found.traits == ECETINSI.traits
    assert found.motifs == ()


def test_the_names_in_use_and_a_coherent_cut_stay_local():
    local = replace(
        ECETINSI.traits, nom_naissance="AUTRE", premier_prenom="PIERRE", nom_utilise="DUPONT", prenom_utilise="ALAIN"
    )
    traits = receive_traits(RECEIVED, local=local).traits
    assert (traits.nom_naissance, traits.premier_prenom) == ("ECETINSI", "PIERRE")
    assert (traits.nom_utilise, traits.prenom_utilise) == ("DUPONT", "ALAIN")


def test_an_incoherent_cut_gives_way_to_the_list():
    local = replace(ECETINSI.traits, premier_prenom="MURIEL")
    assert receive_traits(RECEIVED, local=local).traits.premier_prenom == "PIERRE-ALAIN"


@pytest.mark.exigence("INS/va1.28")
@pytest.mark.parametrize("date", ["2009-00-14", "2009-07-00", "2009-00-00", "2009-19-01"])
def test_an_incomplete_date_is_completed_locally_but_raises_no_status(date):
    found = receive_traits(replace(RECEIVED, date_naissance=date))
    assert not found.acceptable
    assert found.traits.date_estimee
    assert [motif.rule for motif in found.motifs] == ["INSI.date_incomplete"]


def test_the_other_reading_accepts_the_completed_date():
    found = receive_traits(replace(RECEIVED, date_naissance="2009-00-00"), politique=Politique.COMPLETER)
    assert found.acceptable
    assert found.traits.date_naissance == "2009-12-31"
    assert found.traits.date_estimee


def test_an_unknown_year_needs_one():
    found = receive_traits(replace(RECEIVED, date_naissance="0000-00-00"), politique=Politique.COMPLETER)
    assert not found.acceptable
    assert found.motifs[0].rule == "INSI.DATE_ANNEE"
    again = receive_traits(
        replace(RECEIVED, date_naissance="0000-00-00"), politique=Politique.COMPLETER, annee_estimee=2009
    )
    assert again.traits.date_naissance == "2009-12-31"


@pytest.mark.exigence("INS/va1.31")
@pytest.mark.parametrize("politique", Politique)
@pytest.mark.parametrize("field", ["nom_naissance", "liste_prenoms", "sexe", "date_naissance"])
def test_a_missing_trait_is_never_accepted(field, politique):
    found = receive_traits(replace(RECEIVED, **{field: ""}), politique=politique)
    assert found.traits is None
    assert not found.acceptable
    assert [motif.path for motif in found.motifs] == [field]


def test_every_missing_trait_is_told():
    assert len(receive_traits(TraitsRecus("", "", "", "", "")).motifs) == 4


def test_a_missing_place_is_no_obstacle():
    assert receive_traits(replace(RECEIVED, lieu_naissance="")).acceptable


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("nom_naissance", "Écetinsi", "INSI.NOM_LEXIQUE"),
        ("sexe", "X", "INSI.SEXE"),
        ("date_naissance", "14/07/2009", "INSI.DATE_FORMAT"),
        ("lieu_naissance", "CLERMONT", "INSI.LIEU_COG"),
    ],
)
def test_a_trait_that_cannot_be_read_is_told(field, value, rule):
    found = receive_traits(replace(RECEIVED, **{field: value}))
    assert not found.acceptable
    assert [motif.rule for motif in found.motifs] == [rule]


def test_an_accepted_answer_makes_the_identity_recovered():
    evidence = recovery_evidence(ECETINSI.individu, receive_traits(RECEIVED), MOMENT, auteur="899700000001")
    assert compute_etat([evidence]).statut is Statut.RECUPEREE
    assert evidence.matricule == ECETINSI.matricule


def test_an_incomplete_answer_makes_no_evidence():
    reception = receive_traits(replace(RECEIVED, date_naissance="2009-00-00"))
    with pytest.raises(InvalidValue) as caught:
        recovery_evidence(ECETINSI.individu, reception, MOMENT)
    assert caught.value.code == "INSI_NON_ACCEPTABLE"
    assert caught.value.conseil


def test_sex_is_a_value():
    assert receive_traits(RECEIVED).traits.sexe is Sexe.M
