"""Traits: typed by a person, received from elsewhere; first given name and list; side by side with INSi's."""

from dataclasses import replace

import pytest

from opensegur.foundation.errors import InvalidValue
from opensegur.ins import OID_NIR, Matricule, Sexe, Traits, check_identity, compare_traits, is_first_of
from opensegur.ins.coherence import possible_first_names
from opensegur.ins.testing import ADRTROIS, ADRUN, ECETINSI, PAT_TROIS


def typed(**changes):
    values = {
        "nom_naissance": "Adrun",
        "premier_prenom": "Zoé",
        "date_naissance": "31/12/1975",
        "sexe": "f",
    } | changes
    return Traits.typed(**values)


def test_what_a_secretary_types_becomes_an_identity():
    traits = typed(nom_utilise="d’Æion", lieu_naissance="63220")
    assert traits == Traits("ADRUN", "", "ZOE", "1975-12-31", Sexe.F, "63220", nom_utilise="D'AEION")
    assert not traits.date_estimee


def test_an_incomplete_date_is_completed_and_marked():
    traits = typed(date_naissance="00/00/1950")
    assert traits.date_naissance == "1950-12-31"
    assert traits.date_estimee


def test_the_names_in_use_are_never_filled_in():
    traits = typed()
    assert traits.nom_utilise == ""
    assert traits.prenom_utilise == ""


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("nom_naissance", "Dupont", "NOM_LEXIQUE"),
        ("premier_prenom", "", "NOM_LEXIQUE"),
        ("prenoms", "Zoé", "NOM_LEXIQUE"),
        ("nom_utilise", "d’Æion", "NOM_LEXIQUE"),
        ("prenom_utilise", "3", "NOM_LEXIQUE"),
        ("date_naissance", "1975-00-01", "DATE_INCOMPLETE"),
        ("date_naissance", "31/12/1975", "DATE_FORMAT"),
        ("sexe", "X", "SEXE"),
        ("lieu_naissance", "6322", "LIEU_COG"),
        ("lieu_naissance", "2C004", "LIEU_COG"),
        ("lieu_naissance", "PARIS", "LIEU_COG"),
    ],
)
def test_an_impossible_trait_is_refused(field, value, code):
    with pytest.raises(InvalidValue) as caught:
        replace(ADRUN.traits, **{field: value})
    assert caught.value.code == code


def test_a_place_unknown_to_the_table_is_kept():
    assert ADRTROIS.traits.lieu_naissance == "2A020"
    assert [finding.rule for finding in check_identity(ADRTROIS.matricule, ADRTROIS.traits)] == ["INS.lieu"]


def test_a_place_that_did_not_exist_on_that_day_is_a_warning():
    traits = replace(ADRUN.traits, lieu_naissance="20004", date_naissance="1990-01-01")
    assert [finding.rule for finding in check_identity(None, traits)] == ["INS.lieu_epoque"]


def test_sex_may_be_given_as_text():
    assert replace(ADRUN.traits, sexe="m").sexe is Sexe.M
    assert Sexe("I").libelle == "Indéterminé"


def test_its_representation_tells_nothing():
    assert "ADRUN" not in repr(ADRUN.traits)


@pytest.mark.exigence("INS/va1.51")
@pytest.mark.parametrize(
    ("first", "coherent"),
    [
        ("JEAN", True),
        ("JEAN CHRISTOPHE", True),
        ("JEAN-CHRISTOPHE", True),
        ("JEAN-CHRISTOPHE-PIERRE", True),
        ("JEAN CHRISTOPHE PIERRE", True),
        ("CHRISTOPHE", False),
        ("PIERRE", False),
        ("JEANNE", False),
        ("JEAN CHRISTOPHE PIERRE PAUL", False),
        ("JE", False),
    ],
)
def test_first_given_name_and_list(first, coherent):
    assert is_first_of(first, "JEAN CHRISTOPHE PIERRE") is coherent


def test_an_apostrophe_separates_as_a_space_does():
    assert is_first_of("N'GOLO", "N GOLO KANTE")


def test_an_empty_list_contradicts_nothing():
    assert is_first_of("ZOE", "")


def test_the_cut_of_the_first_given_name_is_a_choice():
    assert possible_first_names("JEAN PIERRE PAUL") == ("JEAN", "JEAN PIERRE", "JEAN PIERRE PAUL")
    assert possible_first_names("") == ()


def test_differences_are_shown_trait_by_trait():
    local = replace(ECETINSI.traits, nom_naissance="ECETINSY", premier_prenom="MURIEL", prenoms="", lieu_naissance="")
    found = compare_traits(local, ECETINSI.traits)
    assert [(ecart.champ, ecart.local, ecart.recu) for ecart in found] == [
        ("nom_naissance", "ECETINSY", "ECETINSI"),
        ("premier_prenom", "MURIEL", "PIERRE-ALAIN"),
    ]
    assert found[1].libelle == "premier prénom de naissance"


def test_the_same_identity_has_no_difference():
    assert compare_traits(PAT_TROIS.traits, PAT_TROIS.traits) == ()


def test_another_cut_of_the_first_given_name_is_no_difference():
    local = replace(ECETINSI.traits, premier_prenom="PIERRE")
    assert compare_traits(local, ECETINSI.traits) == ()


def test_an_identity_without_anything_odd():
    assert check_identity(PAT_TROIS.matricule, PAT_TROIS.traits) == []


def test_a_wrong_key_another_sex_and_another_first_name_are_warnings():
    traits = replace(PAT_TROIS.traits, sexe=Sexe.M, premier_prenom="MARIE")
    found = check_identity(Matricule("279035121518900", OID_NIR), traits)
    assert [finding.rule for finding in found] == ["INS.cle", "INS.sexe", "INS.prenom"]
    assert all(finding.repair for finding in found)
