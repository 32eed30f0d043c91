"""Who acts, and under whose responsibility: both are kept, and a préparateur without a pharmacist is stopped."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cabinet.personnages import Navigateur, make_compte, make_patient, open_session
from opensegur.cabinet.comptes.models import Compte, Rattachement
from opensegur.cabinet.comptes.roles import Role
from opensegur.cabinet.documents.models import Document
from opensegur.cabinet.droits.table import table
from opensegur.cabinet.envois.models import Envoi
from opensegur.cabinet.journal.models import Ligne
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.structures.models import Structure
from opensegur.ins import Nature

pytestmark = pytest.mark.django_db(databases=["default", "journal"])


@pytest.fixture
def preparateur(officine: Structure, pharmacienne: Compte) -> Compte:
    Compte.objects.filter(pk=pharmacienne.pk).update(savoir_faire="A")
    return make_compte(
        "malo", officine, Role.PREPARATEUR, nom="GUEN", prenom="Malo", responsable=pharmacienne,
        id_nat="899700500061", profession="38",
    )  # fmt: skip


@pytest.fixture
def au_comptoir(preparateur: Compte) -> Navigateur:
    return open_session(preparateur)


@pytest.fixture
def client_de_la_halle(officine: Structure, pharmacienne: Compte) -> Patient:
    return make_patient(officine, pharmacienne, Nature.RECUPERATION_INSI, Nature.CONTROLE_REUSSI)


def _drop(navigateur: Navigateur, patient: Patient):
    return navigateur.envoyer(
        reverse("documents:ajouter", args=[patient.pk]),
        {
            "fichier": SimpleUploadedFile("note.txt", b"Bonjour"), "type_code": "11488-4", "titre": "Note",
            "visible_patient": "on", "visible_professionnels": "on", "visible_representants": "on",
            "geste": "envoyer",
        },
    )  # fmt: skip


def test_each_line_of_the_journal_names_the_operator_and_who_answers(
    au_comptoir: Navigateur, client_de_la_halle: Patient, preparateur: Compte, pharmacienne: Compte
) -> None:
    au_comptoir.get(reverse("patients:dossier", args=[client_de_la_halle.pk]))
    au_comptoir.get(reverse("medical:dossier", args=[client_de_la_halle.pk]))
    said = set(Ligne.objects.values_list("acteur", "responsable"))
    assert said == {(preparateur.id_nat, pharmacienne.id_nat)}


def test_what_a_preparateur_sends_goes_in_the_name_of_the_pharmacist_and_keeps_the_operator(
    au_comptoir: Navigateur, client_de_la_halle: Patient, preparateur: Compte, pharmacienne: Compte
) -> None:
    answer = _drop(au_comptoir, client_de_la_halle)
    assert answer.status_code == 302, answer.text
    envoi = Envoi.objects.get()
    assert (Document.objects.get().auteur, envoi.auteur) == (preparateur, preparateur)
    assert json.loads(envoi.parametres)["professionnel"]["id_nat"] == pharmacienne.id_nat
    assert pharmacienne.id_nat.encode() in bytes(envoi.contenu)
    assert preparateur.id_nat.encode() not in bytes(envoi.contenu)
    sent = Ligne.objects.get(action="document.ajouter")
    assert (sent.acteur, sent.responsable) == (preparateur.id_nat, pharmacienne.id_nat)


def _gone(pharmacienne: Compte, preparateur: Compte) -> None:
    Rattachement.objects.filter(compte=pharmacienne).update(actif=False)


def _closed(pharmacienne: Compte, preparateur: Compte) -> None:
    Compte.objects.filter(pk=pharmacienne.pk).update(is_active=False)


def _never_chosen(pharmacienne: Compte, preparateur: Compte) -> None:
    Rattachement.objects.filter(compte=preparateur).update(responsable=None)


def _elsewhere(pharmacienne: Compte, preparateur: Compte) -> None:
    other = Structure.objects.create(id_nat="1189999980", nom="Autre", secteur="SA33")
    Rattachement.objects.filter(compte=pharmacienne).update(structure=other)


@pytest.mark.parametrize(
    "leave", [_gone, _closed, _never_chosen, _elsewhere], ids=lambda leave: leave.__name__.strip("_")
)
def test_without_a_pharmacist_who_answers_what_is_under_responsibility_is_refused(
    au_comptoir: Navigateur,
    client_de_la_halle: Patient,
    preparateur: Compte,
    pharmacienne: Compte,
    leave: Callable[[Compte, Compte], None],
) -> None:
    page = reverse("medical:dossier", args=[client_de_la_halle.pk])
    assert au_comptoir.get(page).status_code == 200
    leave(pharmacienne, preparateur)
    refused = au_comptoir.get(page)
    assert refused.status_code == 403
    assert "il faut un pharmacien responsable" in refused.text
    assert _drop(au_comptoir, client_de_la_halle).status_code == 403
    assert not Document.objects.exists()
    assert Ligne.objects.order_by("-pk")[0].resultat == "refus:responsable"
    assert au_comptoir.get(reverse("patients:recherche")).status_code == 200
    assert "sous la responsabilité d’un pharmacien présent" in au_comptoir.get(reverse("comptes:compte")).text


def test_what_shows_or_moves_health_data_asks_a_preparateur_for_a_pharmacist() -> None:
    asked = {action for action in table().lignes if table().needs_responsible(action, Role.PREPARATEUR)}
    assert asked == {
        "medical.lire", "medical.vacciner", "document.lire", "document.ajouter", "document.remplacer",
        "document.annuler", "document.envoyer", "bannette.lire", "bannette.deposer", "bannette.classer",
        "envois.decider",
    }  # fmt: skip
    assert not any(table().needs_responsible(action, Role.SECRETAIRE) for action in table().lignes)


def test_a_secretary_whose_doctor_left_works_on_and_the_journal_names_nobody_who_is_gone(
    cabinet: Structure, medecin: Compte, secretaire: Compte
) -> None:
    navigateur = open_session(secretaire)
    navigateur.get("/")
    Rattachement.objects.filter(compte=medecin).update(actif=False)
    navigateur.get("/")
    assert [each.responsable for each in Ligne.objects.order_by("pk")] == [medecin.id_nat, ""]


def test_the_administrator_sees_that_nobody_answers_any_more(
    officine: Structure, preparateur: Compte, pharmacienne: Compte
) -> None:
    manager = open_session(make_compte("gaelle", officine, Role.GESTIONNAIRE))
    assert "responsable absent" not in manager.get(reverse("equipe:liste")).text
    Rattachement.objects.filter(compte=pharmacienne).update(actif=False)
    assert "responsable absent" in manager.get(reverse("equipe:liste")).text
