"""The status of an identity, against the whole table of events and statuses, and the states that cannot be."""

from contextlib import nullcontext, suppress
from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opensegur.foundation.errors import InvalidValue
from opensegur.ins import (
    Attribut,
    Canal,
    Etat,
    Nature,
    Preuve,
    Statut,
    Suivi,
    apply_preuve,
    check_insi_call,
    compute_etat,
    compute_statut,
    matricule_may_leave,
)
from opensegur.ins.testing import ADRUN, ECETINSI

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
PROV, RECUP, VALI, QUAL = Statut.PROVISOIRE, Statut.RECUPEREE, Statut.VALIDEE, Statut.QUALIFIEE
WITH_INS = {
    Nature.RECUPERATION_INSI,
    Nature.APPLI_VITALE,
    Nature.INS_RECUE_VERIFIEE,
    Nature.CONTRAT_CONFIANCE,
    Nature.FLUX_QUALIFIEE,
}
WITH_PIECE = {Nature.CONTROLE_REUSSI, Nature.CONTROLE_ECHOUE}
MOTIFS = {
    Nature.RETRAIT_CONTROLE: "piece-erronee",
    Nature.RETRAIT_INS: "ins-autre-personne",
    Nature.RETRAIT_IDENTITE: "collision",
    Nature.SANS_INS: "visiteur",
}

# The oracle: one row an event, one column a status before, the status after.
ORACLE = {
    Nature.RECUPERATION_INSI: (RECUP, RECUP, QUAL, QUAL),
    Nature.RECHERCHE_SANS_RESULTAT: (PROV, RECUP, VALI, QUAL),
    Nature.CONTROLE_REUSSI: (VALI, QUAL, VALI, QUAL),
    Nature.CONTROLE_ECHOUE: (PROV, PROV, PROV, PROV),
    Nature.APPLI_VITALE: (QUAL, QUAL, QUAL, QUAL),
    Nature.DOUTEUSE: (PROV, PROV, PROV, PROV),
    Nature.FIN_DOUTEUSE: (PROV, RECUP, VALI, QUAL),
    Nature.FICTIVE: (PROV, PROV, PROV, PROV),
    Nature.FIN_FICTIVE: (PROV, RECUP, VALI, QUAL),
    Nature.HOMONYME: (PROV, RECUP, VALI, QUAL),
    Nature.FIN_HOMONYME: (PROV, RECUP, VALI, QUAL),
    Nature.MODIFICATION_TRAIT_STRICT: (PROV, PROV, PROV, PROV),
    Nature.VERIFICATION_REUSSIE: (PROV, RECUP, VALI, QUAL),
    Nature.VERIFICATION_ECHOUEE: (PROV, PROV, VALI, VALI),
    Nature.ATTESTATION: (VALI, QUAL, VALI, QUAL),
    Nature.INS_RECUE_VERIFIEE: (RECUP, RECUP, QUAL, QUAL),
    Nature.CONTRAT_CONFIANCE: (QUAL, QUAL, QUAL, QUAL),
    Nature.MODIFICATION_COMPLEMENTAIRE: (PROV, RECUP, VALI, QUAL),
    Nature.RETRAIT_CONTROLE: (PROV, RECUP, PROV, RECUP),
    Nature.RETRAIT_INS: (PROV, PROV, VALI, VALI),
    Nature.RETRAIT_IDENTITE: (PROV, PROV, PROV, PROV),
    Nature.FLUX_PROVISOIRE: (PROV, PROV, PROV, PROV),
    Nature.FLUX_VALIDEE: (VALI, VALI, VALI, VALI),
    Nature.FLUX_QUALIFIEE: (QUAL, QUAL, QUAL, QUAL),
    Nature.IMPORT: (PROV, RECUP, VALI, QUAL),
    Nature.FUSION: (PROV, RECUP, VALI, QUAL),
    Nature.DEFUSION: (PROV, RECUP, VALI, QUAL),
    Nature.SANS_INS: (PROV, PROV, VALI, VALI),
    Nature.FIN_SANS_INS: (PROV, RECUP, VALI, QUAL),
}

