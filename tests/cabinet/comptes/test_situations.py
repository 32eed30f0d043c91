"""Where somebody may work, after a local login and after Pro Santé Connect."""

from __future__ import annotations

import pytest

from cabinet.personnages import make_compte
from opensegur.cabinet.comptes.models import Compte, Rattachement
from opensegur.cabinet.comptes.roles import PROFESSIONS, SOIGNANTS, Role, role_fits
from opensegur.cabinet.comptes.situations import Activite, situations_of
from opensegur.cabinet.structures.models import Structure

pytestmark = pytest.mark.django_db(databases=["default", "journal"])


def _places(compte: Compte) -> list[Rattachement]:
    return list(Rattachement.objects.filter(compte=compte).order_by("pk"))


def test_a_local_login_opens_every_place(medecin: Compte, cabinet: Structure) -> None:
    (situation,) = situations_of(_places(medecin), None)
    assert situation.structure == cabinet
    assert situation.activite is None


def test_an_activity_opens_the_structure_that_it_names(medecin: Compte, cabinet: Structure) -> None:
    here = Activite("10", "SM26", identifiants=frozenset({cabinet.id_nat, "2000000992"}))
    elsewhere = Activite("10", "SM26", identifiants=frozenset({"1999999999"}))
    (situation,) = situations_of(_places(medecin), [elsewhere, here])
    assert situation.activite == here


def test_activities_that_are_all_elsewhere_open_nothing(medecin: Compte) -> None:
    assert situations_of(_places(medecin), [Activite("10", identifiants=frozenset({"1999999999"}))]) == ()


def test_a_locum_without_a_fixed_place_works_where_the_account_does(medecin: Compte) -> None:
    assert len(situations_of(_places(medecin), [Activite("10")])) == 1


@pytest.mark.parametrize("profession", ["21", "60", ""])
def test_a_lost_profession_takes_its_rights_away(medecin: Compte, profession: str) -> None:
    assert situations_of(_places(medecin), [Activite(profession)]) == ()


def test_two_ways_of_working_in_one_place_are_two_choices(medecin: Compte) -> None:
    activites = [Activite("10", "SM26"), Activite("10", "SM54"), Activite("10", "SM26", libelle="double")]
    assert len(situations_of(_places(medecin), activites)) == 2


def test_a_secretary_card_names_no_profession(secretaire: Compte) -> None:
    assert len(situations_of(_places(secretaire), [Activite()])) == 1


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("profession", ["", *PROFESSIONS])
def test_the_whole_table_of_roles_and_professions(role: Role, profession: str) -> None:
    fits = role not in SOIGNANTS or role in PROFESSIONS.get(profession, ())
    assert role_fits(role, profession) is fits


def test_the_person_as_messages_name_them(medecin: Compte, secretaire: Compte) -> None:
    professionnel = medecin.professionnel()
    assert professionnel is not None
    assert (professionnel.rpps, professionnel.specialite) == ("99700500012", "G15_10/SM26")
    assert secretaire.professionnel() is None


def test_one_national_identifier_one_account(medecin: Compte, cabinet: Structure) -> None:
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        make_compte("double", cabinet, Role.MEDECIN, id_nat=medecin.id_nat)
