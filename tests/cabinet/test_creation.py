"""The first day of a real practice."""

from __future__ import annotations

import pytest

from cabinet.personnages import Navigateur
from opensegur.cabinet.comptes.models import Compte, Rattachement
from opensegur.cabinet.comptes.roles import Role
from opensegur.cabinet.creation import Etablissement, Titulaire, create_practice, is_new
from opensegur.cabinet.structures.models import Structure
from opensegur.foundation.errors import InvalidValue

pytestmark = pytest.mark.django_db(databases=["default", "journal"])

CABINET = Etablissement("300000099200016", "Cabinet des Tilleuls", "SA07", "18340", "LEVET")
ANA = Titulaire("Ana.Durand", "DURAND", "Ana", Role.MEDECIN, "899700500012", "SM26")
SECRET = "trois-lapins-bleus"


def test_the_first_account_comes_in_and_accepts_the_terms() -> None:
    assert is_new()
    structure, compte = create_practice(CABINET, ANA, SECRET)
    assert not is_new()
    assert (structure.ville, compte.identifiant, compte.profession) == ("LEVET", "ana.durand", "10")
    place = Rattachement.objects.get(compte=compte)
    assert (place.referent_identite, place.administrateur) == (True, True)
    navigateur = Navigateur()
    answer = navigateur.envoyer("/compte/connexion/", {"identifiant": "ana.durand", "mot_de_passe": SECRET})
    assert answer.url == "/compte/conditions/"


def test_somebody_who_manages_needs_no_national_identifier() -> None:
    _, compte = create_practice(CABINET, Titulaire("gestion", "PETIT", "Sam", Role.GESTIONNAIRE), SECRET)
    assert (compte.id_nat, compte.profession) == ("", "")


def test_a_practice_that_has_accounts_is_left_alone() -> None:
    create_practice(CABINET, ANA, SECRET)
    with pytest.raises(InvalidValue) as caught:
        create_practice(CABINET, Titulaire("intrus", "X", "Y", Role.GESTIONNAIRE), SECRET)
    assert caught.value.code == "CABINET_EXISTE"
    assert Compte.objects.count() == 1


@pytest.mark.parametrize("password", ["court", "1qaz2wsx3edc", "ana.durand12"], ids=["short", "common", "own name"])
def test_a_weak_password_is_told_and_nothing_is_written(password: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        create_practice(CABINET, ANA, password)
    assert caught.value.code == "MOT_DE_PASSE"
    assert not Structure.objects.exists()


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: Etablissement("12", "Cabinet", "SA07"), "STRUCT_IDNAT"),
        (lambda: Etablissement("300000099200016", " ", "SA07"), "STRUCT_NOM"),
        (lambda: Etablissement("300000099200016", "Cabinet", "XX99"), "STRUCT_SECTEUR"),
        (lambda: Titulaire("a", "", "Ana", Role.GESTIONNAIRE), "COMPTE_NOM"),
        (lambda: Titulaire("a", "DURAND", "Ana", Role.MEDECIN), "COMPTE_IDNAT"),
        (lambda: Titulaire("a", "DURAND", "Ana", Role.MEDECIN, "8123"), "PS_IDNAT"),
    ],
    ids=["identifier", "name", "sector", "no name", "carer without identifier", "wrong identifier"],
)
def test_what_cannot_be_is_refused_before_anything_is_written(make, code: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        make()
    assert caught.value.code == code
