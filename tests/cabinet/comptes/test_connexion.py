"""Coming in with a local account, staying, and leaving."""

from __future__ import annotations

import math
from datetime import timedelta

import pytest
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.urls import reverse
from django.utils import timezone

from cabinet.personnages import MOT_DE_PASSE, Navigateur, make_compte, open_session, reread
from opensegur.cabinet.comptes.connexion import ECHECS_ADMIS
from opensegur.cabinet.comptes.models import Compte, PosteConnu, Rattachement
from opensegur.cabinet.comptes.roles import Role
from opensegur.cabinet.journal.models import Ligne
from opensegur.cabinet.structures.models import Structure

pytestmark = pytest.mark.django_db(databases=["default", "journal"])

ENTREE = reverse("comptes:connexion")


def _enter(navigateur: Navigateur, identifiant: str, mot_de_passe: str = MOT_DE_PASSE):
    return navigateur.envoyer(ENTREE, {"identifiant": identifiant, "mot_de_passe": mot_de_passe})


def test_the_right_password_opens_the_day(secretaire: Compte) -> None:
    response = _enter(Navigateur(), " SAM ")
    assert response.status_code == 302
    assert response.url == reverse("accueil:jour")


def test_the_login_is_written_down_with_its_means(secretaire: Compte, cabinet: Structure) -> None:
    _enter(Navigateur(), "sam")
    line = Ligne.objects.get(action="connexion")
    assert (line.acteur, line.structure_ref, line.objet) == ("sam", str(cabinet.pk), "compte local")


@pytest.mark.parametrize(("identifiant", "mot_de_passe"), [("sam", "faux"), ("personne", MOT_DE_PASSE)])
def test_a_failure_does_not_say_which_half_is_wrong(secretaire: Compte, identifiant: str, mot_de_passe: str) -> None:
    response = _enter(Navigateur(), identifiant, mot_de_passe)
    assert response.status_code == 422
    assert "L’identifiant ou le mot de passe n’est pas bon." in response.text
    assert mot_de_passe not in response.text
    assert Ligne.objects.get(action="connexion").resultat == "CONNEXION_ECHEC"


def test_too_many_failures_pause_the_account_even_for_the_right_password(secretaire: Compte) -> None:
    navigateur = Navigateur()
    for _ in range(ECHECS_ADMIS):
        _enter(navigateur, "sam", "faux")
    assert "en pause" in _enter(navigateur, "sam").text
    Compte.objects.filter(pk=secretaire.pk).update(bloque_jusqu_a=timezone.now() - timedelta(seconds=1))
    assert _enter(navigateur, "sam").status_code == 302


def test_a_success_forgets_the_failures(secretaire: Compte) -> None:
    navigateur = Navigateur()
    _enter(navigateur, "sam", "faux")
    _enter(navigateur, "sam")
    assert reread(secretaire).echecs == 0


def test_an_account_that_was_closed_does_not_open(secretaire: Compte) -> None:
    Compte.objects.filter(pk=secretaire.pk).update(is_active=False)
    assert _enter(Navigateur(), "sam").status_code == 422


def test_the_page_that_was_asked_for_comes_back_after_the_login(secretaire: Compte) -> None:
    navigateur = Navigateur()
    assert navigateur.get("/patients/").url == ENTREE
    assert _enter(navigateur, "sam").url == "/patients/"


def test_the_login_never_leads_to_another_site(secretaire: Compte) -> None:
    navigateur = Navigateur()
    navigateur.get("//ailleurs.exemple/")
    assert _enter(navigateur, "sam").url in {"/", reverse("accueil:jour")}


@pytest.mark.parametrize(("idle", "age", "alive"), [(29, 29, True), (31, 31, False), (1, 239, True), (1, 241, False)])
def test_a_session_ends_after_thirty_idle_minutes_or_four_hours(
    secretaire: Compte, idle: int, age: int, alive: bool
) -> None:
    navigateur = open_session(secretaire)
    session = navigateur.session
    session["debut"] = (timezone.now() - timedelta(minutes=age)).isoformat()
    session["vu"] = (timezone.now() - timedelta(minutes=idle)).isoformat()
    session.save()
    assert navigateur.get("/").status_code == (200 if alive else 302)
    if not alive:
        assert Ligne.objects.get(action="deconnexion").motif == "limite de session"
        assert "Votre session s’est fermée" in navigateur.get(ENTREE).text


def test_leaving_is_written_down_and_closes_the_door(au_comptoir: Navigateur) -> None:
    assert au_comptoir.envoyer(reverse("comptes:deconnexion")).url == ENTREE
    assert Ligne.objects.filter(action="deconnexion").count() == 1
    assert au_comptoir.get("/").status_code == 302


def test_a_place_taken_away_closes_the_session_at_once(au_comptoir: Navigateur, secretaire: Compte) -> None:
    assert au_comptoir.get("/").status_code == 200
    Rattachement.objects.filter(compte=secretaire).update(actif=False)
    assert au_comptoir.get("/").status_code == 302


