"""Before a record is created, the ones that it might repeat are shown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.urls import reverse

from cabinet.personnages import TRAITS, Navigateur, make_patient
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.patients.selection import look_alikes
from opensegur.cabinet.structures.models import Structure
from opensegur.ins import Sexe, Traits

pytestmark = pytest.mark.django_db(databases=["default", "journal"])

NOUVEAU = reverse("patients:nouveau")
_FORM = {
    "nom_naissance": "Levecque", "premier_prenom": "Alice", "date_naissance": "30/11/1982", "sexe": "F",
    "lieu_naissance": "14127", "geste": "provisoire",
}  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [
        {"nom_naissance": "LEVECQUE"},
        {"nom_naissance": "LEVQEUE", "premier_prenom": "ALIS"},
        {"date_naissance": "1982-11-03"},
        {"nom_naissance": "VALLEE", "nom_utilise": ""},
        {"nom_naissance": "ALICE", "premier_prenom": "LEVEQUE"},
        {"nom_naissance": "DUBOIS", "nom_utilise": ""},
        {"premier_prenom": "COLETTE"},
    ],
    ids=str,
)
@pytest.mark.usefixtures("patient")
def test_a_likeness_is_seen(cabinet: Structure, patient: Patient, changes: dict[str, str]) -> None:
    asked = replace(TRAITS, prenoms="", **changes)
    assert [found.patient for found in look_alikes(cabinet, asked)] == [patient]


@pytest.mark.parametrize(
    "changes",
    [
        {"date_naissance": "1975-06-02"},
        {"premier_prenom": "BOB", "lieu_naissance": "75056"},
        {"nom_naissance": "DUBOIS", "nom_utilise": "", "sexe": Sexe.M},
    ],
    ids=str,
)
@pytest.mark.usefixtures("patient")
def test_somebody_else_is_not(cabinet: Structure, changes: dict[str, str]) -> None:
    assert look_alikes(cabinet, replace(TRAITS, prenoms="", **changes)) == []


@pytest.mark.parametrize("geste", ["provisoire", "insi"])
def test_nothing_is_created_until_somebody_says_that_it_is_another_person(
    au_comptoir: Navigateur, patient: Patient, geste: str
) -> None:
    asked = au_comptoir.envoyer(NOUVEAU, {**_FORM, "geste": geste})
    assert asked.status_code == 422
    assert "Ce n’est pas la même personne" in asked.text
    assert "le nom sonne pareil" in asked.text
    assert reverse("patients:dossier", args=[patient.pk]) in asked.text
    assert Patient.objects.count() == 1


def test_saying_so_creates_it(au_comptoir: Navigateur, patient: Patient) -> None:
    au_comptoir.envoyer(NOUVEAU, {**_FORM, "autre_personne": str(patient.pk)})
    assert Patient.objects.count() == 2


def test_another_likeness_asks_again(
    au_comptoir: Navigateur, patient: Patient, cabinet: Structure, secretaire: Compte
) -> None:
    make_patient(cabinet, secretaire, traits=Traits("LEVEC", "", "ALICE", "1982-11-30", Sexe.F, ""))
    assert au_comptoir.envoyer(NOUVEAU, {**_FORM, "autre_personne": str(patient.pk)}).status_code == 422


def test_an_identity_slave_creates_nobody(au_comptoir: Navigateur, cabinet: Structure) -> None:
    cabinet.esclave = True
    cabinet.save()
    response = au_comptoir.envoyer(NOUVEAU, _FORM)
    assert response.status_code == 400
    assert "référentiel d’identités" in response.text
    assert not Patient.objects.exists()
    assert "Créer un dossier" not in au_comptoir.envoyer(reverse("patients:recherche"), {"nom": "leveque"}).text
