"""A doctor, a pharmacist and a secretary at their keyboard, from the record to the DMP."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from opensegur.cabinet.demo import MOT_DE_PASSE
from opensegur.ins import OID_NIR_TEST, Matricule, Sexe
from opensegur.ins.datamatrix import ContenuIns, encode_content
from opensegur.ins.datamatrix.symbole import to_image

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
_SERVEUR = Path(__file__).with_name("demonstration.py")
_VAXIGRIP = "010340093030600017301130" + "10LOT42" + "\x1d" + "21SERIE1"
FABRE = ContenuIns(
    Matricule("222021207090089", OID_NIR_TEST), "FABRE", "GERMAINE AUGUSTINE", Sexe.F, "1922-02-02", "12070"
)


@pytest.fixture(scope="module")
def cabinet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    command = [sys.executable, str(_SERVEUR), str(tmp_path_factory.mktemp("demonstration"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().split()[0]
        process.communicate("")


@contextmanager
def chez(chromium: str, cabinet: str, user: str) -> Iterator[Page]:
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_context(locale="fr-FR").new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{cabinet}/compte/connexion/")
        page.fill("[name=identifiant]", user)
        page.fill("[type=password]", MOT_DE_PASSE)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{cabinet}/")
        yield page
        assert errors == []
        browser.close()


def ouvrir(page: Page, cabinet: str, nom: str, onglet: str) -> None:
    page.goto(f"{cabinet}/patients/")
    page.fill("[name=nom]", nom)
    page.keyboard.press("Enter")
    page.click(".ligne-patient a")
    go_to_tab(page, onglet)


def go_to_tab(page: Page, onglet: str) -> None:
    """Keys are heard once the page's script has run."""
    page.click(f".onglets a:has-text('{onglet}')")
    page.locator(".onglets [aria-current]", has_text=onglet).wait_for()
    page.wait_for_load_state("load")


def scanner(page: Page, code: str) -> None:
    """As a hand scanner types it, faster than anybody."""
    page.locator("body").press("Shift")
    page.evaluate(
        """code => { for (const key of code) {
            const gs = key === "\\u001d";
            document.activeElement.dispatchEvent(new KeyboardEvent("keydown",
                { key: gs ? "]" : key, code: gs ? "BracketRight" : "", ctrlKey: gs, bubbles: true, cancelable: true }));
        } }""",
        code,
    )


def test_a_doctor_notes_sends_a_vsm_then_a_second_that_replaces_it(chromium: str, cabinet: str) -> None:
    from playwright.sync_api import expect

    with chez(chromium, cabinet, "claire.marchand") as page:
        ouvrir(page, cabinet, "brunet", "Médical")
        page.keyboard.press("p")
        expect(page.locator("[name=diagnostic]")).to_be_focused()
        page.keyboard.type("hypert art")
        page.locator(".suggestions li").first.wait_for()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        expect(page.locator("#rubrique-problemes .entrees")).to_contain_text("Hypertension artérielle essentielle")
        page.keyboard.press("Escape")
        expect(page.locator("#saisie-problemes form")).to_have_count(0)
        for version in ("", "version 2"):
            if version:
                go_to_tab(page, "Médical")
            expect(page.get_by_role("link", name="Synthèse médicale")).to_be_visible()
            page.keyboard.press("s")
            expect(page.locator("#apercu")).to_contain_text("Hypertension artérielle essentielle")
            page.keyboard.press("e")
            line = page.locator(".ligne-document").first
            expect(line).to_contain_text(version)
            expect(line).to_contain_text("déposé")
        expect(page.locator(".anciens .ligne-document")).to_have_count(1)


def test_a_pharmacist_vaccinates_in_two_gestes_box_and_enter(chromium: str, cabinet: str) -> None:
    from playwright.sync_api import expect

    with chez(chromium, cabinet, "nadia.bensaid") as page:
        ouvrir(page, cabinet, "fabre", "Médical")
        scanner(page, _VAXIGRIP)
        expect(page.locator("[name=lot]")).to_have_value("LOT42")
        page.keyboard.press("Enter")
        expect(page.locator("#rubrique-vaccinations .entrees")).to_contain_text("VAXIGRIP")
        page.click(".onglets a:has-text('Documents')")
        expect(page.locator(".ligne-document").first).to_contain_text("déposé")


def test_an_interview_survives_the_end_of_a_session_and_reaches_the_dmp(chromium: str, cabinet: str) -> None:
    from playwright.sync_api import expect

    with chez(chromium, cabinet, "nadia.bensaid") as page:
        ouvrir(page, cabinet, "fabre", "Documents")
        page.keyboard.press("c")
        page.click("text=Compte rendu d’entretien pharmaceutique")
        page.select_option("[name=theme]", "Asthme")
        page.fill("[name=points]", "Technique d’inhalation revue")
        state = page.locator("[data-brouillon-etat]")
        expect(state).to_contain_text("Brouillon enregistré")
        page.context.clear_cookies()
        page.fill("[name=conclusion]", "À revoir dans trois mois")
        expect(state).to_contain_text("Votre session est terminée")
        again = page.context.new_page()
        again.goto(f"{cabinet}/compte/connexion/")
        again.fill("[name=identifiant]", "nadia.bensaid")
        again.fill("[type=password]", MOT_DE_PASSE)
        again.keyboard.press("Enter")
        again.wait_for_url(f"{cabinet}/")
        again.close()
        page.click("text=Enregistrer et envoyer au DMP")
        expect(page.locator(".pages img")).to_be_visible()
        page.click(".fil a")
        line = page.locator(".ligne-document", has_text="entretien")
        expect(line).to_contain_text("déposé")


def test_a_secretary_drops_a_heap_and_files_the_rest_by_one_key(chromium: str, cabinet: str) -> None:
    from playwright.sync_api import expect

    sheet = Image.new("L", (1240, 1754), 255)
    sheet.paste(to_image(encode_content(FABRE), pixels=6), (80, 80))
    scan = io.BytesIO()
    sheet.save(scan, "JPEG")
    with chez(chromium, cabinet, "lou.faurel") as page:
        page.goto(f"{cabinet}/bannette/")
        page.set_input_files(
            "[name=fichiers]",
            [
                {"name": "radio.jpg", "mimeType": "image/jpeg", "buffer": scan.getvalue()},
                {"name": "note.txt", "mimeType": "text/plain", "buffer": b"Bonjour"},
            ],
        )
        page.select_option("[name=type_code]", "11488-4")
        page.locator("button", has_text="Déposer").click()
        expect(page.locator(".ligne-arrivee", has_text="radio.jpg")).to_contain_text("par son INS")
        page.keyboard.press("c")
        expect(page.locator(".pages img")).to_be_visible()
        page.keyboard.press("1")
        expect(page.locator(".annonces")).to_contain_text("Classé dans le dossier")
        expect(page.locator("main")).to_contain_text("Rien n’attend")