# What each attribute refuses, and the code of the refusal. Every pair of attribute and event is judged.
RAISES_INSI = {nature for nature, row in ORACLE.items() if row[0] in {RECUP, QUAL}}
RAISES = RAISES_INSI | {nature for nature, row in ORACLE.items() if row[0] is VALI}
POSES = {Nature.DOUTEUSE, Nature.FICTIVE, Nature.HOMONYME, Nature.SANS_INS}
REFUSED = {
    Nature.DOUTEUSE: {**dict.fromkeys(RAISES, "IDENTITE_BLOQUEE"), Nature.FICTIVE: "ATTRIBUTS_INCOMPATIBLES"},
    Nature.FICTIVE: {
        **dict.fromkeys(RAISES, "IDENTITE_BLOQUEE"),
        **dict.fromkeys(POSES - {Nature.FICTIVE}, "ATTRIBUTS_INCOMPATIBLES"),
    },
    Nature.HOMONYME: {Nature.FICTIVE: "ATTRIBUTS_INCOMPATIBLES"},
    Nature.SANS_INS: {**dict.fromkeys(RAISES_INSI, "IDENTITE_SANS_INS"), Nature.FICTIVE: "ATTRIBUTS_INCOMPATIBLES"},
}


def proof(nature, matricule=ADRUN.matricule):
    return Preuve(
        nature,
        NOW,
        matricule=matricule if nature in WITH_INS else None,
        piece="PA" if nature in WITH_PIECE else "",
        motif=MOTIFS.get(nature, ""),
    )


BEFORE = {
    PROV: (),
    RECUP: (proof(Nature.RECUPERATION_INSI),),
    VALI: (proof(Nature.CONTROLE_REUSSI),),
    QUAL: (proof(Nature.CONTROLE_REUSSI), proof(Nature.RECUPERATION_INSI)),
}


def test_the_oracle_holds_every_event():
    assert set(ORACLE) == set(Nature)


@pytest.mark.exigence("INS/va1.43")
@pytest.mark.exigence("INS/va1.40")
@pytest.mark.exigence("INS/va1.45")
@pytest.mark.exigence("INS/va1.54")
@pytest.mark.parametrize(("nature", "before"), list(product(Nature, Statut)))
def test_every_event_on_every_status(nature, before):
    expected = ORACLE[nature][list(Statut).index(before)]
    after = compute_etat([*BEFORE[before], proof(nature)])
    assert after.statut is expected
    assert (after.matricule is not None) == (expected in {RECUP, QUAL})


@pytest.mark.parametrize(("attribute", "event"), list(product(REFUSED, Nature)))
def test_every_event_on_every_attribute(attribute, event):
    state = compute_etat([proof(attribute)])
    if code := REFUSED[attribute].get(event):
        with pytest.raises(InvalidValue) as caught:
            apply_preuve(state, proof(event))
        assert caught.value.code == code
    else:
        after = apply_preuve(state, proof(event))
        assert after.statut is ORACLE[event][0]
        assert after.matricule is None or attribute is Nature.HOMONYME


@pytest.mark.parametrize("before", Statut)
def test_a_person_declared_without_ins_loses_it_and_gets_none_until_the_declaration_ends(before):
    state = compute_etat([*BEFORE[before], proof(Nature.SANS_INS)])
    assert state.sans_ins
    assert state.matricule is None
    with pytest.raises(InvalidValue) as caught:
        check_insi_call(state)
    assert caught.value.code == "IDENTITE_SANS_INS"
    after = compute_etat([*BEFORE[before], proof(Nature.SANS_INS), proof(Nature.FIN_SANS_INS)])
    check_insi_call(after)
    assert compute_statut([*BEFORE[PROV], proof(Nature.SANS_INS), proof(Nature.CONTROLE_REUSSI)]) is VALI


