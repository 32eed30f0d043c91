"""A workstation of the practice in a real browser: over https, under the practice's own authority."""

from __future__ import annotations

import base64
import hashlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

_SERVEUR = Path(__file__).with_name("cabinet_https.py")


@pytest.fixture(scope="module")
def donnees(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reseau")


@pytest.fixture(scope="module")
def cabinet(donnees: Path) -> Iterator[tuple[str, str]]:
    """Its address, and the one that only sends on to it."""
    command = [sys.executable, str(_SERVEUR), str(donnees)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        secure, clear = process.stdout.readline().split()
        yield secure, clear
        process.communicate("")


@pytest.fixture
def page(cabinet: tuple[str, str], donnees: Path, chromium: str) -> Iterator[Page]:
    """A browser that trusts nothing but the key of the practice's server; « cabinet.lan » is this machine."""
    from playwright.sync_api import sync_playwright

    certificate = x509.load_pem_x509_certificate((donnees / "cabinet" / "tls" / "serveur.pem").read_bytes())
    key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    trusted = base64.b64encode(hashlib.sha256(key).digest()).decode()
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    arguments += ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    arguments += ["--host-resolver-rules=MAP cabinet.lan 127.0.0.1"]
    arguments += [f"--ignore-certificate-errors-spki-list={trusted}"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        opened = browser.new_page(locale="fr-FR")
        opened.set_default_timeout(30_000)
        yield opened
        browser.close()


def log_in(page: Page) -> None:
    page.locator("input[name=identifiant]").fill("nadia.bensaid")
    page.locator("input[name=mot_de_passe]").fill("sous-les-tilleuls")
    page.keyboard.press("Enter")
    page.locator(".rail").wait_for()


def test_asked_in_clear_one_comes_in_over_https_and_the_camera_works(page: Page, cabinet: tuple[str, str]) -> None:
    secure, clear = cabinet
    page.goto(clear)
    assert page.url.startswith(f"{secure}/")
    log_in(page)
    assert page.evaluate("window.isSecureContext") is True
    assert page.evaluate("typeof navigator.mediaDevices.getUserMedia") == "function"
    assert page.evaluate("typeof window.PublicKeyCredential") == "function"
    page.goto(f"{secure}/guichet/")
    opened = page.evaluate(
        "navigator.mediaDevices.getUserMedia({video: true}).then(flow => flow.getVideoTracks().length)"
    )
    assert opened == 1
    cookies = {each["name"]: each for each in page.context.cookies()}
    assert {name.removesuffix(name.split("-")[-1]) for name in cookies} == {"__Host-", "__Secure-"}
    assert all(each["secure"] and each["httpOnly"] for each in cookies.values())


def test_in_clear_a_browser_would_have_neither_camera_nor_passkeys(page: Page, cabinet: tuple[str, str]) -> None:
    """What https is for: the same browser, on a page that was not served over it."""
    page.route("http://cabinet.lan/", lambda route: route.fulfill(body="<p>en clair</p>", content_type="text/html"))
    page.goto("http://cabinet.lan/")
    assert page.evaluate("window.isSecureContext") is False
    assert page.evaluate("typeof navigator.mediaDevices") == "undefined"


def test_a_browser_that_does_not_know_the_authority_does_not_enter(chromium: str, cabinet: tuple[str, str]) -> None:
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--host-resolver-rules=MAP cabinet.lan 127.0.0.1"]
        )
        with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
            browser.new_page().goto(cabinet[0])
        browser.close()
