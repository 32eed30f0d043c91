"""The first journey, from the login to the document read in the DMP: without a browser, then in one."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

_SERVEUR = Path(__file__).with_name("demonstration.py")


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The addresses of a demonstration running in a process of its own: the practice and the sandbox's console."""
    command = [sys.executable, str(_SERVEUR), str(tmp_path_factory.mktemp("demonstration"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline().split()
        assert len(line) == 2, "the demonstration did not start"
        yield line[0], line[1]
        process.communicate("")


@pytest.mark.exigence("INS/va1.07")
def test_the_journey_without_a_browser(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from opensegur.cli import main; main()", "demo", "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(re.findall(r"^ *\d+/12 ok", done.stdout, re.MULTILINE)) == 12


@pytest.mark.browser
def test_the_journey_in_a_browser(demonstration: tuple[str, str], chromium: str) -> None:
    from playwright.sync_api import expect, sync_playwright

    cabinet, console = demonstration
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        page = browser.new_page(locale="fr-FR", viewport={"width": 1440, "height": 900})
        errors: list[str] = []
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        expect.set_options(timeout=30_000)

        page.goto(cabinet)
        page.get_by_role("link", name="S’identifier avec Pro Santé Connect").click()
        page.get_by_role("button", name="S’identifier").click()
        expect(page.get_by_text("Pro Santé Connect", exact=True)).to_be_visible()

        page.get_by_role("link", name="Patients").click()
        page.locator("input[name=nom]").fill("adrtrois")
        expect(page.get_by_text("Aucun dossier ne correspond")).to_be_visible()
        page.get_by_role("button", name="Créer un dossier").click()
        page.locator("input[name=premier_prenom]").fill("Toussaint")
        page.locator("input[name=date_naissance]").fill("1/1/1960")
        page.locator("select[name=sexe]").select_option("M")
        page.get_by_role("button", name="Demander l’INS").click()
        page.get_by_role("button", name="Aucune pièce présentée").click()
        banner = page.locator(".bandeau")
        expect(banner).to_contain_text("Identité récupérée")
        expect(banner).not_to_contain_text("Matricule INS")

        page.get_by_role("link", name="Contrôler une pièce").click()
        page.locator("input[name=piece][value=PA]").check()
        page.get_by_role("button", name="Enregistrer le contrôle").click()
        expect(banner).to_contain_text("Identité qualifiée")
        expect(banner).to_contain_text("1 60 01 2B 020 777 13")

        page.get_by_role("link", name="Documents").click()
        page.get_by_role("link", name="Ajouter un document").first.click()
        content = "Consultation du jour.\n\nTension : 12/8. Tout va bien, à revoir dans un an.\n".encode()
        page.locator("input[type=file]").set_input_files(
            {"name": "note.txt", "mimeType": "text/plain", "buffer": content}
        )
        page.locator("select[name=type_code]").select_option("11488-4")
        page.locator("input[name=titre]").fill("Consultation annuelle")
        page.get_by_role("button", name="Enregistrer et envoyer au DMP").click()
        expect(page.locator(".etat-envoi")).to_contain_text("déposé")

        page.get_by_role("link", name="DMP", exact=True).click()
        expect(page.locator("#dmp")).to_contain_text("Inexistante ou expirée")
        page.locator("input[name=accord]").check()
        page.get_by_role("button", name="Enregistrer l’accord").click()
        page.get_by_role("link", name="Consultation annuelle").click()
        expect(page.get_by_alt_text("Page 1 sur 1")).to_be_visible()

        page.goto(console)
        expect(page.locator("body")).to_contain_text("TD3.2")
        browser.close()
    assert errors == []
