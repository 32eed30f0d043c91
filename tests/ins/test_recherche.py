"""Which call follows which: given names in order, the whole list, the place last; never a guess."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opensegur.foundation.errors import OpenSegurError, TransportError
from opensegur.ins import (
    ETAPES,
    CarteRefusee,
    CodeRetour,
    Essai,
    InsiFault,
    RequeteTraits,
    next_call,
    search_card_first,
    search_identity,
    what_to_complete,
)
from opensegur.ins.recherche import MAXIMUM
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


def essais(traits, *codes):
    made = []
    for code in codes:
        made.append(Essai(next_call(traits, made), CodeRetour(code)))
    return made


def test_a_search_never_makes_more_calls_than_its_maximum():
    many = replace(HOUILLES, prenoms=" ".join(f"PRENOM{letter}" for letter in "ABCDEFGHIJKL"))
    made, following = calls_made(replace(many, premier_prenom="PRENOMA"), *["01"] * 6)
    assert [prenom for prenom, _ in made[:5]] == [f"PRENOM{letter}" for letter in "ABCDE"]
    assert made[5] == (many.prenoms, "")
    assert following is None
    assert len(made) <= MAXIMUM


def test_the_table_keeps_the_place_out_until_several_answer():
    assert not any(etape.lieu for etape in ETAPES if etape.reponse is CodeRetour.AUCUNE)
    assert all(etape.reponse is not CodeRetour.UNE for etape in ETAPES)


@pytest.mark.parametrize(
    ("traits", "codes", "first"),
    [
        (replace(HOUILLES, prenoms="", lieu_naissance=""), ["02", "02"], "autres prénoms"),
        (replace(HOUILLES, prenoms=""), ["02"], "autres prénoms"),
        (replace(HOUILLES, lieu_naissance=""), ["02", "02"], "lieu de naissance"),
        (HOUILLES, ["01"] * 4, "nom de naissance, et non le nom utilisé"),
    ],
)
def test_what_is_missing_is_asked_of_the_person(traits, codes, first):
    assert first in what_to_complete(traits, essais(traits, *codes))[0]


def test_nothing_is_asked_before_a_call_nor_after_success():
    assert what_to_complete(HOUILLES, []) == ()
    assert what_to_complete(HOUILLES, essais(HOUILLES, "00")) == ()


def test_nobody_is_told_to_try_another_sex_or_date():
    advice = " ".join(what_to_complete(HOUILLES, essais(HOUILLES, *["01"] * 4)))
    assert "sur la pièce d’identité" in advice


def card_says(*answers):
    """A search by card that gives ``answers``, an envelope or an error, and the searches by traits that follow."""
    client, script = scripted_client(*answers)
    call = client.search_by_traits
    return (lambda: call(RequeteTraits.from_traits(ADRUN.traits))), call, script


def test_a_card_that_finds_somebody_is_enough():
    card, call, script = card_says(answer(CodeRetour.UNE, ADRUN.individu))
    found = search_card_first(card, call, ADRUN.traits)
    assert found.result.individu == ADRUN.individu
    assert (found.traits, len(script.requests)) == ((), 1)


@pytest.mark.parametrize(
    "first", [answer(CodeRetour.AUCUNE), answer(CodeRetour.PLUSIEURS), fault("siram_100", "insi_9")]
)
def test_a_card_that_finds_nobody_gives_way_to_the_local_traits(first):
    card, call, _ = card_says(first, answer(CodeRetour.UNE, ADRUN.individu))
    found = search_card_first(card, call, ADRUN.traits)
    assert found.result.individu == ADRUN.individu
    assert (found.refus is not None) == (found.carte is None)


def test_without_local_traits_the_answer_to_the_card_stands():
    card, call, _ = card_says(answer(CodeRetour.AUCUNE))
    assert search_card_first(card, call, None).result.code is CodeRetour.AUCUNE
    card, call, _ = card_says(fault("siram_100", "insi_9"))
    with pytest.raises(InsiFault):
        search_card_first(card, call, None)


@pytest.mark.parametrize(
    "error",
    [
        TransportError("TRANSPORT_DELAI", "Trop long.", retryable=True),
        CarteRefusee("VITALE_CHANGEE", "La carte n’est plus la même."),
        fault("siram_40", "insi_102"),
    ],
)
def test_a_service_down_or_a_refused_card_stops_the_search(error):
    card, call, script = card_says(error)
    with pytest.raises(OpenSegurError):
        search_card_first(card, call, ADRUN.traits)
    assert len(script.requests) == 1
