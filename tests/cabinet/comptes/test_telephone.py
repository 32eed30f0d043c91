"""Coming in by the phone: the screen shows two digits and goes nowhere."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from cabinet.personnages import Navigateur
from opensegur.cabinet.comptes import psc
from opensegur.cabinet.comptes.appels import APPELS_ADMIS, DELAI
from opensegur.cabinet.comptes.models import AppelTelephone, Compte, IdentitePsc
from opensegur.cabinet.journal.models import Ligne
from opensegur.cabinet.structures.models import Structure
from opensegur.foundation.ports import FixedClock, SystemClock
from opensegur.psc import PscClient
from opensegur.psc.testing import MEDECIN, POINT, MemoryPsc

pytestmark = pytest.mark.django_db(databases=["default", "journal"])
DEMANDE, ATTENTE = reverse("comptes:telephone"), reverse("comptes:telephone_attendre")
REPONSE, ABANDON = reverse("comptes:telephone_interroger"), reverse("comptes:telephone_abandonner")


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(SystemClock().now())


@pytest.fixture
def fournisseur(monkeypatch: pytest.MonkeyPatch, clock: FixedClock, medecin: Compte, cabinet: Structure) -> MemoryPsc:
    provider = MemoryPsc(clock)
    provider.known = {medecin.id_nat}
    client = PscClient(provider, POINT, clock)
    monkeypatch.setattr(psc, "_point", lambda: POINT)
    monkeypatch.setattr(psc, "_client", lambda _point: client)
    return provider


def identite(medecin: Compte, cabinet: Structure) -> dict[str, Any]:
    exercice = dict(MEDECIN["SubjectRefPro"]["exercices"][0])
    place = {"codeSecteurDactivite": "SA07", "numeroSiretSite": cabinet.id_nat[1:], "raisonSocialeSite": "CABINET"}
    exercice["activities"] = [place]
    return {
        **MEDECIN,
        "SubjectNameID": medecin.id_nat,
        "preferred_username": medecin.id_nat,
        "SubjectRefPro": {"codeCivilite": "MME", "exercices": [exercice]},
    }


def demander(medecin: Compte, **changes: str) -> Navigateur:
    navigateur = Navigateur()
    answer = navigateur.envoyer(DEMANDE, {"numero": medecin.id_nat[1:], "moyen": "MOBILE", **changes})
    assert answer.status_code == 302, answer.content.decode()
    return navigateur


def _let_time_pass(clock: FixedClock, seconds: int = 2) -> None:
    clock.moment += timedelta(seconds=seconds)


def code_of(page: str) -> str:
    found = re.search(r'code-psc" aria-label="Code (\d\d)"', page)
    assert found
    return found[1]


def test_the_digits_of_the_phone_are_on_the_screen_and_acceptance_opens(
    fournisseur: MemoryPsc, clock: FixedClock, medecin: Compte, cabinet: Structure
) -> None:
    navigateur = demander(medecin)
    page = navigateur.get(ATTENTE).content.decode()
    assert code_of(page) == fournisseur.asked["binding_message"]

    assert f"Code {code_of(page)}" in navigateur.envoyer(REPONSE, htmx=True).content.decode()
    fournisseur.accept(identite(medecin, cabinet))
    _let_time_pass(clock)
    opened = navigateur.envoyer(REPONSE, htmx=True)

    assert opened.headers["HX-Redirect"] == "/"
    assert "Pro Santé Connect" in navigateur.get("/").content.decode()
    line = Ligne.objects.get(action="connexion")
    assert (line.acteur, line.objet, line.resultat) == (medecin.id_nat, "Pro Santé Connect MOBILE", "succes")
    assert IdentitePsc.objects.get().compte == medecin
    assert "psc_attente" not in navigateur.session


def test_without_a_script_the_person_says_that_they_have_accepted(
    fournisseur: MemoryPsc, clock: FixedClock, medecin: Compte, cabinet: Structure
) -> None:
    navigateur = demander(medecin)
    fournisseur.accept(identite(medecin, cabinet))
    _let_time_pass(clock)

    assert navigateur.envoyer(REPONSE).headers["Location"] == "/"


@pytest.mark.parametrize(
    ("numero", "attendu"),
    [
        ("", "obligatoire"),
        ("12345", "11 chiffres"),
        ("10003461033", "un chiffre est sans doute faux"),
        ("99700218896", "pas d’e-CPS active"),
    ],
)
def test_a_number_that_leads_nowhere_is_told_at_once(
    fournisseur: MemoryPsc, medecin: Compte, numero: str, attendu: str
) -> None:
    answer = Navigateur().envoyer(DEMANDE, {"numero": numero, "moyen": "MOBILE"})

    assert answer.status_code == 422
    assert attendu in answer.content.decode()


def test_a_refusal_on_the_phone_is_told_and_can_be_begun_again(
    fournisseur: MemoryPsc, clock: FixedClock, medecin: Compte
) -> None:
    navigateur = demander(medecin)
    fournisseur.decline()
    _let_time_pass(clock)

    page = navigateur.envoyer(REPONSE, htmx=True).content.decode()

    assert "refusée ou abandonnée" in page
    assert "Recommencer" in page
    assert Ligne.objects.get(action="connexion").resultat == "PSC_ACCESS_DENIED"
    assert navigateur.get(ATTENTE).headers["Location"] == DEMANDE


def test_a_provider_that_does_not_answer_is_asked_again(
    fournisseur: MemoryPsc, clock: FixedClock, medecin: Compte, cabinet: Structure
) -> None:
    navigateur = demander(medecin)
    fournisseur.accept(identite(medecin, cabinet))
    _let_time_pass(clock)
    fournisseur.cut_next()

    page = navigateur.envoyer(REPONSE, htmx=True).content.decode()
    assert "Nous redemandons" in page
    assert navigateur.envoyer(REPONSE, htmx=True).headers["HX-Redirect"] == "/"


def test_the_time_runs_out(fournisseur: MemoryPsc, clock: FixedClock, medecin: Compte) -> None:
    navigateur = demander(medecin)
    _let_time_pass(clock, 121)

    assert "Le temps pour accepter" in navigateur.envoyer(REPONSE, htmx=True).content.decode()


def test_somebody_whom_nobody_recorded_here_does_not_enter(
    fournisseur: MemoryPsc, clock: FixedClock, medecin: Compte
) -> None:
    fournisseur.known = {MEDECIN["SubjectNameID"]}
    navigateur = Navigateur()
    navigateur.envoyer(DEMANDE, {"numero": MEDECIN["SubjectNameID"], "moyen": "CARD"})
    assert "lecteur de carte" in navigateur.get(ATTENTE).content.decode()
    fournisseur.accept()
    _let_time_pass(clock)

    assert "aucun compte" in navigateur.envoyer(REPONSE, htmx=True).content.decode()
    assert navigateur.get("/").headers["Location"].startswith("/compte/connexion/")


def test_giving_up_forgets_the_demand(
    fournisseur: MemoryPsc, clock: FixedClock, medecin: Compte, cabinet: Structure
) -> None:
    navigateur = demander(medecin)
    navigateur.envoyer(ABANDON)
    fournisseur.accept(identite(medecin, cabinet))
    _let_time_pass(clock)

    assert "Le temps pour accepter" in navigateur.envoyer(REPONSE, htmx=True).content.decode()
    assert navigateur.get("/").status_code == 302


def test_another_browser_does_not_take_the_answer(
    fournisseur: MemoryPsc, clock: FixedClock, medecin: Compte, cabinet: Structure
) -> None:
    demander(medecin)
    fournisseur.accept(identite(medecin, cabinet))
    _let_time_pass(clock)
    thief = Navigateur()
    thief.envoyer(REPONSE, htmx=True)

    assert thief.get("/").status_code == 302


def test_leaving_ends_the_session_at_psc_without_sending_the_browser_there(
    fournisseur: MemoryPsc, clock: FixedClock, medecin: Compte, cabinet: Structure
) -> None:
    navigateur = demander(medecin)
    fournisseur.accept(identite(medecin, cabinet))
    _let_time_pass(clock)
    navigateur.envoyer(REPONSE)

    left = navigateur.envoyer(reverse("comptes:deconnexion"))

    assert left.headers["Location"] == reverse("comptes:connexion")
    assert fournisseur.requests[-1].url.endswith("/logout")


def test_a_phone_is_not_asked_again_and_again(fournisseur: MemoryPsc, medecin: Compte) -> None:
    """From three browsers or one: nobody is worn down until they accept a demand that they did not make."""
    for _ in range(APPELS_ADMIS):
        demander(medecin)
    fournisseur.asked.clear()
    refused = Navigateur().envoyer(DEMANDE, {"numero": medecin.id_nat[1:], "moyen": "MOBILE"})
    assert refused.status_code == 422
    assert "Trop de demandes pour ce numéro" in refused.content.decode()
    assert not fournisseur.asked
    assert Ligne.objects.filter(resultat="CONNEXION_APPELS").exists()
    AppelTelephone.objects.update(le=timezone.now() - DELAI - timedelta(seconds=1))
    demander(medecin)


def test_coming_in_starts_the_count_again(
    fournisseur: MemoryPsc, clock: FixedClock, medecin: Compte, cabinet: Structure
) -> None:
    for _ in range(APPELS_ADMIS - 1):
        demander(medecin)
    navigateur = demander(medecin)
    fournisseur.accept(identite(medecin, cabinet))
    _let_time_pass(clock)
    assert navigateur.envoyer(REPONSE, htmx=True).headers["HX-Redirect"] == "/"
    demander(medecin)
