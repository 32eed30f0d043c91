"""A day of whoever administers a practice: a secretary who enrols, a right adjusted, a glass that is broken."""

from __future__ import annotations

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
PHRASE = "quatre-cafés-tièdes"


@pytest.fixture
def cabinet(tmp_path: Path) -> Iterator[str]:
    """The address of a demonstration running in a process of its own."""
    command = [sys.executable, str(_SERVEUR), str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline().split()
        assert len(line) == 2, "the demonstration did not start"
        yield line[0]
        process.communicate("")


def _come_in(page: Page, cabinet: str, identifiant: str, phrase: str) -> None:
    page.goto(f"{cabinet}/compte/connexion/")
    page.locator("[name=identifiant]").fill(identifiant)
    page.locator("[name=mot_de_passe]").fill(phrase)
    page.keyboard.press("Enter")


def _add(page: Page, prenom: str, nom: str, role: str) -> str:
    """By the keyboard alone, from the list of accounts; the code to hand over."""
    page.locator(".rail a", has_text="Équipe").click()
    page.locator("h1", has_text="Équipe").wait_for()
    page.keyboard.press("n")
    page.locator("[name=prenom]").fill(prenom)
    page.locator("[name=nom]").fill(nom)
    page.locator("[name=role]").select_option(role)
    page.keyboard.press("Enter")
    return page.locator(".code-ouverture").inner_text()


def _enrol(page: Page, cabinet: str, code: str) -> None:
    page.goto(f"{cabinet}/compte/connexion/")
    page.get_by_role("link", name="J’ai un code d’ouverture de compte").click()
    page.locator("[name=code]").fill(code)
    page.keyboard.press("Enter")
    page.locator("[name=nouveau]").fill(PHRASE)
    page.locator("[name=encore]").fill(PHRASE)
    page.keyboard.press("Enter")
    page.locator("[name=lu]").check()
    page.get_by_role("button", name="Continuer").click()


def test_an_administrator_a_new_secretary_and_a_doctor_from_outside_the_circle(cabinet: str, chromium: str) -> None:
    from playwright.sync_api import expect, sync_playwright

    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        expect.set_options(timeout=30_000)
        errors: list[str] = []
        desk, counter, other = (browser.new_context(locale="fr-FR").new_page() for _ in range(3))
        for page in (desk, counter, other):
            page.on("pageerror", lambda error: errors.append(str(error)))

        # a secretary is added, enrols, and comes in again with what she chose
        _come_in(desk, cabinet, "claire.marchand", MOT_DE_PASSE)
        _enrol(counter, cabinet, _add(desk, "Inès", "Maillard", "secretaire"))
        expect(counter.locator(".rail-nom")).to_contain_text("Inès MAILLARD")
        counter.get_by_role("button", name="Se déconnecter").click()
        _come_in(counter, cabinet, "ines.maillard", PHRASE)
        expect(counter.locator(".rail-nom")).to_contain_text("Inès MAILLARD")
        expect(counter.locator(".rail a", has_text="Équipe")).to_have_count(0)

        # a right withdrawn on the screen is withdrawn from the session that is open, then given back
        counter.get_by_role("link", name="Guichet").click()
        expect(counter.locator("h1")).to_contain_text("Au guichet")
        desk.locator(".rail a", has_text="Équipe").click()
        desk.get_by_role("link", name="Droits", exact=True).click()
        desk.get_by_role("button", name="Secrétaire, lire une carte, une appli ou un code au guichet : oui").click()
        changed = desk.locator(".droits-changes li")
        expect(changed).to_contain_text("Secrétaire ne peut plus lire une carte")
        counter.reload()
        expect(counter.locator("h1")).to_contain_text("Votre rôle ne permet pas")
        changed.get_by_role("button", name="Remettre").click()
        expect(changed).to_have_count(0)
        counter.reload()
        expect(counter.locator("h1")).to_contain_text("Au guichet")

        # records to the circle of care alone: another doctor gives a reason
        _enrol(other, cabinet, _add(desk, "Noé", "Autre", "medecin"))
        desk.locator(".rail a", has_text="Équipe").click()
        desk.get_by_role("link", name="Accès exceptionnels").click()
        desk.locator("[name=cercle][value=restreint]").check()
        desk.get_by_role("button", name="Enregistrer").click()
        expect(desk.locator(".annonce")).to_contain_text("vaut aussitôt")

        other.get_by_role("link", name="Patients").click()
        other.locator("input[name=nom]").fill("le bihan")
        other.locator(".ligne-patient a").first.click()
        expect(other.locator("body")).to_contain_text("dossier fermé")
        expect(other.locator(".onglets")).to_have_count(0)
        other.wait_for_load_state()
        other.keyboard.press("1")
        expect(other.locator("[name=motif][value=urgence]")).to_be_checked()
        other.locator("[name=precision]").fill("Appelé par le 15, le dossier est demandé.")
        other.get_by_role("button", name="Ouvrir le dossier").click()
        expect(other.locator(".avis-attention").first).to_contain_text("Accès exceptionnel")

        # and it is there to be read again
        desk.reload()
        expect(desk.locator(".tableau")).to_contain_text("Noé AUTRE")
        expect(desk.locator(".tableau")).to_contain_text("Appelé par le 15")
        browser.close()
    assert errors == []