def test_whoever_works_in_two_structures_chooses(cabinet: Structure, officine: Structure) -> None:
    compte = make_compte("deux", cabinet, Role.GESTIONNAIRE)
    place = Rattachement.objects.create(compte=compte, structure=officine, role=Role.PREPARATEUR)
    navigateur = Navigateur()
    assert _enter(navigateur, "deux").url == reverse("comptes:structure")
    assert "Pharmacie de la Halle" in navigateur.get(reverse("comptes:structure")).text
    assert navigateur.envoyer(reverse("comptes:structure"), {"situation": str(place.pk)}).url == "/"
    assert "Pharmacie de la Halle" in navigateur.get("/compte/").text


def test_whoever_works_nowhere_is_told_so(db: None) -> None:
    make_compte("nulle-part", None, Role.SECRETAIRE)
    navigateur = Navigateur()
    _enter(navigateur, "nulle-part")
    assert "rattaché à aucune structure" in navigateur.get(reverse("comptes:structure")).text


def test_a_local_account_is_told_what_it_does_not_open(au_comptoir: Navigateur) -> None:
    page = au_comptoir.get("/compte/").text
    assert "Un compte local n’ouvre rien au dehors." in page
    assert "Sous la responsabilité de" in page
    assert "Dr Ana DURAND" in page


def test_nobody_shuts_an_account_from_elsewhere(secretaire: Compte) -> None:
    own, stranger = Navigateur(), Navigateur()
    _enter(own, "sam")
    own.envoyer(reverse("comptes:deconnexion"))
    for _ in range(ECHECS_ADMIS):
        _enter(stranger, "sam", "faux")

    assert "en pause" in _enter(stranger, "sam").text
    assert "en pause" in _enter(Navigateur(), "sam").text
    assert _enter(own, "sam").status_code == 302


def test_ones_own_machine_is_paused_by_its_own_failures(secretaire: Compte) -> None:
    own = Navigateur()
    _enter(own, "sam")
    own.envoyer(reverse("comptes:deconnexion"))
    for _ in range(ECHECS_ADMIS):
        _enter(own, "sam", "faux")

    assert "en pause" in _enter(own, "sam").text
    assert _enter(Navigateur(), "sam").status_code == 302


def test_the_token_of_a_machine_is_not_readable_and_is_not_in_the_database(secretaire: Compte) -> None:
    own = Navigateur()
    _enter(own, "sam")

    cookie = own.cookies["opensegur_poste"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", ENTREE)
    assert PosteConnu.objects.get().empreinte != cookie.value


def test_a_counter_that_several_people_share_counts_for_each(secretaire: Compte, medecin: Compte) -> None:
    shared = Navigateur()
    for each in ("sam", medecin.identifiant):
        _enter(shared, each)
        shared.envoyer(reverse("comptes:deconnexion"))
    for _ in range(ECHECS_ADMIS):
        _enter(shared, "sam", "faux")

    assert "en pause" in _enter(shared, "sam").text
    assert _enter(shared, medecin.identifiant).status_code == 302


def test_closing_an_account_ends_its_sessions(au_comptoir: Navigateur, secretaire: Compte) -> None:
    assert au_comptoir.get("/").status_code == 200
    Compte.objects.filter(pk=secretaire.pk).update(is_active=False)
    assert au_comptoir.get("/").url == ENTREE


def test_coming_in_gives_the_session_a_key_that_nobody_knew(secretaire: Compte) -> None:
    navigateur = Navigateur()
    navigateur.get("/patients/")
    before = navigateur.session.session_key
    _enter(navigateur, "sam")
    after = navigateur.session.session_key
    assert before
    assert after != before
    assert not navigateur.session.exists(before)
    assert len(after) * math.log2(len(VALID_KEY_CHARS)) > 128


def test_a_session_that_was_left_opens_nothing_any_more(au_comptoir: Navigateur) -> None:
    stolen = au_comptoir.cookies["opensegur_session"].value
    au_comptoir.envoyer(reverse("comptes:deconnexion"))
    thief = Navigateur()
    thief.cookies["opensegur_session"] = stolen
    assert thief.get("/").url == ENTREE


def test_leaving_empties_what_the_browser_had_noted(au_comptoir: Navigateur) -> None:
    assert au_comptoir.envoyer(reverse("comptes:deconnexion")).headers["Clear-Site-Data"] == '"storage"'


def test_what_is_said_to_somebody_stays_on_the_server(au_comptoir: Navigateur) -> None:
    nouveau = "trois-tortues-lentes"
    change = {"actuel": MOT_DE_PASSE, "nouveau": nouveau, "encore": nouveau}
    au_comptoir.envoyer(reverse("comptes:mot_de_passe"), change)
    assert set(au_comptoir.cookies) <= {"opensegur_session", "opensegur_csrf", "opensegur_comptoir"}
    assert "est changé" in au_comptoir.get("/compte/").text


def test_every_page_of_work_shows_the_way_out(au_comptoir: Navigateur) -> None:
    for page in ("/", "/patients/", "/compte/", "/aide/", "/journal/"):
        assert f'action="{reverse("comptes:deconnexion")}"' in au_comptoir.get(page).text


def test_a_new_installation_has_no_account_to_guess(db: None) -> None:
    assert not Compte.objects.exists()
