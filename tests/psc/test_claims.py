"""Who the person is: every observed shape of userinfo, and every shape that could be."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opensegur.foundation.errors import OpenSegurError
from opensegur.psc import PscError, read_userinfo
from opensegur.psc.testing import MEDECIN

pytestmark = pytest.mark.exigence("PSC.01")


def _official(official, name):
    return read_userinfo(json.loads((official / "psc/userinfo" / f"{name}.json").read_text(encoding="utf-8")))


@pytest.mark.fixtures
@pytest.mark.parametrize(
    ("name", "rpps", "choices"),
    [
        ("medecin-899700218896", "99700218896", 1),
        ("medecin-edit-5-activites", "", 5),
        ("synthetic-cpe-secretaire", "", 0),
        ("synthetic-infirmiere-deux-exercices", "99700000047", 2),
        ("synthetic-pharmacienne", "99700000039", 1),
        ("synthetic-psi-uuid", "99700000013", 1),
        ("synthetic-sans-activite", "99700000070", 1),
    ],
)
def test_every_observed_userinfo_is_read(official, name, rpps, choices):
    person = _official(official, name)
    assert person.rpps == rpps
    assert len(person.choices()) == choices


@pytest.mark.fixtures
def test_a_physician_as_messages_name_them(official):
    person = _official(official, "synthetic-psi-uuid")
    made = person.professionnel(person.choices()[0])
    assert (made.id_nat, made.rpps) == ("899700000013", "99700000013")
    assert (made.nom, made.prenom, made.profession, made.titre) == ("EXEMPLE", "Anne", "10", "DR")
    assert made.specialite == "G15_10/SM54"


@pytest.mark.fixtures
def test_a_pharmacist_is_specialised_by_the_section_of_the_place(official):
    person = _official(official, "synthetic-pharmacienne")
    (situation,) = person.choices()
    assert person.professionnel(situation).specialite == "G15_21/A"
    structure = situation.activite.structure()
    assert (structure.id_nat, structure.nom, structure.secteur) == ("1690007778", "PHARMACIE DU PROTOTYPE", "SA33")


@pytest.mark.fixtures
def test_two_professions_are_two_choices_and_one_may_have_no_place(official):
    first, second = _official(official, "synthetic-infirmiere-deux-exercices").choices()
    assert (first.exercice.profession, first.activite.finess_juridique) == ("60", "750008880")
    assert (second.exercice.profession, second.activite) == ("50", None)


@pytest.mark.fixtures
def test_the_identifiers_of_a_place_come_by_precision(official):
    places = [choice.activite for choice in _official(official, "medecin-edit-5-activites").choices()]
    assert [place.identifiants for place in places[:3]] == [(), (), ()]
    assert places[3].identifiants[0] == "300000000016972"


def test_an_action_that_needs_an_activity_says_when_there_is_none():
    assert len(read_userinfo(MEDECIN).require_choices()) == 1
    with pytest.raises(PscError) as refused:
        read_userinfo({**MEDECIN, "SubjectRefPro": {"exercices": []}}).require_choices()
    assert refused.value.code == "PSC_NO_ACTIVITY"


@pytest.mark.fixtures
def test_a_person_without_a_national_identifier_is_not_named_in_messages(official):
    person = _official(official, "medecin-edit-5-activites")
    with pytest.raises(OpenSegurError):
        person.professionnel(person.choices()[0])


def _with(**changes):
    exercice = {**MEDECIN["SubjectRefPro"]["exercices"][0], **changes}
    return read_userinfo({**MEDECIN, "SubjectRefPro": {"exercices": [exercice]}})


@pytest.mark.parametrize(
    ("profession", "system"),
    [
        ("10", "1.2.250.1.71.1.2.7"),
        ("93", "1.2.250.1.213.1.6.1.109"),
        ("41", "1.2.250.1.213.1.6.1.4"),
        ("99", "1.2.250.1.213.1.6.1.140"),
    ],
)
def test_a_profession_keeps_the_table_it_comes_from(profession, system):
    """A code is ambiguous across the tables: 93 is a psychologist of TRE_R95, never of TRE_G15."""
    person = _with(codeProfession=profession)
    assert person.professionnel(person.choices()[0]).profession_system == system


def test_a_student_is_not_named_as_a_professional():
    person = _with(codeCategorieProfessionnelle="E")
    assert person.professionnel(person.choices()[0]).profession_system == "1.2.250.1.71.1.2.8"


def test_without_exercices_the_role_of_the_subject_is_the_profession():
    person = read_userinfo({**MEDECIN, "SubjectRefPro": {}, "SubjectRole": ["60^1.2.250.1.213.1.1.5.5"]})
    (situation,) = person.choices()
    assert situation.exercice.profession == "60"
    assert person.professionnel(situation).profession_system == "1.2.250.1.71.1.2.7"


@pytest.mark.parametrize("bad", ["", "12", "75000999X5", "0" * 20])
def test_a_place_with_a_bad_number_is_no_structure_and_no_crash(bad):
    person = _with(activities=[{"numeroFinessSite": bad, "raisonSocialeSite": "LIEU"}])
    assert person.choices()[0].activite.structure() is None


def test_a_practice_known_only_by_its_rank_is_a_structure():
    person = _with(activities=[{"identifiantTechniqueDeLaStructure": "R99700735741008", "raisonSocialeSite": "CAB"}])
    assert person.choices()[0].activite.structure().id_nat == "499700735741008"


def test_the_other_spelling_of_other_identifiers_is_read():
    uuid = "019c5172-a5c0-7188-b81f-5c16807b9140"
    person = read_userinfo(
        {"sub": "s", "SubjectNameID": uuid, "otherIDs": [{"identifiant": "99700000013", "origine": "RPPS"}]}
    )
    assert person.identifiants == ("899700000013", uuid)


@pytest.mark.parametrize(
    "claims", [{}, {"sub": "s"}, {"SubjectNameID": "899700218896"}, {"sub": [], "SubjectNameID": 1}]
)
def test_an_answer_that_names_nobody_is_refused(claims):
    with pytest.raises(PscError) as refused:
        read_userinfo(claims)
    assert refused.value.code == "PSC_USERINFO"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*MEDECIN, "otherIds", "otherIDs", "inconnu"]), json_values))
def test_any_member_may_be_anything(changes):
    try:
        person = read_userinfo({**MEDECIN, **changes})
    except PscError:
        return
    for situation in person.choices():
        if situation.activite:
            situation.activite.structure()


@given(
    st.dictionaries(
        st.sampled_from(["numeroFinessSite", "numeroSiretSite", "raisonSocialeSite", "codePostal"]), json_values
    )
)
def test_any_activity_gives_a_structure_or_none(activity):
    person = _with(activities=[activity])
    person.choices()[0].activite.structure()
