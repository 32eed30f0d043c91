"""Passkeys: added in one's account, they open it without a password, and nothing made up does."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cabinet.comptes.authentificateur import Appareil, b64
from cabinet.personnages import MOT_DE_PASSE, Navigateur, open_session
from opensegur.cabinet.comptes.cle_acces import CLES_ADMISES
from opensegur.cabinet.comptes.connexion import ECHECS_ADMIS
from opensegur.cabinet.comptes.models import CleAcces, Compte
from opensegur.cabinet.journal.models import Ligne

pytestmark = pytest.mark.django_db(databases=["default", "journal"])

CLES, PREPARER, AJOUTER = reverse("comptes:cles"), reverse("comptes:cles_preparer"), reverse("comptes:cles_ajouter")
DEFI, ENTRER = reverse("comptes:cle_defi"), reverse("comptes:cle_entrer")


def add(navigateur: Navigateur, appareil: Appareil, nom: str = "téléphone") -> None:
    options = navigateur.envoyer(PREPARER, {"nom": nom, "actuel": MOT_DE_PASSE})
    assert options.status_code == 200, options.content
    navigateur.envoyer(AJOUTER, {"reponse": appareil.create(options.json())})


def come_in(navigateur: Navigateur, appareil: Appareil, **autre):
    return navigateur.envoyer(ENTRER, {"reponse": appareil.sign(navigateur.envoyer(DEFI).json(), **autre)})


def _logged_in_at_psc(navigateur: Navigateur, minutes: int) -> None:
    session = navigateur.session
    since = timezone.now() - timedelta(minutes=minutes)
    session["psc"] = {**session["psc"], "authentifie_le": since.isoformat()}
    session.save()


@pytest.fixture
def navigateur() -> Navigateur:
    return Navigateur()


@pytest.fixture
def appareil(secretaire: Compte) -> Appareil:
    """The secretary's, already known."""
    device = Appareil(origine="https://testserver")
    add(open_session(secretaire), device)
    return device


def test_a_key_opens_the_account_without_name_nor_password(navigateur: Navigateur, appareil: Appareil) -> None:
    answer = come_in(navigateur, appareil)
    assert answer.status_code == 302
    assert answer.url == reverse("accueil:jour")
    assert "clé d’accès" in navigateur.get(reverse("comptes:compte")).content.decode()
    assert Ligne.objects.filter(action="connexion", objet="clé d’accès", acteur="sam").exists()


def test_a_key_is_two_factors_and_asks_no_code(
    navigateur: Navigateur, appareil: Appareil, secretaire: Compte
) -> None:
    from opensegur.cabinet.comptes.models import SecondFacteur

    SecondFacteur.objects.create(compte=secretaire, secret=b"x" * 20, actif_depuis=timezone.now())
    assert come_in(navigateur, appareil).url == reverse("accueil:jour")


def test_the_keys_are_listed_with_their_last_use_and_taken_away(navigateur: Navigateur, appareil: Appareil) -> None:
    come_in(navigateur, appareil)
    page = navigateur.get(CLES).content.decode()
    assert "téléphone" in page
    assert "utilisée le" in page
    key = CleAcces.objects.get()
    away = reverse("comptes:cles_retirer", args=[key.pk])
    assert navigateur.envoyer(away, {"actuel": "pas-le-bon"}).status_code == 422
    assert CleAcces.objects.count() == 1
    navigateur.envoyer(away, {"actuel": MOT_DE_PASSE})
    navigateur.logout()
    assert come_in(navigateur, appareil).status_code == 422


def test_a_key_is_added_by_whoever_knows_the_password_only(secretaire: Compte) -> None:
    navigateur = open_session(secretaire)
    for _ in range(ECHECS_ADMIS):
        answer = navigateur.envoyer(PREPARER, {"nom": "la mienne", "actuel": "un-mot-au-hasard"})
        assert answer.status_code == 422
        assert "mot de passe" in answer.json()["erreur"]
    paused = navigateur.envoyer(PREPARER, {"nom": "la mienne", "actuel": MOT_DE_PASSE})
    assert "Trop d’essais" in paused.json()["erreur"]


