"""A screen is locked; its person opens it again, or somebody else takes the counter, and each finds their own page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cabinet.comptes.authentificateur import Appareil
from cabinet.personnages import MOT_DE_PASSE, Navigateur, open_session
from opensegur.cabinet.comptes.connexion import ECHECS_ADMIS
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.comptes.session import VERROU
from opensegur.cabinet.comptes.verrou import COMPTOIR
from opensegur.cabinet.journal.models import Ligne

pytestmark = pytest.mark.django_db(databases=["default", "journal"])

FERMER, OUVRIR, PAGE = reverse("comptes:verrou_fermer"), reverse("comptes:verrou_ouvrir"), reverse("comptes:verrou")
ACCUEIL, RECHERCHE, ENTREE = reverse("accueil:jour"), reverse("patients:recherche"), reverse("comptes:connexion")


def enter(navigateur: Navigateur, identifiant: str):
    return navigateur.envoyer(ENTREE, {"identifiant": identifiant, "mot_de_passe": MOT_DE_PASSE})


def lock(navigateur: Navigateur, page: str = RECHERCHE) -> list[dict[str, str]]:
    """As the page's script does; gives who else shares the screen."""
    answer = navigateur.post(
        FERMER,
        {"page": page},
        headers={"Accept": "application/json", "X-CSRFToken": navigateur.cookies["opensegur_csrf"].value},
    )
    assert answer.status_code == 200
    return answer.json()["autres"]


def unlock(navigateur: Navigateur, password: str = MOT_DE_PASSE, place: str = ""):
    return navigateur.envoyer(OUVRIR, {"actuel": password, "place": place})


@pytest.fixture
def comptoir(secretaire: Compte, medecin: Compte) -> Navigateur:
    """The secretary is at work; the doctor came in before, and waits."""
    navigateur = Navigateur()
    enter(navigateur, medecin.identifiant)
    lock(navigateur, reverse("journal:liste"))
    enter(navigateur, "sam")
    return navigateur


def test_a_locked_screen_opens_nothing(secretaire: Compte) -> None:
    navigateur = open_session(secretaire)
    navigateur.get(ACCUEIL)
    lock(navigateur)
    answer = navigateur.get(ACCUEIL)
    assert (answer.status_code, answer.url) == (302, PAGE)
    assert navigateur.get(ACCUEIL, headers={"Sec-Fetch-Dest": "empty"}).status_code == 423
    assert navigateur.envoyer(reverse("comptes:structure"), {"situation": "1"}).url == ENTREE
    assert "Sam PETIT" in navigateur.get(PAGE).content.decode()


def test_its_person_opens_it_where_it_was(secretaire: Compte) -> None:
    navigateur = open_session(secretaire)
    navigateur.get(ACCUEIL)
    lock(navigateur)
    assert unlock(navigateur).url == RECHERCHE
    assert navigateur.get(ACCUEIL).status_code == 200
    said = Ligne.objects.filter(action="compte.verrou", acteur="sam").order_by("pk").values_list("objet", flat=True)
    assert list(said) == ["verrouillé", "rouvert"]


def test_a_page_that_ends_after_the_lock_does_not_undo_it(
    secretaire: Compte, monkeypatch: pytest.MonkeyPatch
) -> None:
    navigateur = open_session(secretaire)
    session = navigateur.session
    session["vu"] = (timezone.now() - timedelta(minutes=2)).isoformat()
    session.save()

    def locked_by_another_tab(qui: object) -> list[object]:
        other = navigateur.session
        other[VERROU] = True
        other.save()
        return []

    monkeypatch.setattr("opensegur.cabinet.comptes.vues.permis_of", locked_by_another_tab)
    assert navigateur.get(reverse("comptes:compte")).status_code == 200
    assert navigateur.get(ACCUEIL).url == PAGE


def test_a_session_that_is_opened_again_has_another_key(comptoir: Navigateur, medecin: Compte) -> None:
    before = comptoir.session.session_key
    lock(comptoir)
    unlock(comptoir)
    assert comptoir.session.session_key != before
    assert not comptoir.session.exists(before)
    others = lock(comptoir)
    unlock(comptoir, place=others[0]["reference"])
    back = lock(comptoir)
    assert [each["nom"] for each in back] == ["Sam PETIT"]


def test_a_new_password_does_not_lose_ones_place_at_the_counter(comptoir: Navigateur, medecin: Compte) -> None:
    nouveau = "trois-tortues-lentes"
    change = {"actuel": MOT_DE_PASSE, "nouveau": nouveau, "encore": nouveau}
    assert comptoir.envoyer(reverse("comptes:mot_de_passe"), change).status_code == 302
    others = lock(comptoir)
    unlock(comptoir, place=others[0]["reference"])
    assert [each["nom"] for each in lock(comptoir)] == ["Sam PETIT"]


def test_a_script_gets_a_fresh_token_and_keeps_its_page(secretaire: Compte) -> None:
    navigateur = open_session(secretaire)
    navigateur.get(ACCUEIL)
    lock(navigateur)
    token = navigateur.cookies["opensegur_csrf"].value
    answer = navigateur.post(
        OUVRIR, {"actuel": MOT_DE_PASSE}, headers={"Accept": "application/json", "X-CSRFToken": token}
    )
    assert answer.json().keys() == {"jeton", "personne"}


