"""A counter shared by two people: the screen locks itself, keeps what was typed, and changes hands in two keys."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from opensegur.cabinet.demo import MOT_DE_PASSE

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
_SERVEUR = Path(__file__).with_name("demonstration.py")


@pytest.fixture(scope="module")
def adresse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    command = [sys.executable, str(_SERVEUR), str(tmp_path_factory.mktemp("demonstration"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().split()[0]
        process.communicate("")


@pytest.fixture
def page(chromium: str) -> Iterator[Page]:
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield browser.new_context(locale="fr-FR").new_page()
        browser.close()


def come_in(page: Page, adresse: str, who: str) -> None:
    page.goto(f"{adresse}/compte/connexion/")
    page.fill("[name=identifiant]", who)
    page.fill("[type=password]", MOT_DE_PASSE)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{adresse}/")
    page.wait_for_load_state()


def test_an_idle_screen_locks_itself_and_keeps_the_draft(page: Page, adresse: str) -> None:
    from playwright.sync_api import expect

    page.clock.install()
    come_in(page, adresse, "nadia.bensaid")
    page.goto(f"{adresse}/patients/")
    page.fill("[name=nom]", "fabre")
    page.keyboard.press("Enter")
    page.click(".ligne-patient a")
    page.click(".onglets a:has-text('Documents')")
    page.click("summary:has-text('Écrire')")
    page.click("text=Compte rendu d’entretien pharmaceutique")
    page.fill("[name=conclusion]", "À revoir dans trois mois")
    expect(page.locator("[data-brouillon-etat]")).to_contain_text("Brouillon enregistré")
    page.fill("[name=conclusion]", "À revoir dans six mois")

    page.clock.run_for(11 * 60 * 1000)
    expect(page.locator("#verrou")).to_be_visible()
    expect(page.locator("main")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator("#verrou")).to_be_visible()

    page.fill("#verrou [name=actuel]", "pas-le-bon")
    page.keyboard.press("Enter")
    expect(page.locator("[data-verrou-etat]")).to_contain_text("pas votre mot de passe")
    page.fill("#verrou [name=actuel]", MOT_DE_PASSE)
    page.keyboard.press("Enter")
    expect(page.locator("#verrou")).to_be_hidden()
    assert page.input_value("[name=conclusion]") == "À revoir dans six mois"
    page.fill("[name=conclusion]", "À revoir dans neuf mois")
    page.clock.run_for(2000)
    expect(page.locator("[data-brouillon-etat]")).to_contain_text("Brouillon enregistré")


def test_two_people_change_places_in_two_keys(page: Page, adresse: str) -> None:
    from playwright.sync_api import expect

    come_in(page, adresse, "lou.faurel")
    page.goto(f"{adresse}/patients/")
    page.keyboard.press("q")
    expect(page.locator("#verrou")).to_be_visible()
    page.click("#verrou >> text=Entrer sous un autre nom")
    come_in(page, adresse, "claire.marchand")

    page.keyboard.press("q")
    page.locator("[data-verrou-touche='1']").wait_for()
    page.keyboard.press("1")
    expect(page.locator("h2")).to_have_text("Lou FAUREL")
    page.locator("[name=actuel]").first.fill(MOT_DE_PASSE)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{adresse}/patients/")
    expect(page.locator(".rail-nom")).to_contain_text("Lou FAUREL")


def test_a_second_tab_locks_and_opens_with_the_first(page: Page, adresse: str) -> None:
    from playwright.sync_api import expect

    come_in(page, adresse, "lou.faurel")
    second = page.context.new_page()
    second.goto(f"{adresse}/patients/")
    second.wait_for_load_state()
    page.keyboard.press("q")
    expect(second.locator("#verrou")).to_be_visible()
    page.fill("#verrou [name=actuel]", MOT_DE_PASSE)
    page.keyboard.press("Enter")
    expect(page.locator("#verrou")).to_be_hidden()
    expect(second.locator("#verrou")).to_be_hidden()
    second.click("text=Bannette")
    expect(second).to_have_url(re.compile("/bannette/"))
