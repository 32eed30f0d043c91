"""The code of the phone after the password. The phone of these tests is written from RFC 6238, not from our code."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cabinet.personnages import MOT_DE_PASSE, Navigateur, open_session
from opensegur.cabinet.comptes import second_facteur
from opensegur.cabinet.comptes.connexion import ECHECS_ADMIS
from opensegur.cabinet.comptes.models import CodeSecours, Compte, SecondFacteur
from opensegur.cabinet.comptes.session import ATTENTE_CODE
from opensegur.cabinet.journal.models import Ligne

pytestmark = pytest.mark.django_db(databases=["default", "journal"])

ENTREE, CODE = reverse("comptes:connexion"), reverse("comptes:code")
INSTALLER, GERER = reverse("comptes:second_facteur"), reverse("comptes:second_facteur_gerer")


def phone(secret: bytes, moment: float, digits: int = 6) -> str:
    """RFC 6238 over RFC 4226 §5.3."""
    mac = hmac.new(secret, struct.pack(">Q", int(moment) // 30), hashlib.sha1).digest()
    start = mac[-1] & 0xF
    number = struct.unpack(">I", mac[start : start + 4])[0] & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def _code(compte: Compte, later: int = 0) -> str:
    """``later``: periods of thirty seconds from now."""
    return phone(bytes(SecondFacteur.objects.get(compte=compte).secret), time.time() + 30 * later)


@pytest.fixture
def papers(secretaire: Compte) -> tuple[str, ...]:
    """The secretary has a phone; these are her paper codes."""
    factor = second_facteur.begin(secretaire)
    return second_facteur.confirm(factor, _code(secretaire, -1))


def _password(navigateur: Navigateur):
    return navigateur.envoyer(ENTREE, {"identifiant": "sam", "mot_de_passe": MOT_DE_PASSE})


def _type(navigateur: Navigateur, code: str):
    return navigateur.envoyer(CODE, {"code": code})


def test_the_phone_of_these_tests_gives_the_codes_of_the_standard() -> None:
    secret = b"12345678901234567890"  # RFC 6238, appendix B
    assert [phone(secret, at, 8) for at in (59, 1111111109, 20000000000)] == ["94287082", "07081804", "65353130"]


def test_the_secret_is_installed_with_the_password_and_a_first_code(secretaire: Compte) -> None:
    navigateur = open_session(secretaire)
    assert navigateur.envoyer(reverse("comptes:second_facteur_commencer")).url == INSTALLER
    page = navigateur.get(INSTALLER)
    factor = SecondFacteur.objects.get(compte=secretaire)
    assert base64.b32encode(bytes(factor.secret)).decode() in page.text.replace(" ", "")
    assert not second_facteur.is_active(secretaire)
    shown = navigateur.envoyer(INSTALLER, {"actuel": MOT_DE_PASSE, "code": _code(secretaire)})
    assert shown.text.count("<li>") >= 8
    assert second_facteur.is_active(secretaire)
    assert Ligne.objects.filter(action="compte.second_facteur", objet="installé").exists()


@pytest.mark.parametrize(("actuel", "code"), [("faux", None), (MOT_DE_PASSE, "000000x"), (MOT_DE_PASSE, "١٢٣٤٥٦")])
def test_a_wrong_password_or_a_wrong_code_installs_nothing(secretaire: Compte, actuel: str, code: str | None) -> None:
    navigateur = open_session(secretaire)
    navigateur.envoyer(reverse("comptes:second_facteur_commencer"))
    response = navigateur.envoyer(INSTALLER, {"actuel": actuel, "code": code or _code(secretaire)})
    assert response.status_code == 422
    assert not second_facteur.is_active(secretaire)


def test_the_password_alone_opens_nothing(papers: tuple[str, ...]) -> None:
    navigateur = Navigateur()
    assert _password(navigateur).url == CODE
    assert navigateur.get(reverse("accueil:jour")).status_code == 302
    assert "_auth_user_id" not in navigateur.session


def test_the_code_opens_the_day_and_the_journal_says_so(papers: tuple[str, ...], secretaire: Compte) -> None:
    navigateur = Navigateur()
    _password(navigateur)
    assert _type(navigateur, _code(secretaire)).url == reverse("accueil:jour")
    assert Ligne.objects.get(action="connexion").objet == "compte local et code"


def test_a_code_serves_once(papers: tuple[str, ...], secretaire: Compte) -> None:
    used = _code(secretaire)
    first, second = Navigateur(), Navigateur()
    _password(first)
    _password(second)
    _type(first, used)
    assert "déjà servi" in _type(second, used).text


def test_a_code_older_than_the_last_one_used_is_refused(papers: tuple[str, ...], secretaire: Compte) -> None:
    assert second_facteur.accepts(secretaire, _code(secretaire, 1))
    assert not second_facteur.accepts(secretaire, _code(secretaire))


@pytest.mark.parametrize("later", [-3, 3])
def test_a_code_of_another_moment_is_refused(papers: tuple[str, ...], secretaire: Compte, later: int) -> None:
    assert not second_facteur.accepts(secretaire, _code(secretaire, later))


def test_a_paper_code_serves_once_however_it_is_typed(papers: tuple[str, ...], secretaire: Compte) -> None:
    navigateur = Navigateur()
    _password(navigateur)
    assert _type(navigateur, papers[0].lower().replace("-", " ")).status_code == 302
    assert not second_facteur.accepts(secretaire, papers[0])
    assert second_facteur.paper_left(secretaire) == 7


def test_a_paper_code_cannot_be_guessed_and_is_not_kept(papers: tuple[str, ...], secretaire: Compte) -> None:
    bare = {paper.replace("-", "") for paper in papers}
    assert len(bare) == 8
    assert all(len(code) * 5 >= 112 and set(code) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") for code in bare)
    kept = set(CodeSecours.objects.values_list("empreinte", flat=True))
    assert not kept & bare
    assert kept == {hashlib.sha256(code.encode()).hexdigest() for code in bare}


def test_wrong_codes_pause_the_account_and_a_new_password_does_not_start_over(
    papers: tuple[str, ...], secretaire: Compte
) -> None:
    navigateur = Navigateur()
    for _ in range(ECHECS_ADMIS):
        _password(navigateur)
        assert _type(navigateur, "12345").status_code == 422
    assert "en pause" in _type(navigateur, _code(secretaire)).text
    assert Ligne.objects.filter(resultat="CONNEXION_CODE").count() == ECHECS_ADMIS


def test_the_password_is_forgotten_when_the_code_is_late(papers: tuple[str, ...], secretaire: Compte) -> None:
    navigateur = Navigateur()
    _password(navigateur)
    session = navigateur.session
    session["code_attendu_le"] = (timezone.now() - ATTENTE_CODE - timedelta(seconds=1)).isoformat()
    session.save()
    assert _type(navigateur, _code(secretaire)).url == ENTREE


def test_without_a_password_there_is_no_code_to_give() -> None:
    assert Navigateur().get(CODE).url == ENTREE


def _inside(secretaire: Compte) -> Navigateur:
    navigateur = Navigateur()
    _password(navigateur)
    _type(navigateur, _code(secretaire))
    return navigateur


def test_new_paper_codes_replace_the_former(papers: tuple[str, ...], secretaire: Compte) -> None:
    navigateur = _inside(secretaire)
    answer = {"actuel": MOT_DE_PASSE, "code": _code(secretaire, 1), "geste": "refaire"}
    assert navigateur.envoyer(GERER, answer).text.count("<li>") >= 8
    assert not second_facteur.accepts(secretaire, papers[0])


def test_it_is_taken_away_with_the_password_and_a_code(papers: tuple[str, ...], secretaire: Compte) -> None:
    navigateur = _inside(secretaire)
    assert navigateur.envoyer(GERER, {"actuel": MOT_DE_PASSE, "code": "1", "geste": "retirer"}).status_code == 422
    navigateur.envoyer(GERER, {"actuel": MOT_DE_PASSE, "code": papers[1], "geste": "retirer"})
    assert not second_facteur.is_active(secretaire)
    assert _password(Navigateur()).url == reverse("accueil:jour")


def test_the_secret_is_encrypted_at_rest(papers: tuple[str, ...], secretaire: Compte) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM comptes_secondfacteur")
        stored = bytes(cursor.fetchone()[0])
    assert bytes(SecondFacteur.objects.get(compte=secretaire).secret) not in stored
