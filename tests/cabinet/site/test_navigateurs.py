"""What browsers are told, and what the server takes from them."""

from __future__ import annotations

import json
import os
import re
import ssl
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.http.multipartparser import MultiPartParserError
from django.urls import reverse

import opensegur.cabinet
from cabinet.personnages import MOT_DE_PASSE, Navigateur
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.reseau.certificats import CertificatPropre
from opensegur.cabinet.reseau.machine import Machine

pytestmark = pytest.mark.django_db(databases=["default", "journal"])

_CABINET = Path(opensegur.cabinet.__file__).parent
_SCRIPTS = sorted((_CABINET / "static").rglob("*.js"))
_PAGES = ("/", "/patients/", "/compte/", "/aide/", "/journal/", "/sante/", "/nulle-part/")
_READ = """
import json
from opensegur.cabinet.site import settings
print(json.dumps({name: getattr(settings, name) for name in dir(settings) if name.startswith(("SESSION_", "CSRF_C", "SECURE_", "DEBUG", "OPENSEGUR_COOKIES"))}))
"""


def settings_over(adresse: str, folder: Path) -> dict[str, object]:
    """The settings as an installation that is reached at ``adresse`` has them."""
    environ = os.environ | {"OPENSEGUR_DONNEES": str(folder), "OPENSEGUR_CABINET_ADRESSE": adresse}
    done = subprocess.run([sys.executable, "-c", _READ], env=environ, check=True, capture_output=True, text=True)
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_over_https_cookies_are_of_this_very_host(tmp_path: Path) -> None:
    found = settings_over("https://cabinet.lan", tmp_path)
    assert found["SESSION_COOKIE_NAME"] == "__Host-opensegur_session"
    assert found["CSRF_COOKIE_NAME"] == "__Host-opensegur_csrf"
    assert found["OPENSEGUR_COOKIES"] == "__Secure-"
    assert found["SESSION_COOKIE_SECURE"] is found["CSRF_COOKIE_SECURE"] is True
    assert found["SECURE_HSTS_SECONDS"] == 31_536_000
    assert found["DEBUG"] is False


def test_in_the_demonstration_they_have_no_prefix_that_browsers_would_refuse(tmp_path: Path) -> None:
    found = settings_over("http://127.0.0.1:8000", tmp_path)
    assert (found["SESSION_COOKIE_NAME"], found["OPENSEGUR_COOKIES"]) == ("opensegur_session", "")


def test_no_script_reads_a_cookie_and_no_other_site_sends_one(secretaire: Compte) -> None:
    navigateur = Navigateur()
    navigateur.envoyer(reverse("comptes:connexion"), {"identifiant": "sam", "mot_de_passe": MOT_DE_PASSE})
    same_site = {name: (cookie["httponly"], cookie["samesite"]) for name, cookie in navigateur.cookies.items()}
    assert same_site == {
        "opensegur_session": (True, "Lax"),
        "opensegur_csrf": (True, "Strict"),
        "opensegur_poste": (True, "Strict"),
        "opensegur_comptoir": (True, "Strict"),
    }


@pytest.mark.parametrize("page", _PAGES)
def test_every_answer_says_what_it_is_and_is_kept_by_no_cache(au_comptoir: Navigateur, page: str) -> None:
    response = au_comptoir.get(page)
    assert response.headers["Content-Type"] in {"text/html; charset=utf-8", "application/json"}
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert "Server" not in response.headers
    assert "Access-Control-Allow-Origin" not in response.headers


def test_pages_load_nothing_from_elsewhere(au_comptoir: Navigateur) -> None:
    for page in _PAGES:
        loaded = re.findall(
            r"<(?:script|link|img|iframe|source)[^>]*(?:src|href)=\"([^\"]+)\"", au_comptoir.get(page).text
        )
        assert all(address.startswith(("/", "data:")) and not address.startswith("//") for address in loaded)


@pytest.mark.parametrize("script", _SCRIPTS, ids=lambda path: path.name)
def test_scripts_write_no_html_and_run_no_text(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    hole = r"\beval\(|new Function|document\.write|\.(?:inner|outer)HTML\s*=|insertAdjacentHTML|setTimeout\(\s*[\"'`]"
    assert not re.search(hole, text)


@pytest.mark.parametrize("script", _SCRIPTS, ids=lambda path: path.name)
def test_the_browser_keeps_nothing_of_anybody(script: Path) -> None:
    """The workstation's agent, and the moment of the last gesture: names of nobody."""
    text = script.read_text(encoding="utf-8")
    assert set(re.findall(r"localStorage\.setItem\((\w+)", text)) <= {"SOUVENIR", "LAST"}
    assert not re.search(r"sessionStorage|indexedDB|document\.cookie|serviceWorker|caches\.open", text)


def test_htmx_evaluates_nothing_keeps_nothing_and_asks_nobody_else(au_comptoir: Navigateur) -> None:
    said = re.search(r"name=\"htmx-config\" content='([^']+)'", au_comptoir.get("/").text)
    assert said
    config = json.loads(said[1])
    assert (config["allowEval"], config["selfRequestsOnly"], config["historyCacheSize"]) == (False, True, 0)


def test_no_secret_nor_identity_is_in_the_address_of_a_form() -> None:
    """A form that asks by GET has fields of pages and periods, not of people."""
    for template in _CABINET.glob("**/templates/**/*.html"):
        text = template.read_text(encoding="utf-8")
        for form in re.findall(r"<form(?![^>]*method=\"post\")[^>]*>.*?</form>", text, re.DOTALL):
            assert not re.search(
                r"name=\"(?:nom|prenom|matricule|naissance|date_naissance|actuel|mot_de_passe)\"", form
            )


def test_the_server_speaks_tls_1_2_at_least(tmp_path: Path) -> None:
    served = CertificatPropre(tmp_path / "tls", lambda: Machine(("tilleuls",)), datetime.now(UTC))
    assert served.contexte.minimum_version >= ssl.TLSVersion.TLSv1_2
    for cipher in served.contexte.get_ciphers():
        assert not re.search(r"RC4|3DES|DES-|NULL|EXP|MD5|anon", cipher["name"]), cipher["name"]


@pytest.mark.parametrize("where", ["X-Forwarded-For", "X-Real-IP", "X-User-ID", "Remote-User"])
def test_no_header_of_a_client_makes_it_somebody_else(where: str) -> None:
    answer = Navigateur().get("/", headers={where: "dr.durand"})
    assert answer.url == reverse("comptes:connexion")


def test_a_folder_is_not_listed(au_comptoir: Navigateur) -> None:
    for address in (
        "/statique/",
        "/statique/cabinet/",
        "/.git/config",
        "/statique/../secret",
        "/statique/%2e%2e/secret",
    ):
        assert au_comptoir.get(address).status_code in {400, 404}


def test_a_broken_form_is_no_failure_of_ours(au_comptoir: Navigateur) -> None:
    token = {"X-CSRFToken": au_comptoir.get("/aide/") and au_comptoir.cookies["opensegur_csrf"].value}
    sent = b'--x\r\nContent-Disposition: form-data; name="a'
    try:
        answer = au_comptoir.post(
            "/compte/mot-de-passe/", sent, content_type="multipart/form-data; boundary=x", headers=token
        )
    except MultiPartParserError:
        pytest.fail("the error of a library reached the browser")
    assert answer.status_code in {400, 403, 422}