def test_whoever_has_no_password_proves_it_by_a_recent_login(medecin: Compte) -> None:
    medecin.set_unusable_password()
    medecin.save()
    navigateur = open_session(medecin, psc=True)
    _logged_in_at_psc(navigateur, minutes=2)
    add(navigateur, Appareil(origine="https://testserver"))
    assert CleAcces.objects.filter(compte=medecin).count() == 1
    _logged_in_at_psc(navigateur, minutes=11)
    assert navigateur.envoyer(PREPARER, {"nom": "", "actuel": ""}).status_code == 422
    assert "prouvez d’abord" in navigateur.get(CLES).content.decode()


def test_the_same_device_is_not_added_twice_nor_more_than_ten(appareil: Appareil, secretaire: Compte) -> None:
    navigateur = open_session(secretaire)
    add(navigateur, appareil)
    assert CleAcces.objects.count() == 1
    for _ in range(CLES_ADMISES + 1):
        add(navigateur, Appareil(origine="https://testserver"))
    assert CleAcces.objects.count() == CLES_ADMISES


def test_a_closed_account_is_not_opened_by_its_key(
    navigateur: Navigateur, appareil: Appareil, secretaire: Compte
) -> None:
    Compte.objects.filter(pk=secretaire.pk).update(is_active=False)
    assert come_in(navigateur, appareil).status_code == 422
    assert Ligne.objects.filter(action="connexion", resultat="CONNEXION_CLE").exists()


def test_a_challenge_serves_once(navigateur: Navigateur, appareil: Appareil) -> None:
    answer = appareil.sign(navigateur.envoyer(DEFI).json())
    assert navigateur.envoyer(ENTRER, {"reponse": answer}).status_code == 302
    navigateur.logout()
    assert navigateur.envoyer(ENTRER, {"reponse": answer}).status_code == 422


def test_the_answer_to_another_browser_s_challenge_is_refused(navigateur: Navigateur, appareil: Appareil) -> None:
    theirs = Navigateur()
    stolen = appareil.sign(theirs.envoyer(DEFI).json())
    navigateur.envoyer(DEFI)
    assert navigateur.envoyer(ENTRER, {"reponse": stolen}).status_code == 422


def test_a_copied_device_is_refused(navigateur: Navigateur, secretaire: Compte) -> None:
    original = Appareil(origine="https://testserver", compte=True)
    add(open_session(secretaire), original)
    copy = Appareil(
        origine=original.origine, compte=True, identifiant=original.identifiant, cle=original.cle, signatures=1
    )
    for _ in range(3):
        assert come_in(navigateur, original).status_code == 302
        navigateur.logout()
    assert come_in(navigateur, copy).status_code == 422


def test_a_device_that_did_not_verify_its_person_is_refused(navigateur: Navigateur, appareil: Appareil) -> None:
    appareil.verifie = False
    assert come_in(navigateur, appareil).status_code == 422


@pytest.mark.parametrize(
    "autre",
    [
        {"origin": "https://testserver.pirate.example"},
        {"origin": "http://testserver"},
        {"type": "webauthn.create"},
        {"challenge": b64(b"x" * 32)},
    ],
    ids=["another site", "without TLS", "a registration", "another challenge"],
)
def test_an_answer_made_elsewhere_is_refused(navigateur: Navigateur, appareil: Appareil, autre: dict) -> None:
    assert come_in(navigateur, appareil, **autre).status_code == 422


@pytest.mark.parametrize(
    "reponse",
    [
        "",
        "[]",
        "{",
        "null",
        '{"rawId": 3}',
        '{"rawId": "é"}',
        '{"rawId": "AAAA", "response": {}}',
        "[" * 5000,
        "x" * 30_000,
    ],
    ids=["empty", "a list", "cut", "null", "a number", "no base64", "no response", "deep", "long"],
)
def test_bytes_made_up_are_refused_in_words(navigateur: Navigateur, reponse: str) -> None:
    navigateur.envoyer(DEFI)
    answer = navigateur.envoyer(ENTRER, {"reponse": reponse})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_a_broken_answer_to_a_registration_keeps_nothing(secretaire: Compte) -> None:
    navigateur = open_session(secretaire)
    options = navigateur.envoyer(PREPARER, {"nom": "", "actuel": MOT_DE_PASSE}).json()
    told = json.loads(Appareil(origine="https://testserver").create(options))
    told["response"]["attestationObject"] = told["response"]["attestationObject"][:-20]
    assert navigateur.envoyer(AJOUTER, {"reponse": json.dumps(told)}).status_code == 400
    assert not CleAcces.objects.exists()
