"""What has had its time goes by itself, and the sheet of the register says what is kept, and for how long."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from cabinet.personnages import make_compte, make_patient, open_session
from opensegur.cabinet.comptes.models import AppelTelephone, Compte, PosteConnu
from opensegur.cabinet.comptes.roles import Role
from opensegur.cabinet.conservation.etat import records_past_their_time
from opensegur.cabinet.conservation.menage import _MENAGES, forget
from opensegur.cabinet.conservation.models import Fiche
from opensegur.cabinet.conservation.regles import REGLES, Fin
from opensegur.cabinet.equipe.models import Invitation
from opensegur.cabinet.journal.models import Ligne
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.structures.models import Structure

pytestmark = pytest.mark.django_db(databases=["default", "journal"])
REGISTRE, COMPLETER = reverse("conservation:registre"), reverse("conservation:completer")


@pytest.fixture
def gestionnaire(cabinet: Structure) -> Compte:
    return make_compte("gaelle", cabinet, Role.GESTIONNAIRE, nom="HOAREAU", prenom="Gaëlle")


def test_every_rule_that_ends_by_itself_has_its_broom() -> None:
    assert {each.donnee for each in REGLES if each.fin is Fin.SEUL} == set(_MENAGES)


def test_what_is_past_its_time_goes_and_the_rest_stays(secretaire: Compte) -> None:
    now = timezone.now()
    for days in (2, 0):
        AppelTelephone.objects.create(id_nat="899700000000", le=now - timedelta(days=days))
        Session.objects.create(session_key=f"cle{days}", session_data="x", expire_date=now + timedelta(days=1 - days))
    for days in (181, 179):
        PosteConnu.objects.create(compte=secretaire, empreinte=str(days), vu_le=now - timedelta(days=days))
    gone = forget(now)
    assert gone["Demande envoyée à un téléphone"] == 1
    assert gone["Navigateur reconnu d’une personne"] == 1
    assert gone["Session"] == 1
    assert AppelTelephone.objects.count() == PosteConnu.objects.count() == Session.objects.count() == 1
    assert set(forget(now).values()) == {0}


def test_a_code_that_was_never_used_goes_a_month_after_its_end(secretaire: Compte, cabinet: Structure) -> None:
    now = timezone.now()
    for days in (31, 29):
        Invitation.objects.create(
            compte=secretaire,
            structure=cabinet,
            empreinte=str(days),
            cree_par=secretaire,
            cree_le=now - timedelta(days=days + 1),
            expire_le=now - timedelta(days=days),
        )
    assert forget(now)["Code d’ouverture de compte, servi ou passé"] == 1


def test_a_record_that_nothing_has_touched_for_twenty_years_is_told(cabinet: Structure, medecin: Compte) -> None:
    patient = make_patient(cabinet, medecin)
    now = timezone.now()
    assert records_past_their_time(cabinet, now) == 0
    Patient.objects.filter(pk=patient.pk).update(cree_le=now - timedelta(days=21 * 366))
    assert records_past_their_time(cabinet, now) == 1


def test_the_sheet_says_what_is_kept_and_what_is_measured(gestionnaire: Compte) -> None:
    page = open_session(gestionnaire).get(REGISTRE).content.decode()
    for rule in REGLES:
        assert rule.donnee in page
    assert "clé d’accès) : 0 sur 1" in page
    assert "à compléter" in page


def test_who_answers_for_it_completes_the_sheet_and_nobody_else(gestionnaire: Compte, secretaire: Compte) -> None:
    told = {"responsable": "Dr Solène Aubert", "delegue": "", "contact": "dpo@tilleuls.example", "sous_traitants": ""}
    assert open_session(secretaire).envoyer(COMPLETER, told).status_code == 403
    assert not Fiche.objects.exists()
    browser = open_session(gestionnaire)
    assert browser.envoyer(COMPLETER, told).url == REGISTRE
    page = browser.get(REGISTRE).content.decode()
    assert "Dr Solène Aubert" in page
    assert Ligne.objects.filter(action="conservation.regler", acteur="gaelle", resultat="succes").exists()
