"""What works, what does not, and how to mend it; never a secret nor a patient."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from cabinet.personnages import Navigateur
from opensegur.cabinet.diagnostic import bilan, installation
from opensegur.cabinet.diagnostic.certificats import Piece, _check
from opensegur.cabinet.diagnostic.constat import Niveau, broken, good, watch
from opensegur.cabinet.diagnostic.services import Adresse, check_services, reach
from opensegur.cabinet.journal import tetes
from opensegur.cabinet.patients.models import Patient
from opensegur.foundation.acteurs import Structure as StructureNationale
from opensegur.foundation.configuration import Configuration, Lps, Profil
from opensegur.foundation.points import PointPsc
from opensegur.foundation.ports import FixedClock, SystemClock

pytestmark = pytest.mark.django_db(databases=["default", "journal"])
NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)


def certificate(folder: Path, until: datetime, since: datetime = NOW - timedelta(days=30)) -> Piece:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "CABINET D’ESSAI")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(since)
        .not_valid_after(until)
        .sign(key, hashes.SHA256())
    )
    (folder / "c.pem").write_bytes(made.public_bytes(Encoding.PEM))
    (folder / "c.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return Piece("signer pour le DMP", folder / "c.pem", folder / "c.key")


@pytest.mark.parametrize(
    ("days", "niveau", "remede"),
    [
        (400, Niveau.VERT, ""),
        (59, Niveau.ORANGE, "Prévoyez"),
        (29, Niveau.ROUGE, "Sans attendre"),
        (6, Niveau.ROUGE, "Cette semaine"),
        (-1, Niveau.ROUGE, "Commandez"),
    ],
)
def test_a_certificate_is_announced_before_it_ends(tmp_path: Path, days: int, niveau: Niveau, remede: str) -> None:
    found = _check(certificate(tmp_path, NOW + timedelta(days=days, hours=1), NOW - timedelta(days=90)), NOW)

    assert found.niveau is niveau
    assert found.remede.startswith(remede)
    assert "CABINET D’ESSAI" in found.dit


def test_a_certificate_of_tomorrow_without_its_key_or_absent_is_told(tmp_path: Path) -> None:
    early = certificate(tmp_path, NOW + timedelta(days=400), NOW + timedelta(days=1))
    assert "ne vaut qu’à partir" in _check(early, NOW).dit

    (tmp_path / "other").mkdir()
    other = certificate(tmp_path / "other", NOW + timedelta(days=400))
    shutil.copy(other.certificat, early.certificat)
    assert "la clé n’est pas la sienne" in _check(early, NOW).dit

    early.certificat.unlink()
    assert _check(early, NOW).niveau is Niveau.ROUGE


class _Serveur(BaseHTTPRequestHandler):
    ecart = timedelta()

    def do_GET(self) -> None:
        self.send_response_only(404)
        self.send_header("Date", format_datetime(datetime.now(UTC) + self.ecart, usegmt=True))
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def serveur() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Serveur)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/decouverte"
    server.shutdown()
    server.server_close()


def configuration(url: str) -> Configuration:
    return Configuration(
        Profil.BAC_A_SABLE,
        Lps("OpenSégur", "1", "1.2.3"),
        StructureNationale("1750000016", "Cabinet", "SA07"),
        psc=PointPsc(url, "client"),
    )


@pytest.mark.parametrize(
    ("ecart", "niveau", "dit"),
    [(0, Niveau.VERT, "Juste"), (30, Niveau.ORANGE, "en retard"), (-600, Niveau.ROUGE, "en avance")],
)
def test_a_service_that_answers_anything_is_there_and_gives_the_hour(
    serveur: str, monkeypatch: pytest.MonkeyPatch, ecart: int, niveau: Niveau, dit: str
) -> None:
    monkeypatch.setattr(_Serveur, "ecart", timedelta(seconds=ecart))

    service, clock = check_services(configuration(serveur), SystemClock())

    assert (service.niveau, service.sujet) == (Niveau.VERT, "Service Pro Santé Connect")
    assert clock.niveau is niveau
    assert dit in clock.dit


def test_a_service_that_is_not_there_is_told_with_what_to_look_at() -> None:
    service, clock = check_services(configuration("http://127.0.0.1:9/"), SystemClock())

    assert service.niveau is Niveau.ROUGE
    assert "pare-feu" in service.remede
    assert clock.niveau is Niveau.ORANGE


def test_a_service_without_an_hour_says_nothing_of_the_clock(serveur: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_Serveur, "send_header", lambda *_: None)
    assert reach(Adresse("x", serveur), FixedClock(NOW)).ecart is None


def test_the_installation_of_the_tests_is_sound(settings: Any) -> None:
    found = {each.sujet: each for each in installation.check_installation(settings.REGLAGES.donnees, NOW)}

    for subject in ("Base des dossiers", "Base du journal", "Clés de chiffrement", "Journal", "Envois"):
        assert found[subject].niveau is Niveau.VERT, found[subject]


def test_a_forged_head_and_a_full_disk_are_red(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    tetes._file().write_bytes(b"{}")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: type("U", (), {"free": 10**8}))
    found = {each.sujet: each for each in installation.check_installation(settings.REGLAGES.donnees, NOW)}

    assert found["Journal"].niveau is found["Disque"].niveau is Niveau.ROUGE
    assert found["Disque"].remede


def test_the_page_runs_it_and_gives_a_text_for_the_support(
    au_bureau: Navigateur, patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = (good("A", "bien"), watch("B", "moins bien", "Faites ceci."), broken("C", "mal", "Faites cela."))
    monkeypatch.setattr("opensegur.cabinet.diagnostic.vues.diagnose", lambda _structure: told)
    assert "Vérification en cours" in au_bureau.get("/diagnostic/").text

    page = au_bureau.envoyer("/diagnostic/lancer/", htmx=True).text

    for words in ("à réparer", "Faites cela.", "[à surveiller] B : moins bien"):
        assert words in page


def test_what_is_to_be_mended_comes_first_and_nothing_of_a_patient_is_said(patient: Patient) -> None:
    found = bilan.diagnose(patient.structure)
    text = bilan.report(found)

    levels = [list(reversed(Niveau)).index(each.niveau) for each in found]
    assert levels == sorted(levels)
    assert "LEVEQUE" not in text
    assert "Diagnostic OpenSégur" in text
