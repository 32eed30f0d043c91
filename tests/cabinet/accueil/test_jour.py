"""The day of the practice, and what is done from it."""

from __future__ import annotations

import itertools
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from cabinet.instantanes import sql_snapshot
from cabinet.personnages import Navigateur, make_patient, open_session, reread
from opensegur.cabinet.accueil.etats import GESTES, TRANSITIONS, Etat, TransitionInterdite, check_transition
from opensegur.cabinet.accueil.jour import bounds
from opensegur.cabinet.accueil.models import Venue
from opensegur.cabinet.comptes.models import Compte, Rattachement
from opensegur.cabinet.comptes.roles import Role
from opensegur.cabinet.journal.models import Ligne
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.structures.models import Structure

pytestmark = pytest.mark.django_db(databases=["default", "journal"])


def _venue(patient: Patient, compte: Compte, etat: Etat = Etat.ATTENDU, *, hour: int = 10, days: int = 0) -> Venue:
    debut, _ = bounds(timezone.localdate() + timedelta(days=days))
    return Venue.objects.create(
        structure=patient.structure,
        patient=patient,
        recu_par=compte,
        creee_par=compte,
        nature=Venue.Nature.CONSULTATION,
        motif="Douleur au genou",
        etat=etat,
        prevue_le=debut + timedelta(hours=hour),
    )


def _post(navigateur: Navigateur, venue: Venue, vers: str, *, htmx: bool = False):
    return navigateur.envoyer(reverse("accueil:avancer", args=[venue.pk]), {"vers": vers}, htmx=htmx)


def test_an_empty_day_says_what_to_do(au_comptoir: Navigateur) -> None:
    page = au_comptoir.get("/").text
    assert "Personne n’est noté ce jour-là" in page
    assert "Ajouter une venue" in page


def test_the_day_says_who_comes_for_whom_and_why(au_comptoir: Navigateur, patient: Patient, medecin: Compte) -> None:
    _venue(patient, medecin)
    page = au_comptoir.get("/").text
    for words in ("VALLEE ALICE", "30/11/1982", "Douleur au genou", "Dr Ana DURAND", "Attendus", "provisoire"):
        assert words in page


def test_other_days_and_other_structures_stay_out(
    au_comptoir: Navigateur, patient: Patient, medecin: Compte, officine: Structure, pharmacienne: Compte
) -> None:
    _venue(patient, medecin, days=1)
    _venue(make_patient(officine, pharmacienne), pharmacienne)
    assert "VALLEE" not in au_comptoir.get("/").text
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert "VALLEE" in au_comptoir.get(f"/?jour={tomorrow}").text


@pytest.mark.parametrize("jour", ["hier", "2026-02-31", ""])
def test_a_day_that_does_not_exist_is_today(au_comptoir: Navigateur, jour: str) -> None:
    assert "aujourd’hui" in au_comptoir.get("/", {"jour": jour}).text


@pytest.mark.parametrize(("depuis", "vers"), list(itertools.product(Etat, repeat=2)))
def test_every_pair_of_states(depuis: Etat, vers: Etat) -> None:
    if vers in TRANSITIONS[depuis]:
        check_transition(depuis, vers)
        assert GESTES[depuis, vers]
    else:
        assert (depuis, vers) not in GESTES
        with pytest.raises(TransitionInterdite):
            check_transition(depuis, vers)


def test_a_visit_moves_on_and_keeps_its_moments(au_comptoir: Navigateur, patient: Patient, medecin: Compte) -> None:
    venue = _venue(patient, medecin)
    for etat in (Etat.ARRIVE, Etat.EN_COURS, Etat.PARTI):
        assert _post(au_comptoir, venue, etat).status_code == 302
    found = reread(venue)
    assert found.etat == Etat.PARTI
    assert found.arrivee_le <= found.debut_le <= found.fin_le
    assert Ligne.objects.filter(action="venue.avancer", patient_ref=str(patient.pk)).count() == 3


def test_a_step_back_takes_its_moment_away(au_comptoir: Navigateur, patient: Patient, medecin: Compte) -> None:
    venue = _venue(patient, medecin)
    _post(au_comptoir, venue, Etat.ARRIVE)
    _post(au_comptoir, venue, Etat.ATTENDU)
    assert reread(venue).arrivee_le is None