@pytest.mark.exigence("INS/va1.08")
def test_a_failed_verification_takes_the_ins_away_and_lowers_the_status():
    for before, after in ((RECUP, PROV), (QUAL, VALI)):
        state = compute_etat([*BEFORE[before], proof(Nature.VERIFICATION_ECHOUEE)])
        assert state.statut is after
        assert state.matricule is None


def test_a_new_recovery_replaces_the_matricule():
    after = compute_etat([*BEFORE[QUAL], proof(Nature.RECUPERATION_INSI, ECETINSI.matricule)])
    assert after.matricule == ECETINSI.matricule


@pytest.mark.parametrize(
    ("set_", "removed"), [(Nature.DOUTEUSE, Nature.FIN_DOUTEUSE), (Nature.FICTIVE, Nature.FIN_FICTIVE)]
)
def test_once_the_attribute_is_removed_everything_starts_again(set_, removed):
    history = [*BEFORE[QUAL], proof(set_), proof(removed)]
    assert compute_etat(history) == Etat()
    assert compute_statut([*history, proof(Nature.RECUPERATION_INSI)]) is RECUP


@pytest.mark.exigence("INS/va1.20")
@pytest.mark.parametrize("attribute", [Nature.DOUTEUSE, Nature.FICTIVE])
@pytest.mark.parametrize("raising", [Nature.RECUPERATION_INSI, Nature.CONTROLE_REUSSI, Nature.APPLI_VITALE])
def test_nothing_raises_a_doubtful_or_fictitious_identity(attribute, raising):
    state = compute_etat([proof(attribute)])
    with pytest.raises(InvalidValue) as caught:
        apply_preuve(state, proof(raising))
    assert caught.value.code == "IDENTITE_BLOQUEE"
    with pytest.raises(InvalidValue):
        check_insi_call(state)


def test_an_identity_from_the_appli_vitale_is_not_asked_again():
    state = compute_etat([proof(Nature.APPLI_VITALE)])
    with pytest.raises(InvalidValue) as caught:
        check_insi_call(state)
    assert caught.value.code == "IDENTITE_APPLI_VITALE"
    check_insi_call(compute_etat([proof(Nature.APPLI_VITALE), proof(Nature.MODIFICATION_TRAIT_STRICT)]))
    check_insi_call(compute_etat(BEFORE[QUAL]))


def test_homonym_goes_with_doubtful_and_fictitious_with_nothing():
    both = compute_etat([proof(Nature.HOMONYME), proof(Nature.DOUTEUSE)])
    assert both.attributs == {Attribut.HOMONYME, Attribut.DOUTEUSE}
    for other in (Nature.HOMONYME, Nature.DOUTEUSE):
        with pytest.raises(InvalidValue) as caught:
            compute_etat([proof(Nature.FICTIVE), proof(other)])
        assert caught.value.code == "ATTRIBUTS_INCOMPATIBLES"


@given(
    st.sampled_from(Statut),
    st.sampled_from([None, ADRUN.matricule]),
    st.frozensets(st.sampled_from(Attribut)),
    st.booleans(),
)
def test_forbidden_states_cannot_be_built(statut, matricule, attributs, par_appli):
    forbidden = (
        (matricule is not None) != (statut in {RECUP, QUAL})
        or (attributs & {Attribut.DOUTEUSE, Attribut.FICTIVE} and statut is not PROV)
        or (par_appli and matricule is None)
        or (Attribut.SANS_INS in attributs and matricule is not None)
        or (Attribut.FICTIVE in attributs and len(attributs) > 1)
    )
    with pytest.raises(InvalidValue) if forbidden else nullcontext():
        Etat(statut, matricule, attributs, par_appli)


@given(st.lists(st.sampled_from(Nature), max_size=12))
def test_any_history_leads_to_an_allowed_state_or_is_refused(natures):
    state = Etat()
    for nature in natures:
        with suppress(InvalidValue):  # refused: the state stays as it was
            state = apply_preuve(state, proof(nature))
        assert state.from_insi == (state.matricule is not None)


