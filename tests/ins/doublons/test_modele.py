"""Two records side by side: the traps of the field, as a person of the identity cell would judge them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opensegur.ins.doublons import A_VERIFIER, SEUIL, Fiche, compare, modele_francais, prepare
from opensegur.ins.doublons.conditions import ELSE, egal
from opensegur.ins.doublons.distance import within
from opensegur.ins.doublons.modele import Comparaison, Niveau, bits_of, probability

ANNE = Fiche("1", "LE GOFF", "ANNE", "1951-03-07", "F", "29019", "ANNE MARIE YVONNE", "KERVELLA")
YVES = Fiche("2", "TANGUY", "YVES", "1948-11-23", "M", "29232")

MEMES = {
    "a letter too many": replace(ANNE, nom_naissance="LE GOFFE"),
    "the article glued": replace(ANNE, nom_naissance="LEGOFF"),
    "accents and small letters": replace(ANNE, premier_prenom="Anné", nom_naissance="Le Goff"),
    "a married name in the birth name": replace(ANNE, nom_naissance="KERVELLA", nom_utilise=""),
    "a married name that is not known here": replace(ANNE, nom_naissance="RIOU", nom_utilise="", prenoms=""),
    "names exchanged": replace(ANNE, nom_naissance="ANNE", premier_prenom="LE GOFF", prenoms=""),
    "names exchanged, with the married one": replace(
        ANNE, nom_naissance="ANNE", premier_prenom="KERVELLA", prenoms=""
    ),
    "day and month exchanged": replace(ANNE, date_naissance="1951-07-03"),
    "a digit of the date": replace(ANNE, date_naissance="1951-03-01"),
    "no place of birth": replace(ANNE, lieu_naissance=""),
    "no list of given names": replace(ANNE, prenoms=""),
    "a compound given name cut": replace(ANNE, premier_prenom="ANNE-MARIE"),
    "the date as people write it": replace(ANNE, date_naissance="07/03/1951"),
}
AUTRES = {
    "her twin": replace(ANNE, premier_prenom="SOLENE", prenoms="", nom_utilise=""),
    "his twin of a near name": replace(YVES, nom_naissance="MARTIN", premier_prenom="LOUISE", sexe="F", prenoms=""),
    "a son of the same name": replace(YVES, date_naissance="1974-02-11"),
    "a sister": replace(ANNE, premier_prenom="GAELLE", date_naissance="1953-09-15", prenoms="", nom_utilise=""),
    "a stranger born the same day at the same place": replace(
        ANNE, nom_naissance="ABGRALL", premier_prenom="SOIZIC", prenoms="", nom_utilise=""
    ),
}


@pytest.mark.parametrize("cas", MEMES)
def test_one_person_typed_twice_is_found(cas):
    assert compare(ANNE, MEMES[cas]).probabilite > 0.9


@pytest.mark.parametrize("cas", AUTRES)
def test_two_people_are_not_taken_for_one(cas):
    autre = AUTRES[cas]
    reference = replace(YVES, nom_naissance="MARTIN", premier_prenom="LOUIS") if "near" in cas else YVES
    assert compare(ANNE if autre.lieu_naissance == "29019" else reference, autre).probabilite < SEUIL


def test_homonyms_born_the_same_day_elsewhere_are_only_worth_a_look():
    jean = Fiche("1", "MARTIN", "JEAN", "1950-05-12", "M", "29019")
    autre = replace(jean, lieu_naissance="13055")
    assert compare(jean, autre).probabilite < SEUIL
    rare = replace(jean, nom_naissance="KERMARREC", premier_prenom="GWENOLE")
    assert compare(rare, replace(rare, lieu_naissance="13055")).probabilite > A_VERIFIER


def test_two_matricules_weigh_more_than_the_same_names():
    un = replace(YVES, matricule="148112923200121")
    deux = replace(YVES, matricule="148112923200220")
    assert compare(YVES, YVES).bits - compare(un, deux).bits == 15
    assert compare(un, un).bits > compare(YVES, YVES).bits


def test_a_matricule_with_a_wrong_key_says_nothing():
    assert compare(replace(YVES, matricule="148112923200199"), YVES) == compare(YVES, YVES)


def test_a_rare_name_proves_more_than_a_common_one():
    assert (
        compare(*[replace(YVES, nom_naissance="MARTIN")] * 2).bits
        < compare(*[replace(YVES, nom_naissance="PREVOST")] * 2).bits
        < compare(*[replace(YVES, nom_naissance="QUEFFELEC")] * 2).bits
    )


def test_the_larger_the_base_the_more_it_takes():
    small, large = (compare(ANNE, ANNE, fiches=size).bits for size in (20_000, 20_000_000))
    assert small - large == pytest.approx(9.97, abs=0.01)
    assert compare(ANNE, ANNE, fiches=50) == compare(ANNE, ANNE, fiches=20_000)


def test_what_differs_is_said_in_french_and_without_any_name():
    verdict = compare(ANNE, replace(ANNE, nom_naissance="KERVELLA", nom_utilise="", date_naissance="1951-07-03"))
    assert modele_francais().reasons(verdict.niveaux) == (
        "le nom de naissance de l’un est le nom utilisé de l’autre",
        "jour et mois de naissance intervertis",
    )
    assert modele_francais().reasons(compare(YVES, YVES).niveaux) == ()


TEXTES = st.text(alphabet="ABEILMNRSTY -'é0", max_size=12)
DATES = st.sampled_from(
    ["1951-03-07", "07/03/1951", "1951-07-03", "1951-00-00", "", "hier", "1960-12-31", "0000-01-01"]
)
FICHES = st.builds(
    Fiche,
    st.just("x"),
    TEXTES,
    TEXTES,
    DATES,
    st.sampled_from(["M", "F", "", "I"]),
    st.sampled_from(["29019", "75056", "99999", "2A004", ""]),
    TEXTES,
    TEXTES,
    telephone=st.sampled_from(["", "+33 6 12 34 56 78", "0612345678", "12"]),
)


@given(FICHES, FICHES)
def test_the_order_of_two_records_does_not_count(one, other):
    assert compare(one, other) == compare(other, one)


@given(FICHES)
def test_whatever_was_typed_can_be_compared(fiche):
    assert len(compare(fiche, ANNE).niveaux) == len(modele_francais().comparaisons)


@given(st.text(alphabet="ABC", max_size=7), st.text(alphabet="ABC", max_size=7), st.integers(0, 2))
def test_the_short_distance_is_levenshteins(one, other, most):
    rows = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, rows[0] = rows[0], i
        for j, b in enumerate(other, 1):
            before, rows[j] = rows[j], min(rows[j] + 1, rows[j - 1] + 1, before + (a != b))
    assert within(one, other, most) == (rows[-1] <= most)


def test_a_record_does_not_show_its_traits():
    assert repr(ANNE) == "Fiche('1')"


def test_unknown_parts_of_a_date_are_missing():
    prete = prepare(replace(ANNE, date_naissance="1951-00-00"))
    assert (prete.annee, prete.mois, prete.jour, prete.ne_le, prete.date_floue) == (1951, None, None, None, 1)


def test_a_comparison_must_end_with_what_always_holds():
    with pytest.raises(ValueError, match="ELSE"):
        Comparaison("x", egal("nom"), (Niveau("a", egal("nom")),))
    Comparaison("x", egal("nom"), (Niveau("a", ELSE),))


def test_bits_and_probability_are_contraries():
    assert probability(bits_of(0.9)) == pytest.approx(0.9)
    assert probability(-2000) >= 0
