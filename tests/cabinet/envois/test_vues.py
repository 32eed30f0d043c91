"""The worklist: what to do first, what waits, what was delivered; and the two decisions of a person."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from cabinet.envois.preparation import make_envoi
from cabinet.personnages import Navigateur, make_patient
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.envois.etats import Etat
from opensegur.cabinet.envois.models import Envoi, Tache, Tentative
from opensegur.cabinet.journal.models import Ligne
from opensegur.cabinet.patients.models import Patient

pytestmark = pytest.mark.django_db(databases=["default", "journal"])


def _groups(page: str) -> dict[str, str]:
    """The sections of the worklist by title."""
    return {
        title.strip(): section
        for title, section in re.findall(r"<h2>([^<]+)<span.*?</h2>(.*?)</section>", page, re.DOTALL)
    }


def _refused(patient: Patient, compte: Compte) -> Envoi:
    envoi = make_envoi(
        patient,
        compte,
        etat=Etat.REFUSE,
        essais=1,
        code="DMP_TYPE",
        message="Le DMP refuse ce type.",
        conseil="Choisissez un autre type.",
        termine_le=timezone.now(),
    )
    Tentative.objects.create(
        envoi=envoi,
        numero=1,
        ouvrier="o",
        debut=timezone.now(),
        fin=timezone.now(),
        resultat="refuse",
        code="DMP_TYPE",
    )
    Tache.objects.create(
        structure=patient.structure, patient=patient, envoi=envoi, code="DMP_TYPE", motif="Le DMP refuse ce type."
    )
    return envoi


@pytest.fixture
def refuse(patient: Patient, medecin: Compte) -> Envoi:
    return _refused(patient, medecin)


def test_an_empty_list_says_what_will_come(au_comptoir: Navigateur) -> None:
    page = au_comptoir.get(reverse("envois:liste")).text
    assert "Aucun envoi" in page
    assert _groups(page) == {}


def test_each_delivery_is_where_its_state_puts_it(au_comptoir: Navigateur, patient: Patient, medecin: Compte) -> None:
    for etat in Etat:
        make_envoi(patient, medecin, etat=etat, libelle=f"Lettre {etat.value}")
    groups = _groups(au_comptoir.get(reverse("envois:liste")).text)
    found = {title: set(re.findall(r"Lettre (\w+)", section)) for title, section in groups.items()}
    assert found == {
        "À traiter": {"refuse"},
        "En attente": {"en_file", "en_cours", "attend_porteur"},
        "Terminés": {"depose", "abandonne"},
    }


def test_what_to_do_comes_first_with_its_reason(
    au_comptoir: Navigateur, patient: Patient, medecin: Compte, refuse: Envoi
) -> None:
    make_envoi(patient, medecin)
    page = au_comptoir.get(reverse("envois:liste")).text
    assert page.index("À traiter") < page.index("En attente")
    for words in ("Le DMP refuse ce type.", "Choisissez un autre type.", "VALLEE ALICE", "Dr Ana DURAND"):
        assert words in page


def test_another_structure_has_a_list_of_its_own(au_comptoir: Navigateur, officine, pharmacienne: Compte) -> None:
    envoi = _refused(make_patient(officine, pharmacienne), pharmacienne)
    assert "Aucun envoi" in au_comptoir.get(reverse("envois:liste")).text
    assert au_comptoir.get(reverse("envois:detail", args=[envoi.pk])).status_code == 404
    for decision in ("relancer", "abandonner"):
        assert au_comptoir.envoyer(reverse(f"envois:{decision}", args=[envoi.pk])).status_code == 404
    assert Envoi.objects.get().etat == Etat.REFUSE


def test_a_long_list_of_the_delivered_comes_in_pages(
    au_comptoir: Navigateur, patient: Patient, medecin: Compte
) -> None:
    for number in range(51):
        make_envoi(patient, medecin, etat=Etat.DEPOSE, libelle=f"Lettre n{number}")
    first, second = (
        set(re.findall(r"Lettre (n\d+)", au_comptoir.get(reverse("envois:liste"), {"page": page}).text))
        for page in (1, 2)
    )
    assert (len(first), len(second), len(first | second)) == (50, 1, 51)


def test_the_detail_tells_the_attempts_and_the_reason(au_comptoir: Navigateur, refuse: Envoi) -> None:
    page = au_comptoir.get(reverse("envois:detail", args=[refuse.pk])).text
    for words in ("Le DMP refuse ce type.", "Choisissez un autre type.", "DMP_TYPE", "refusé", "Envoyer de nouveau"):
        assert words in page
    line = Ligne.objects.get(action="envois.lire")
    assert (line.patient_ref, line.objet) == (str(refuse.patient_id), f"envoi {refuse.pk}")


@pytest.mark.parametrize(
    ("etat", "asks"),
    [(etat, etat in {Etat.REFUSE, Etat.ATTEND_PORTEUR}) for etat in Etat],
    ids=[str(etat) for etat in Etat],
)
def test_a_decision_is_offered_only_when_there_is_one(
    au_comptoir: Navigateur, patient: Patient, medecin: Compte, etat: Etat, asks: bool
) -> None:
    envoi = make_envoi(patient, medecin, etat=etat)
    page = au_comptoir.get(reverse("envois:detail", args=[envoi.pk])).text
    assert ("Envoyer de nouveau" in page) is asks
    assert ("Abandonner cet envoi" in page) is asks


def test_a_waiting_delivery_says_when_it_will_be_tried(
    au_comptoir: Navigateur, patient: Patient, medecin: Compte
) -> None:
    envoi = make_envoi(patient, medecin, essais=2, message="Le DMP ne répond pas.", code="TRANSPORT")
    page = au_comptoir.get(reverse("envois:detail", args=[envoi.pk])).text
    assert "Prochain essai le" in page
    assert "avis-attention" in page
    assert "avis-erreur" not in page


def test_sending_again_puts_it_back_in_the_queue_and_closes_the_task(
    au_comptoir: Navigateur, refuse: Envoi, secretaire: Compte
) -> None:
    address = reverse("envois:relancer", args=[refuse.pk])
    assert au_comptoir.get(address).status_code == 405
    answer = au_comptoir.envoyer(address)
    page = au_comptoir.get(answer.headers["Location"]).text
    assert "de nouveau en file" in page
    assert "Le DMP refuse ce type." not in page
    assert Envoi.objects.get().etat == Etat.EN_FILE
    assert Tache.objects.get().close_par == secretaire
    assert Ligne.objects.filter(action="envois.decider", acteur="sam", objet=f"envoi {refuse.pk}").count() == 1


def test_giving_up_keeps_the_document_and_says_so(au_comptoir: Navigateur, refuse: Envoi) -> None:
    answer = au_comptoir.envoyer(reverse("envois:abandonner", args=[refuse.pk]))
    assert "Le document reste dans le dossier" in au_comptoir.get(answer.headers["Location"]).text
    assert Envoi.objects.get().etat == Etat.ABANDONNE


@pytest.mark.parametrize("decision", ["relancer", "abandonner"])
def test_a_decision_that_comes_too_late_is_explained(au_comptoir: Navigateur, refuse: Envoi, decision: str) -> None:
    Envoi.objects.update(etat=Etat.DEPOSE)
    answer = au_comptoir.envoyer(reverse(f"envois:{decision}", args=[refuse.pk]))
    assert answer.status_code == 400
    assert "Un envoi « déposé » ne peut pas devenir" in answer.text
    assert "Rechargez la page" in answer.text
    assert Envoi.objects.get().etat == Etat.DEPOSE
    assert Ligne.objects.filter(action="envois.decider").get().resultat == "ENVOI_ETAT"
