"""A secretary gives her finger instead of a password, on the device that Chromium imitates."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from opensegur.cabinet.demo import MOT_DE_PASSE

pytestmark = pytest.mark.browser
_SERVEUR = Path(__file__).with_name("demonstration.py")
_APPAREIL = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def adresse(tmp_path: Path) -> Iterator[str]:
    command = [sys.executable, str(_SERVEUR), str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = urlsplit(process.stdout.readline().split()[0]).port
        yield f"http://localhost:{port}"
        process.communicate("")


def test_a_finger_replaces_the_password(chromium: str, adresse: str) -> None:
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_context(locale="fr-FR").new_page()
        device = page.context.new_cdp_session(page)
        device.send("WebAuthn.enable")
        device.send("WebAuthn.addVirtualAuthenticator", {"options": _APPAREIL})

        page.goto(f"{adresse}/compte/connexion/")
        page.fill("[name=identifiant]", "lou.faurel")
        page.fill("[type=password]", MOT_DE_PASSE)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{adresse}/")
        page.goto(f"{adresse}/compte/cles/")
        page.fill("[name=nom]", "poste de l’accueil")
        page.fill("[name=actuel]", "pas-le-bon-du-tout")
        page.click("text=Ajouter cette clé")
        expect(page.locator("main [data-cle-etat]")).to_contain_text("pas votre mot de passe")
        page.fill("[name=actuel]", MOT_DE_PASSE)
        page.click("text=Ajouter cette clé")
        expect(page.locator(".ligne-nom")).to_contain_text("poste de l’accueil")

        page.click("[title='Se déconnecter']")
        page.wait_for_url("**/compte/connexion/")
        page.wait_for_load_state()
        page.locator("body").press("Shift")
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("k")
        page.wait_for_url(f"{adresse}/")
        page.goto(f"{adresse}/compte/")
        expect(page.locator(".fiche")).to_contain_text("clé d’accès")
        browser.close()
