"""Coming in with a card, for real: a chip over SoftHSM2, its agent, a browser, the revocations of the sandbox."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.softhsm, pytest.mark.usefixtures("ports_of_agents")]

_SERVEUR = Path(__file__).with_name("demonstration.py")
_COMMANDE = [sys.executable, "-c", "from opensegur.cli import main; main()"]
MEDECIN = "899700500012"


@dataclass(frozen=True)
class Demonstration:
    cabinet: str
    dossier: Path

    def make_card(self, *options: str) -> dict[str, str]:
        """A card of the doctor, put in the reader; what a program needs in its environment to see it."""
        command = [*_COMMANDE, "sandbox", "--donnees", str(self.dossier / "bac-a-sable"), "carte", "faire", MEDECIN]
        done = subprocess.run([*command, *options], check=True, capture_output=True, text=True, timeout=120)
        return dict(re.findall(r"export (\w+)=(\S+)", done.stdout))

    @contextmanager
    def agent(self, environment: dict[str, str]) -> Iterator[None]:
        """« opensegur poste », as the session of the workstation starts it."""
        command = [*_COMMANDE, "poste", "--dossier", str(self.dossier / "poste")]
        known = {name: value for name, value in os.environ.items() if not name.startswith("SSH_")}
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**known, **environment}
        ) as process:
            assert process.stdout is not None
            assert "Agent du poste" in process.stdout.readline()
            try:
                yield
            finally:
                process.terminate()
            assert process.wait(30) == 0
            assert "1234" not in process.stdout.read()


@pytest.fixture
def demonstration(tmp_path: Path) -> Iterator[Demonstration]:
    folder = tmp_path / "demonstration"
    command = [sys.executable, str(_SERVEUR), str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield Demonstration(process.stdout.readline().split()[0], folder)
        process.communicate("")


@pytest.fixture
def page(chromium: str) -> Iterator[Page]:
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        opened = browser.new_context(locale="fr-FR").new_page()
        opened.set_default_timeout(30_000)
        yield opened
        browser.close()


def pair(page: Page, demonstration: Demonstration) -> None:
    """Once, from an account of the practice; then nobody is logged in any more."""
    page.goto(f"{demonstration.cabinet}/compte/connexion/")
    page.locator("input[name=identifiant]").fill("claire.marchand")
    page.locator("input[name=mot_de_passe]").fill("sous-les-tilleuls")
    page.keyboard.press("Enter")
    page.locator(".rail").wait_for()
    page.goto(f"{demonstration.cabinet}/postes/")
    page.locator("input[name=nom]").fill("bureau")
    page.get_by_role("button", name="Jumeler ce poste").click()
    with page.context.expect_page() as opening:
        page.get_by_role("link", name="la page de l’agent").click()
    opening.value.get_by_role("button", name="Accepter").click()
    opening.value.get_by_text("Ce poste sert").wait_for()
    page.get_by_text("Une carte est insérée").wait_for()
    page.get_by_role("button", name="Se déconnecter").first.click()
    page.get_by_role("heading", name="Entrer").wait_for()


def present_code(page: Page, code: str) -> None:
    page.locator("[data-carte-code]").fill(code)
    page.get_by_role("button", name="Entrer", exact=True).click()


def test_the_doctor_comes_in_with_a_card_after_one_wrong_code(page: Page, demonstration: Demonstration) -> None:
    from playwright.sync_api import expect

    sent: list[str] = []
    with demonstration.agent(demonstration.make_card()):
        pair(page, demonstration)
        page.on("request", lambda request: sent.append(f"{request.url} {request.post_data or ''}"))
        page.get_by_role("link", name="Entrer avec ma carte").click()
        expect(page.locator("[data-carte-dit]")).to_contain_text("CPS de test de CLAIRE MARCHAND")
        present_code(page, "9999")
        expect(page.locator("[data-carte-dit]")).to_contain_text("Le code est faux.")
        present_code(page, "1234")
        page.locator(".rail").wait_for()
        page.goto(f"{demonstration.cabinet}/compte/")
        expect(page.locator(".fiche")).to_contain_text("carte de professionnel")
    told = [each for each in sent if "1234" in each.partition(" ")[2]]
    assert told, "the code goes to the agent"
    assert all(each.startswith("http://127.0.0.1:4173") for each in told)


def test_a_card_that_was_stolen_opens_nothing(page: Page, demonstration: Demonstration) -> None:
    from playwright.sync_api import expect

    with demonstration.agent(demonstration.make_card("--defaut", "revoquee")):
        pair(page, demonstration)
        page.goto(f"{demonstration.cabinet}/compte/carte/")
        expect(page.locator("[data-carte-dit]")).to_contain_text("CPS de test")
        present_code(page, "1234")
        expect(page.get_by_role("alert")).to_contain_text("Ce certificat ne doit plus servir. Révoqué")
