"""Which call follows which: given names in order, the whole list, the place last; never a guess."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opensegur.ins import CodeRetour, Essai, InsiFault, RequeteTraits, next_call, search_identity
from opensegur.ins.testing import ADRUN, ECETINSI, TCHITCHI, answer, fault, scripted_client

HOUILLES = replace(ADRUN.traits, nom_naissance="HOUILLES", prenoms="PIERRE PAUL JACQUES", premier_prenom="PIERRE")


def calls_made(traits, *codes):
    """The given names and places called while the service answers ``codes``, then the next one."""
    essais = []
    for code in codes:
        essais.append(Essai(next_call(traits, essais), CodeRetour(code)))
    following = next_call(traits, essais)
    made = [(essai.requete.prenom, essai.requete.lieu_naissance) for essai in essais]
    return made, (following.prenom, following.lieu_naissance) if following else None


def test_none_found_goes_through_the_given_names_then_the_list():
    assert calls_made(HOUILLES, *["01"] * 4) == (
        [("PIERRE", ""), ("PAUL", ""), ("JACQUES", ""), ("PIERRE PAUL JACQUES", "")],
        None,
    )


def test_several_found_adds_the_other_given_names_then_the_place():
    assert calls_made(HOUILLES, "02", "02", "02") == (
        [("PIERRE", ""), ("PIERRE PAUL JACQUES", ""), ("PIERRE PAUL JACQUES", "63220")],
        ("PIERRE", "63220"),
    )


def test_several_found_without_a_place_stops_at_the_list():
    assert calls_made(replace(HOUILLES, lieu_naissance=""), "02", "02")[1] is None


def test_one_given_name_and_several_found_adds_the_place():
    assert calls_made(ADRUN.traits, "02") == ([("ZOE", "")], ("ZOE", "63220"))


def test_found_stops():
    assert calls_made(HOUILLES, "01", "00")[1] is None


def test_the_first_given_name_may_be_a_compound():
    traits = replace(ECETINSI.traits, premier_prenom="PIERRE-ALAIN MURIEL")
    assert calls_made(traits)[1] == ("PIERRE-ALAIN MURIEL", "")
    assert calls_made(traits, "01")[1] == ("PIERRE-ALAIN", "")


def test_without_a_list_the_first_given_name_is_the_only_call():
    assert calls_made(replace(HOUILLES, prenoms=""), "01") == ([("PIERRE", "")], None)


@given(st.lists(st.sampled_from(["01", "02"]), max_size=12))
def test_sex_date_and_name_never_change_and_no_call_is_made_twice(codes):
    essais = []
    for code in codes:
        following = next_call(HOUILLES, essais)
        if following is None:
            break
        assert following not in {essai.requete for essai in essais}
        assert (following.nom_naissance, following.sexe, following.date_naissance) == (
            HOUILLES.nom_naissance,
            HOUILLES.sexe,
            HOUILLES.date_naissance,
        )
        essais.append(Essai(following, CodeRetour(code)))
    assert len(essais) <= 8


def test_the_search_of_tchitchi():
    client, script = scripted_client(answer(CodeRetour.AUCUNE), answer(CodeRetour.UNE, TCHITCHI.individu))
    traits = replace(TCHITCHI.traits, premier_prenom="OLA", prenoms="OLA CATARINA BELLA")
    answers = search_identity(client.search_by_traits, traits)
    assert [reply.code for reply in answers] == [CodeRetour.AUCUNE, CodeRetour.UNE]
    assert answers[-1].individu.matricule == TCHITCHI.matricule
    assert b"CATARINA" in script.requests[1].body


def test_an_error_stops_the_search():
    client, script = scripted_client(answer(CodeRetour.AUCUNE), fault("siram_40", "insi_102"))
    with pytest.raises(InsiFault):
        search_identity(client.search_by_traits, HOUILLES)
    assert len(script.requests) == 2


def test_the_first_call_is_the_plain_one():
    assert next_call(ADRUN.traits, []) == RequeteTraits.from_traits(ADRUN.traits)
