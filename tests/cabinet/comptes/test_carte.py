"""Coming in with a card: the challenge, the certificate, the account."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.utils import timezone

from cabinet.personnages import Navigateur
from opensegur.cabinet.comptes import carte
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.journal.models import Ligne
from opensegur.cabinet.postes.agent import bound
from opensegur.cps import Paire, answer_challenge, open_card
from opensegur.cps.testing import PIN, CarteVirtuelle, LecteursVirtuels, make_card
from opensegur.foundation.echeance import time_left
from opensegur.foundation.points import PointCarte, Profil
from opensegur.foundation.revocation import Etat, Revocation
from opensegur.foundation.verificateur import Appreciation, _refused

pytestmark = pytest.mark.django_db(databases=["default", "journal"])

ORIGINE = "http://testserver"
MEDECIN = "899700500012"


class Juge:
    """What the authorities say, decided beforehand."""

    def __init__(self, etat: Etat) -> None:
        self.etat = etat

    def appraise(self, certificate: x509.Certificate) -> Appreciation:
        said = Revocation(self.etat, "Dit par le juge.", "OCSP")
        refus = _refused(said) if self.etat is Etat.REVOQUE else None
        return Appreciation(time_left(certificate, datetime.now(UTC)), said, refus)


@pytest.fixture
def believe(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., None]:
    def install(etat: Etat = Etat.BON, profil: Profil = Profil.TEST) -> None:
        said = SimpleNamespace(profil=profil, carte=PointCarte(tmp_path / "ancres.pem"))
        monkeypatch.setattr(carte, "configuration_of", lambda: said)
        monkeypatch.setattr(carte, "_judge", lambda *_: Juge(etat))

    install()
    return install


def answer(
    card: CarteVirtuelle, defi: str, origine: str = ORIGINE, paire: Paire = Paire.AUTHENTIFICATION
) -> dict[str, str]:
    """What the agent of the workstation gives back."""
    with open_card(LecteursVirtuels(a=card)) as session:
        session.login(PIN)
        bytes_ = answer_challenge(session, bound(origine, base64.b64decode(defi)))
        certificate = session.certificate(paire).public_bytes(Encoding.DER)
    return {"signature": base64.b64encode(bytes_).decode(), "certificat": base64.b64encode(certificate).decode()}


def challenge(navigateur: Navigateur) -> str:
    return str(navigateur.envoyer("/compte/carte/defi/").json()["defi"])


def enter(navigateur: Navigateur, card: CarteVirtuelle, **options):
    return navigateur.envoyer("/compte/carte/entrer/", answer(card, challenge(navigateur), **options))


def refused(response) -> str:
    assert response.status_code == 403
    return Ligne.objects.get(action="connexion").resultat


def test_the_holder_of_an_account_comes_in_and_everything_says_by_what(believe, medecin: Compte) -> None:
    navigateur = Navigateur()
    assert enter(navigateur, make_card(MEDECIN)).url == "/"
    assert "carte de professionnel" in navigateur.get("/compte/").text
    assert "Carte de professionnel" in navigateur.get("/compte/sessions/").text
    line = Ligne.objects.get(action="connexion")
    assert (line.acteur, line.objet, line.resultat) == (MEDECIN, "carte de professionnel", "succes")


def test_it_opens_no_dmp(believe, medecin: Compte) -> None:
    navigateur = Navigateur()
    enter(navigateur, make_card(MEDECIN))
    assert "Un compte local n’ouvre rien au dehors" in navigateur.get("/compte/").text


def test_a_card_that_nobody_recorded_opens_nothing(believe, medecin: Compte) -> None:
    response = enter(Navigateur(), make_card("899700218896", "DURAND", "ANA"))
    assert "aucun compte ne porte votre identifiant national" in response.text
    assert refused(response) == "CARTE_SANS_COMPTE"


def test_an_account_that_is_closed_stays_closed(believe, medecin: Compte) -> None:
    Compte.objects.filter(pk=medecin.pk).update(is_active=False)
    assert refused(enter(Navigateur(), make_card(MEDECIN))) == "CARTE_SANS_COMPTE"


@pytest.mark.parametrize(("etat", "code"), [(Etat.REVOQUE, "CERT_REVOQUE"), (Etat.INCONNU, "CARTE_REVOCATION")], ids=["revoked", "unknown"])  # fmt: skip
def test_revoked_or_not_known_it_opens_nothing(believe, medecin: Compte, etat: Etat, code: str) -> None:
    believe(etat)
    assert refused(enter(Navigateur(), make_card(MEDECIN))) == code


def test_a_card_of_test_does_not_enter_a_real_practice(believe, medecin: Compte) -> None:
    believe(profil=Profil.PRODUCTION)
    assert refused(enter(Navigateur(), make_card(MEDECIN))) == "CARTE_TEST"


def test_a_challenge_serves_once(believe, medecin: Compte) -> None:
    navigateur = Navigateur()
    made = answer(make_card(MEDECIN), challenge(navigateur))
    assert navigateur.envoyer("/compte/carte/entrer/", made).status_code == 302
    thief = Navigateur()
    assert thief.envoyer("/compte/carte/entrer/", made).status_code == 403
    assert Ligne.objects.filter(resultat="CARTE_DEFI").count() == 1


def test_a_challenge_grows_old(believe, medecin: Compte, monkeypatch: pytest.MonkeyPatch) -> None:
    navigateur = Navigateur()
    made = answer(make_card(MEDECIN), challenge(navigateur))
    later = timezone.now() + timedelta(minutes=6)
    monkeypatch.setattr(carte.timezone, "now", lambda: later)
    assert navigateur.envoyer("/compte/carte/entrer/", made).status_code == 403


def test_what_was_signed_for_another_server_opens_nothing_here(believe, medecin: Compte) -> None:
    assert refused(enter(Navigateur(), make_card(MEDECIN), origine="https://voleur.example")) == "CARTE_SIGNATURE"


def test_the_answer_to_another_challenge_opens_nothing(believe, medecin: Compte) -> None:
    navigateur = Navigateur()
    other = base64.b64encode(bytes(32)).decode()
    challenge(navigateur)
    assert (
        refused(navigateur.envoyer("/compte/carte/entrer/", answer(make_card(MEDECIN), other))) == "CARTE_SIGNATURE"
    )


def test_the_signature_certificate_does_not_identify(believe, medecin: Compte) -> None:
    assert refused(enter(Navigateur(), make_card(MEDECIN), paire=Paire.SIGNATURE)) == "CARTE_USAGE"


@pytest.mark.parametrize(
    ("certificat", "signature"), [("", ""), ("%", "%"), ("AAAA", "AAAA"), ("A" * 30_000, "AAAA")], ids=["nothing", "no base64", "rubbish", "long"]
)  # fmt: skip
def test_rubbish_is_refused(believe, medecin: Compte, certificat: str, signature: str) -> None:
    navigateur = Navigateur()
    challenge(navigateur)
    data = {"certificat": certificat, "signature": signature}
    assert navigateur.envoyer("/compte/carte/entrer/", data).status_code == 403


def test_the_code_of_the_card_has_no_name_so_no_form_sends_it(believe) -> None:
    page = Navigateur().get("/compte/carte/").text
    field = page[page.index('<input type="password"') :].partition(">")[0]
    assert "data-carte-code" in field
    assert "name=" not in field


def test_without_authorities_the_way_is_not_offered(medecin: Compte) -> None:
    assert "Entrer avec ma carte" not in Navigateur().get("/compte/connexion/").text
    assert "n’admet pas encore les cartes" in Navigateur().get("/compte/carte/").text


def test_the_way_is_offered(believe, medecin: Compte) -> None:
    assert "Entrer avec ma carte" in Navigateur().get("/compte/connexion/").text
