"""A workstation, from its agent to the card, in a real browser: the practice over https, the agent on loopback."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("ports_of_agents")]

_ICI = Path(__file__).parent


@contextmanager
def started(script: str, folder: Path) -> Iterator[str]:
    """What it prints first; it ends with the block."""
    command = [sys.executable, str(_ICI / script), str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split()[0]
        finally:
            process.communicate("")


@pytest.fixture(scope="module")
def cabinet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with started("cabinet_https.py", tmp_path_factory.mktemp("cabinet")) as address:
        yield address


@pytest.fixture
def page(cabinet: str, chromium: str) -> Iterator[Page]:
    """The pharmacist, logged in, on « Ce poste »."""
    with opened_page(cabinet, chromium) as opened:
        yield opened


@contextmanager
def opened_page(cabinet: str, chromium: str, *options: str) -> Iterator[Page]:
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    arguments += ["--host-resolver-rules=MAP cabinet.lan 127.0.0.1", "--ignore-certificate-errors", *options]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        opened = browser.new_context(locale="fr-FR", viewport={"width": 1280, "height": 900}).new_page()
        opened.set_default_timeout(30_000)
        opened.goto(f"{cabinet}/compte/connexion/")
        opened.locator("input[name=identifiant]").fill("nadia.bensaid")
        opened.locator("input[name=mot_de_passe]").fill("sous-les-tilleuls")
        opened.keyboard.press("Enter")
        opened.locator(".rail").wait_for()
        opened.goto(f"{cabinet}/postes/")
        yield opened
        browser.close()


def test_without_an_agent_the_page_says_what_to_install(page: Page) -> None:
    from playwright.sync_api import expect

    expect(page.locator("[data-poste-dit]")).to_have_text("Aucun agent ne répond sur ce poste.")
    expect(page.get_by_text("opensegur poste installer")).to_be_visible()


def test_paired_in_three_clicks_then_revoked(page: Page, cabinet: str, tmp_path: Path) -> None:
    from playwright.sync_api import expect

    with started("agent_de_poste.py", tmp_path):
        page.goto(f"{cabinet}/postes/")
        expect(page.locator("[data-poste-dit]")).to_contain_text("n’est pas jumelé avec ce cabinet")
        page.locator("input[name=nom]").fill("comptoir")
        page.get_by_role("button", name="Jumeler ce poste").click()
        code = page.locator("[data-poste-chiffres]")
        expect(code).to_have_text(re.compile(r"\d{3} \d{3}"))
        with page.context.expect_page() as opening:
            page.get_by_role("link", name="la page de l’agent").click()
        agent = opening.value
        expect(agent.get_by_text(cabinet)).to_be_visible()
        expect(agent.locator(".code")).to_have_text(code.inner_text())
        agent.get_by_role("button", name="Accepter").click()
        expect(agent.get_by_text("Ce poste sert")).to_be_visible()

        expect(page.locator("[data-poste-constats]")).to_contain_text("Une carte est insérée (comptoir).")
        expect(page.locator(".lignes")).to_contain_text("comptoir")
        page.goto(f"{cabinet}/guichet/")
        expect(page.locator(".poste-bande")).to_contain_text("sont prêts")

        page.goto(f"{cabinet}/postes/")
        page.get_by_role("button", name="Révoquer").click()
        expect(page.locator("[data-poste-dit]")).to_contain_text("a été révoqué")


def test_a_server_on_the_internet_needs_leave_of_the_browser_and_the_page_says_so(
    cabinet: str, chromium: str, tmp_path: Path
) -> None:
    """Local Network Access: asked of pages that come from outside, not of those of a local network."""
    from playwright.sync_api import expect

    outside = f"--ip-address-space-overrides=127.0.0.1:{urlsplit(cabinet).port}=public"
    with started("agent_de_poste.py", tmp_path), opened_page(cabinet, chromium, outside) as page:
        expect(page.locator("[data-poste-dit]")).to_contain_text("Le navigateur interdit à cette page")
        page.context.grant_permissions(["local-network-access"], origin=cabinet)
        page.get_by_role("button", name="Vérifier de nouveau").click()
        expect(page.locator("[data-poste-dit]")).to_contain_text("n’est pas jumelé avec ce cabinet")


def test_a_page_of_elsewhere_reads_nothing_of_the_agent(page: Page, tmp_path: Path) -> None:
    with started("agent_de_poste.py", tmp_path) as agent:
        elsewhere = page.context.new_page()
        elsewhere.route(
            "https://voleur.example/", lambda route: route.fulfill(body="<p>ailleurs</p>", content_type="text/html")
        )
        elsewhere.goto("https://voleur.example/")
        ask = "([address, options]) => fetch(address, options).then(() => 'lu', () => 'refusé')"
        for path in ("/", "/v1/bonjour", "/v1/etat"):
            assert elsewhere.evaluate(ask, [agent + path, {}]) == "refusé"
        form = {"method": "POST", "mode": "no-cors", "body": "code=1"}
        elsewhere.evaluate(ask, [f"{agent}/accepter", form])
        page.goto(agent)
        assert "jumelé avec aucun serveur" in page.inner_text("body")