def test_wrong_passwords_count_as_at_the_login(secretaire: Compte) -> None:
    navigateur = open_session(secretaire)
    navigateur.get(ACCUEIL)
    lock(navigateur)
    for _ in range(ECHECS_ADMIS):
        assert unlock(navigateur, "au-hasard").status_code == 422
    assert "Trop d’essais" in unlock(navigateur).content.decode()


def test_a_passkey_opens_its_own_screen_only(secretaire: Compte, medecin: Compte) -> None:
    devices = {}
    for compte in (secretaire, medecin):
        devices[compte] = Appareil(origine="https://testserver")
        at_work = open_session(compte)
        options = at_work.envoyer(reverse("comptes:cles_preparer"), {"nom": "", "actuel": MOT_DE_PASSE})
        at_work.envoyer(reverse("comptes:cles_ajouter"), {"reponse": devices[compte].create(options.json())})
    navigateur = open_session(secretaire)
    navigateur.get(ACCUEIL)
    lock(navigateur)
    options = navigateur.envoyer(reverse("comptes:verrou_defi")).json()
    assert [each["type"] for each in options["publicKey"]["allowCredentials"]] == ["public-key"]
    refused = navigateur.envoyer(OUVRIR, {"reponse": devices[medecin].sign(options)})
    assert refused.status_code == 422
    assert "n’est pas celle de Sam PETIT" in refused.content.decode()
    options = navigateur.envoyer(reverse("comptes:verrou_defi")).json()
    assert navigateur.envoyer(OUVRIR, {"reponse": devices[secretaire].sign(options)}).url == RECHERCHE


def test_without_a_passkey_the_screen_says_so(secretaire: Compte) -> None:
    navigateur = open_session(secretaire)
    navigateur.get(ACCUEIL)
    lock(navigateur)
    assert "pas encore de clé" in navigateur.envoyer(reverse("comptes:verrou_defi")).json()["erreur"]


def test_two_people_share_a_counter_and_each_finds_their_page(comptoir: Navigateur, medecin: Compte) -> None:
    others = lock(comptoir)
    assert [each["nom"] for each in others] == [medecin.nom_affiche]
    turn = comptoir.get(PAGE, {"place": others[0]["reference"]}).content.decode()
    assert medecin.nom_affiche in turn
    assert unlock(comptoir, place=others[0]["reference"]).url == reverse("journal:liste")
    assert medecin.nom_affiche in comptoir.get(ACCUEIL).content.decode()
    back = lock(comptoir)
    assert [each["nom"] for each in back] == ["Sam PETIT"]
    assert unlock(comptoir, place=back[0]["reference"]).url == RECHERCHE
    assert "Sam PETIT" in comptoir.get(ACCUEIL).content.decode()


def test_the_forms_of_one_are_not_sent_by_the_other(comptoir: Navigateur) -> None:
    before = comptoir.cookies["opensegur_csrf"].value
    others = lock(comptoir)
    unlock(comptoir, place=others[0]["reference"])
    assert comptoir.cookies["opensegur_csrf"].value != before


def test_ones_own_password_does_not_open_the_session_of_another(comptoir: Navigateur, medecin: Compte) -> None:
    medecin.set_password("un-autre-mot-a-lui")
    medecin.save()
    others = lock(comptoir)
    assert unlock(comptoir, place=others[0]["reference"]).status_code == 422
    assert comptoir.get(ACCUEIL).url == PAGE


def test_a_session_that_is_over_waits_no_more(comptoir: Navigateur, medecin: Compte) -> None:
    from django.contrib.sessions.models import Session

    for row in Session.objects.order_by("pk"):
        data = row.get_decoded()
        if data.get("_auth_user_id") == str(medecin.pk):
            data["vu"] = (timezone.now() - timedelta(minutes=31)).isoformat()
            row.session_data = Session.objects.encode(data)
            row.save()
    assert lock(comptoir) == []


def test_a_made_up_cookie_names_nobody(secretaire: Compte, medecin: Compte) -> None:
    theirs = open_session(medecin)
    navigateur = open_session(secretaire)
    navigateur.get(ACCUEIL)
    navigateur.cookies[COMPTOIR] = f'["{theirs.session.session_key}"]'
    assert lock(navigateur) == []


def test_the_place_of_somebody_at_work_elsewhere_is_not_taken(secretaire: Compte, medecin: Compte) -> None:
    navigateur = open_session(secretaire)
    navigateur.get(ACCUEIL)
    lock(navigateur)
    assert unlock(navigateur, place="0123456789abcdef").url == ENTREE


def test_whoever_leaves_for_another_site_s_page_comes_back_to_ours(secretaire: Compte) -> None:
    navigateur = open_session(secretaire)
    navigateur.get(ACCUEIL)
    lock(navigateur, "//pirate.example/")
    assert unlock(navigateur).url == ACCUEIL


def test_whoever_comes_in_over_a_locked_screen_leaves_it_waiting(secretaire: Compte, medecin: Compte) -> None:
    navigateur = Navigateur()
    enter(navigateur, "sam")
    lock(navigateur)
    assert enter(navigateur, medecin.identifiant).status_code == 302
    assert medecin.nom_affiche in navigateur.get(ACCUEIL).content.decode()
    assert [each["nom"] for each in lock(navigateur)] == ["Sam PETIT"]