@pytest.mark.parametrize("vers", ["parti", "n'importe quoi", ""])
def test_an_impossible_step_is_explained(
    au_comptoir: Navigateur, patient: Patient, medecin: Compte, vers: str
) -> None:
    response = _post(au_comptoir, _venue(patient, medecin), vers, htmx=True)
    assert response.status_code == 400
    assert "un collègue l’a sans doute déjà changée" in response.text
    assert "<html" not in response.text


def test_another_structure_visit_does_not_exist(au_comptoir: Navigateur, officine: Structure, pharmacienne) -> None:
    venue = _venue(make_patient(officine, pharmacienne), pharmacienne)
    assert _post(au_comptoir, venue, Etat.ARRIVE).status_code == 404
    assert reread(venue).etat == Etat.ATTENDU


def test_the_fragment_is_the_same_part_of_the_page(
    au_comptoir: Navigateur, patient: Patient, medecin: Compte
) -> None:
    venue = _venue(patient, medecin)
    fragment = _post(au_comptoir, venue, Etat.ARRIVE, htmx=True).text
    assert _without_tokens(fragment).strip() in _without_tokens(au_comptoir.get("/").text)


def test_a_visit_is_added_for_somebody_who_is_there(
    au_comptoir: Navigateur, patient: Patient, medecin: Compte
) -> None:
    url = reverse("accueil:nouvelle", args=[patient.pk])
    page = au_comptoir.get(url).text
    assert "bandeau" in page
    data = {
        "recu_par": str(medecin.pk),
        "nature": "consultation",
        "prevue_le": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "motif": "Fièvre",
        "deja_la": "on",
    }
    assert au_comptoir.envoyer(url, data).status_code == 302
    venue = Venue.objects.get()
    assert (venue.etat, venue.motif, venue.recu_par) == (Etat.ARRIVE, "Fièvre", medecin)
    assert venue.arrivee_le is not None


def test_only_professionals_of_the_structure_receive(
    au_comptoir: Navigateur, patient: Patient, secretaire: Compte, pharmacienne: Compte
) -> None:
    url = reverse("accueil:nouvelle", args=[patient.pk])
    for somebody in (secretaire, pharmacienne):
        data = {"recu_par": str(somebody.pk), "nature": "consultation", "prevue_le": "2026-11-25T10:00"}
        assert au_comptoir.envoyer(url, data).status_code == 422
    assert not Venue.objects.exists()


def test_a_pharmacy_offers_its_own_natures(officine: Structure, pharmacienne: Compte) -> None:
    patient = make_patient(officine, pharmacienne)
    page = open_session(pharmacienne).get(reverse("accueil:nouvelle", args=[patient.pk])).text
    assert "entretien pharmaceutique" in page
    assert "consultation" not in page


def test_the_reason_is_never_in_clear_in_the_database(patient: Patient, medecin: Compte) -> None:
    _venue(patient, medecin)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accueil_venue")
        assert "genou" not in str(cursor.fetchall())


def test_a_manager_does_not_see_patients_and_it_is_written_down(cabinet: Structure, secretaire: Compte) -> None:
    Rattachement.objects.filter(compte=secretaire).update(role=Role.GESTIONNAIRE)
    response = open_session(secretaire).get("/")
    assert response.status_code == 403
    assert "Votre rôle ne permet pas de voir les venues du jour" in response.text
    assert Ligne.objects.get(action="accueil.lire").resultat == "refus:role"


def test_a_full_day_costs_no_more_queries_than_one_visit(
    au_comptoir: Navigateur, cabinet: Structure, secretaire: Compte, medecin: Compte
) -> None:
    for hour, etat in enumerate(Etat, start=8):
        _venue(make_patient(cabinet, secretaire), medecin, etat, hour=hour)
    au_comptoir.get("/aide/")
    with sql_snapshot("jour"):
        assert au_comptoir.get("/").text.count("data-ligne") == len(Etat)


def _without_tokens(html: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", html)