@given(st.lists(st.sampled_from(Nature), max_size=12))
def test_counting_a_base_agrees_with_each_identity(natures):
    state, counted = Etat(), Suivi()
    for nature in natures:
        with suppress(InvalidValue):
            state = apply_preuve(state, proof(nature))
            assert counted.add(nature) is state.statut
    assert (counted.controle_par is not None) == state.checked


@pytest.mark.exigence("INS/va1.53")
def test_only_a_qualified_identity_leaves_with_its_matricule():
    assert [statut for statut in Statut if matricule_may_leave(statut)] == [QUAL]


def test_what_a_flow_carries():
    assert [statut.code_flux for statut in Statut] == ["PROV", "PROV", "VALI", "VALI"]
    assert QUAL.libelle == "Identité qualifiée"


@pytest.mark.parametrize("nature", Nature)
def test_each_event_says_itself_in_french(nature):
    assert nature.libelle


@pytest.mark.parametrize(
    ("nature", "given_", "code"),
    [
        (Nature.RECUPERATION_INSI, {}, "PREUVE_INS"),
        (Nature.APPLI_VITALE, {}, "PREUVE_INS"),
        (Nature.CONTROLE_REUSSI, {"piece": "PA", "matricule": ADRUN.matricule}, "PREUVE_INS"),
        (Nature.CONTROLE_REUSSI, {}, "PREUVE_PIECE"),
        (Nature.CONTROLE_ECHOUE, {}, "PREUVE_PIECE"),
        (Nature.HOMONYME, {"piece": "PA"}, "PREUVE_PIECE"),
        (Nature.CONTROLE_REUSSI, {"piece": "CV"}, "PREUVE_PIECE"),
        (Nature.CONTROLE_REUSSI, {"piece": "ZZ"}, "PIECE_INCONNUE"),
        (Nature.CONTROLE_ECHOUE, {"piece": "ZZ"}, "PIECE_INCONNUE"),
        (Nature.CONTROLE_REUSSI, {"piece": "LEP"}, "PREUVE_PARENT"),
        (Nature.CONTROLE_REUSSI, {"piece": "AN", "piece_parent": "CV"}, "PREUVE_PARENT"),
        (Nature.CONTROLE_REUSSI, {"piece": "PA", "piece_parent": "PA"}, "PREUVE_PARENT"),
        (Nature.ATTESTATION, {"piece_parent": "PA"}, "PREUVE_PARENT"),
        (Nature.RETRAIT_INS, {}, "MOTIF_INCONNU"),
        (Nature.RETRAIT_INS, {"motif": "piece-erronee"}, "MOTIF_INCONNU"),
        (Nature.SANS_INS, {"motif": "collision"}, "MOTIF_INCONNU"),
        (Nature.HOMONYME, {"motif": "visiteur"}, "PREUVE_MOTIF"),
    ],
)
def test_an_evidence_that_proves_nothing_is_refused(nature, given_, code):
    with pytest.raises(InvalidValue) as caught:
        Preuve(nature, NOW, **given_)
    assert caught.value.code == code


def test_an_evidence_has_a_moment_with_its_zone():
    with pytest.raises(InvalidValue):
        Preuve(Nature.HOMONYME, NOW.replace(tzinfo=None))


@pytest.mark.parametrize("shown", ["LEP", "AN"])
def test_a_minor_without_document_is_proved_by_two_together(shown):
    assert compute_statut([Preuve(Nature.CONTROLE_REUSSI, NOW, piece=shown, piece_parent="CN")]) is VALI
    # a difference is a difference, whoever comes along
    assert compute_statut([Preuve(Nature.CONTROLE_ECHOUE, NOW, piece=shown)]) is PROV


def test_a_merge_and_an_import_say_freely_where_they_come_from():
    for nature in (Nature.FUSION, Nature.DEFUSION, Nature.IMPORT):
        assert Preuve(nature, NOW, motif="dossier 42").motif == "dossier 42"


@pytest.mark.parametrize("canal", Canal)
def test_each_channel_says_itself_in_french(canal):
    assert canal.libelle
