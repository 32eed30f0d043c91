"""A record that may hold two people: noted as it happens and over the whole base, decided by a person."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.urls import reverse

from cabinet.personnages import TRAITS, Navigateur, make_patient
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.doublons.base_entiere import ask, claim, run
from opensegur.cabinet.doublons.collisions import search_collisions, to_examine, watch_collision
from opensegur.cabinet.doublons.models import Collision
from opensegur.cabinet.journal.models import Ligne
from opensegur.cabinet.patients.correction import changes_between
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.patients.preuves import add_preuve, write_traits
from opensegur.cabinet.structures.models import Structure
from opensegur.ins import STRICT_TRAITS, Nature
from opensegur.ins.testing import ADRUN, TCHITCHI

pytestmark = pytest.mark.django_db(databases=["default", "journal"])

LISTE = reverse("doublons:liste")
_SAID = "Peut-être deux personnes dans un dossier"


def replaced(patient: Patient, auteur: Compte) -> Patient:
    """The record of somebody, in which somebody else was written."""
    other = replace(TRAITS, premier_prenom="YVES", prenoms="YVES", date_naissance="1931-10-02")
    changes = changes_between(patient.traits(), other, STRICT_TRAITS)
    add_preuve(patient, Nature.MODIFICATION_TRAIT_STRICT, auteur, changements=changes)
    write_traits(patient, other)
    return patient


@pytest.fixture
def melange(cabinet: Structure, secretaire: Compte) -> Patient:
    return replaced(make_patient(cabinet, secretaire), secretaire)


def test_writing_somebody_else_over_somebody_is_noted_at_once(au_comptoir: Navigateur, patient: Patient) -> None:
    form = {
        "nom_naissance": patient.nom_naissance,
        "premier_prenom": "Yves",
        "prenoms": "Yves",
        "date_naissance": "02/10/1931",
        "sexe": "M",
    }
    assert _SAID not in au_comptoir.get(LISTE).text
    au_comptoir.envoyer(reverse("patients:modifier", args=[patient.pk]), form)
    assert Collision.objects.get().patient == patient
    page = au_comptoir.get(LISTE).text
    assert _SAID in page
    assert "Une correction a remplacé les traits" in page


def test_a_correction_of_an_error_is_not(au_comptoir: Navigateur, patient: Patient) -> None:
    typed = patient.date_naissance.split("-")
    form = {
        "nom_naissance": f"{patient.nom_naissance}E",
        "premier_prenom": patient.premier_prenom,
        "date_naissance": "/".join(reversed(typed)),
        "sexe": patient.sexe,
    }
    au_comptoir.envoyer(reverse("patients:modifier", args=[patient.pk]), form)
    assert not Collision.objects.exists()


def test_two_matricules_in_a_record_are_found_over_the_whole_base(
    cabinet: Structure, secretaire: Compte, melange: Patient
) -> None:
    double = make_patient(cabinet, secretaire)
    add_preuve(double, Nature.RECUPERATION_INSI, secretaire, matricule=ADRUN.matricule)
    add_preuve(double, Nature.MODIFICATION_TRAIT_STRICT, secretaire)
    add_preuve(double, Nature.RECUPERATION_INSI, secretaire, matricule=TCHITCHI.matricule)
    make_patient(cabinet, secretaire, Nature.RECUPERATION_INSI)
    ask(cabinet, secretaire)
    made = claim()
    assert made is not None
    assert run(made).collisions == 2
    assert {each.patient for each in to_examine(cabinet)} == {melange, double}
    assert Collision.objects.get(patient=double).signes == ["matricules"]


def test_one_person_is_said_once_and_not_asked_again(
    cabinet: Structure, secretaire: Compte, melange: Patient, au_comptoir: Navigateur
) -> None:
    found = watch_collision(melange)
    assert found is not None
    au_comptoir.envoyer(reverse("doublons:une_personne", args=[found.pk]))
    assert _SAID not in au_comptoir.get(LISTE).text
    assert search_collisions(cabinet) == 0
    line = Ligne.objects.filter(action="doublons.une_personne").get()
    assert line.patient_ref == str(melange.pk)
    # another sign asks again
    add_preuve(melange, Nature.RECUPERATION_INSI, secretaire, matricule=ADRUN.matricule)
    add_preuve(melange, Nature.MODIFICATION_TRAIT_STRICT, secretaire)
    add_preuve(melange, Nature.RECUPERATION_INSI, secretaire, matricule=TCHITCHI.matricule)
    assert search_collisions(cabinet) == 1


def test_two_people_takes_the_identity_back_and_leaves_the_list(
    cabinet: Structure, secretaire: Compte, au_comptoir: Navigateur
) -> None:
    patient = make_patient(cabinet, secretaire, Nature.RECUPERATION_INSI)
    replaced(patient, secretaire)
    add_preuve(patient, Nature.RECUPERATION_INSI, secretaire, matricule=ADRUN.matricule)
    assert watch_collision(patient) is not None
    page = au_comptoir.get(LISTE).text
    assert reverse("patients:declasser", args=[patient.pk]) in page
    au_comptoir.envoyer(reverse("patients:declasser", args=[patient.pk]), {"motif": "collision"})
    assert not to_examine(cabinet).exists()


def test_the_collisions_of_another_structure_are_not_shown(
    melange: Patient, officine: Structure, au_comptoir: Navigateur
) -> None:
    found = watch_collision(melange)
    assert found is not None
    Collision.objects.update(structure=officine)
    assert _SAID not in au_comptoir.get(LISTE).text
    assert au_comptoir.envoyer(reverse("doublons:une_personne", args=[found.pk])).status_code == 404
