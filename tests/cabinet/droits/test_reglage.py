"""Adjusting rights: on the screen, at once, within the limits, for one's own structure, and back."""

from __future__ import annotations

import pytest
from django.urls import reverse

from cabinet.personnages import Navigateur, make_compte, open_session
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.comptes.roles import Role
from opensegur.cabinet.droits.models import Ajustement
from opensegur.cabinet.journal.models import Ligne
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.structures.models import Structure

pytestmark = pytest.mark.django_db(databases=["default", "journal"])

TABLEAU, REGLER = reverse("droits:tableau"), reverse("droits:regler")


@pytest.fixture
def gestionnaire(cabinet: Structure) -> Navigateur:
    return open_session(make_compte("gaelle", cabinet, Role.GESTIONNAIRE, nom="HOAREAU", prenom="Gaëlle"))


def test_a_right_is_withdrawn_from_a_session_that_is_open(
    gestionnaire: Navigateur, au_comptoir: Navigateur, patient: Patient
) -> None:
    page = reverse("patients:modifier", args=[patient.pk])
    assert au_comptoir.get(page).status_code == 200
    gestionnaire.envoyer(REGLER, {"case": "dossier.modifier:secretaire:non"})
    refused = au_comptoir.get(page)
    assert refused.status_code == 403
    assert "médecin" in refused.text
    assert "secrétaire" not in refused.text


def test_a_right_is_granted_to_a_session_that_is_open(
    gestionnaire: Navigateur, au_comptoir: Navigateur, patient: Patient
) -> None:
    page = reverse("medical:dossier", args=[patient.pk])
    assert au_comptoir.get(page).status_code == 403
    gestionnaire.envoyer(REGLER, {"case": "medical.lire:secretaire:oui"})
    assert au_comptoir.get(page).status_code == 200


def test_the_screen_says_what_was_changed_by_whom_and_when_and_the_journal_keeps_it(gestionnaire: Navigateur) -> None:
    assert "Rien : chacun a les droits de la table" in gestionnaire.get(TABLEAU).text
    gestionnaire.envoyer(REGLER, {"case": "document.envoyer:secretaire:non"})
    page = gestionnaire.get(TABLEAU).text
    assert "Secrétaire</strong> ne peut plus envoyer un document au DMP" in page
    assert "Gaëlle HOAREAU, le " in page
    line = Ligne.objects.get(action="droits.regler")
    assert (line.acteur, line.objet, line.resultat) == ("gaelle", "document.envoyer, secretaire : retiré", "succes")


def test_the_whole_table_is_shown(gestionnaire: Navigateur) -> None:
    page = gestionnaire.get(TABLEAU).text
    for said in ("Ouvrir un dossier", "Biologiste", "Support technique", "Référent d’identité", "jamais"):
        assert said in page


def test_one_right_then_all_go_back_to_the_table(gestionnaire: Navigateur, cabinet: Structure) -> None:
    for case in ("document.envoyer:secretaire:non", "medical.lire:secretaire:oui", "journal.lire:medecin:non"):
        gestionnaire.envoyer(REGLER, {"case": case})
    gestionnaire.envoyer(REGLER, {"case": "document.envoyer:secretaire:oui"})
    assert Ajustement.objects.filter(structure=cabinet).count() == 2
    gestionnaire.envoyer(REGLER, {"geste": "defaut"})
    assert not Ajustement.objects.exists()
    assert Ligne.objects.filter(objet="2 droits remis comme dans la table").exists()


@pytest.mark.parametrize(
    ("case", "code"),
    [
        ("medical.lire:gestionnaire:oui", "DROIT_LIMITE"),
        ("dossier.lire:medecin:non", "DROIT_LIMITE"),
        ("droits.regler:secretaire:oui", "DROIT_LIMITE"),
        ("inconnue:medecin:oui", "DROIT_INCONNU"),
        ("dossier.lire:inconnu:oui", "DROIT_INCONNU"),
        ("", "DROIT_INCONNU"),
    ],
    ids=["never", "always", "to administer", "unknown right", "unknown role", "nothing"],
)
def test_beyond_the_limits_nothing_is_adjusted(gestionnaire: Navigateur, case: str, code: str) -> None:
    answer = gestionnaire.envoyer(REGLER, {"case": case})
    assert code in answer.text
    assert not Ajustement.objects.exists()


def test_a_structure_adjusts_its_own_rights_only(
    gestionnaire: Navigateur, pharmacienne: Compte, officine: Structure
) -> None:
    gestionnaire.envoyer(REGLER, {"case": "ecrit.rediger:pharmacien:non"})
    assert not Ajustement.objects.filter(structure=officine).exists()
    assert open_session(pharmacienne).get(reverse("gabarits:liste")).status_code == 200


def test_a_doctor_administers_when_charged_with_it(medecin: Compte, au_bureau: Navigateur) -> None:
    assert au_bureau.get(TABLEAU).status_code == 403
    medecin.rattachements.update(administrateur=True)
    assert au_bureau.get(TABLEAU).status_code == 200
    assert au_bureau.envoyer(REGLER, {"case": "medical.lire:secretaire:oui"}, htmx=True).status_code == 200


def test_the_support_comes_in_to_the_diagnostic_and_to_no_patient(cabinet: Structure) -> None:
    navigateur = open_session(make_compte("tech", cabinet, Role.SUPPORT))
    assert navigateur.get("/compte/connexion/").url == reverse("diagnostic:page")
    menu = navigateur.get(reverse("diagnostic:page")).text
    assert "Patients" not in menu
    assert navigateur.get(reverse("patients:recherche")).status_code == 403
