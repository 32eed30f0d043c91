"""The demonstration's practice."""

from __future__ import annotations

from collections import Counter

import pytest

from cabinet.personnages import Navigateur
from opensegur.cabinet import demo
from opensegur.cabinet.accueil.models import Venue
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.demo_patients import PATIENTS
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.structures.models import Structure
from opensegur.ins import Matricule, Statut

pytestmark = pytest.mark.django_db(databases=["default", "journal"])


def test_loading_twice_brings_nothing_twice() -> None:
    demo.load()
    before = [model.objects.count() for model in (Structure, Compte, Patient, Venue)]
    demo.load()
    assert [model.objects.count() for model in (Structure, Compte, Patient, Venue)] == before


def test_every_status_is_there_and_the_day_is_full() -> None:
    demo.load()
    cabinet = Structure.objects.get(secteur="SA07")
    statuts = Counter(patient.statut for patient in cabinet.patients.all())
    assert set(statuts) == set(Statut)
    assert sum(statuts.values()) >= 25
    assert cabinet.venues.count() == 12


def test_every_account_that_is_printed_opens() -> None:
    for acces in demo.load():
        navigateur = Navigateur()
        data = {"identifiant": acces.identifiant, "mot_de_passe": acces.mot_de_passe}
        assert navigateur.envoyer("/compte/connexion/", data).url == "/"
        assert "Personne n’est noté" not in navigateur.get("/").text


@pytest.mark.parametrize("person", [each for each in PATIENTS if each.matricule], ids=lambda each: each.matricule)
def test_matricules_are_of_test_and_their_keys_hold(person) -> None:
    matricule = Matricule(person.matricule, person.oid)
    assert matricule.key_is_valid
    assert not matricule.is_production
