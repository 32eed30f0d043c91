"""An identity received from elsewhere: every situation, every answer of INSi, with and without a contract."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest

from opensegur.ins import Nature, Preuve, Sexe, Statut, Traits, compute_etat
from opensegur.ins.heritage import Connu, Decision, IdentiteRecue, Verification, decide, situate, statut_announced
from opensegur.ins.testing import ADRUN, ECETINSI

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
TRAITS = Traits("ADRUN", "ZOE", "ZOE", "1975-12-31", Sexe.F, "63220")
RECUE = IdentiteRecue(TRAITS, ADRUN.matricule, qualifiee=True)


def etat(*natures, matricule=ADRUN.matricule):
    return compute_etat(
        Preuve(
            nature,
            NOW,
            matricule=matricule if nature is Nature.RECUPERATION_INSI else None,
            piece="PA" if nature is Nature.CONTROLE_REUSSI else "",
            motif="visiteur" if nature is Nature.SANS_INS else "",
        )
        for nature in natures
    )


@pytest.mark.exigence("INS/va1.38")
@pytest.mark.parametrize(("connu", "verification"), list(product(Connu, Verification)))
def test_without_a_contract_nothing_is_ever_inherited(connu, verification):
    decision = decide(RECUE, connu, verification=verification)
    assert decision is not Decision.HERITER
    # what INSi refused, or what contradicts the record, never brings its INS in
    if verification is Verification.REFUSEE or connu in {Connu.CONTRADICTOIRE, Connu.BLOQUEE}:
        assert decision in {Decision.ALERTER, Decision.CREER_SANS_INS}
        assert decision.asks_somebody


@pytest.mark.exigence("INS/va1.39")
@pytest.mark.parametrize("connu", Connu)
def test_a_contract_qualifies_what_the_sender_qualified_and_nothing_that_contradicts(connu):
    decision = decide(RECUE, connu, contrat=True)
    assert (decision is Decision.HERITER) == (connu in {Connu.INCONNU, Connu.SANS_INS})
    assert decide(replace(RECUE, qualifiee=False), connu, contrat=True) is not Decision.HERITER


def test_an_ins_held_here_is_not_asked_again():
    for natures in ((Nature.RECUPERATION_INSI,), (Nature.RECUPERATION_INSI, Nature.CONTROLE_REUSSI)):
        connu = situate(RECUE, TRAITS, etat(*natures))
        assert connu is Connu.ACQUISE
        assert decide(RECUE, connu) is Decision.RATTACHER


def test_an_unknown_person_is_verified_then_created_with_the_ins_or_without_it():
    connu = situate(RECUE, None, None)
    assert decide(RECUE, connu) is Decision.VERIFIER
    assert decide(RECUE, connu, verification=Verification.CONFIRMEE) is Decision.CREER_AVEC_INS
    assert decide(RECUE, connu, verification=Verification.REFUSEE) is Decision.CREER_SANS_INS


def test_a_record_without_ins_takes_it_once_verified():
    connu = situate(RECUE, TRAITS, etat())
    assert decide(RECUE, connu) is Decision.VERIFIER
    assert decide(RECUE, connu, verification=Verification.CONFIRMEE) is Decision.COMPLETER


@pytest.mark.parametrize(
    ("traits", "state"),
    [
        (TRAITS, etat(Nature.RECUPERATION_INSI, matricule=ECETINSI.matricule)),
        (replace(TRAITS, date_naissance="1975-12-13"), etat()),
    ],
    ids=["another matricule", "another birth date"],
)
def test_what_contradicts_the_record_goes_to_somebody(traits, state):
    connu = situate(RECUE, traits, state)
    assert connu is Connu.CONTRADICTOIRE
    assert decide(RECUE, connu) is Decision.ALERTER


@pytest.mark.parametrize("blocking", [Nature.DOUTEUSE, Nature.FICTIVE, Nature.SANS_INS])
def test_nothing_comes_into_a_blocked_identity(blocking):
    connu = situate(RECUE, TRAITS, etat(blocking))
    assert connu is Connu.BLOQUEE
    assert decide(RECUE, connu, contrat=True) is Decision.ALERTER


def test_a_message_without_ins_is_filed_by_its_traits_and_asks_nothing_of_insi():
    bare = IdentiteRecue(TRAITS)
    assert decide(bare, situate(bare, TRAITS, etat(Nature.RECUPERATION_INSI))) is Decision.RATTACHER
    assert decide(bare, situate(bare, None, None)) is Decision.CREER_SANS_INS
    assert all(decide(bare, connu, contrat=True) is not Decision.VERIFIER for connu in Connu)


def test_a_flow_says_validated_and_the_ins_tells_qualified():
    assert statut_announced("VALI", ADRUN.matricule) is Statut.QUALIFIEE
    assert statut_announced("vali", None) is Statut.VALIDEE
    assert statut_announced("PROV", ADRUN.matricule) is Statut.PROVISOIRE
    assert statut_announced("", None) is Statut.PROVISOIRE


@pytest.mark.parametrize("decision", Decision)
def test_each_decision_says_itself_in_french(decision):
    assert decision.libelle


def test_no_identity_shows_in_a_representation():
    assert "ADRUN" not in repr(RECUE)
