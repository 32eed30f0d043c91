"""The evidence that is asked of an editor for Pro Santé Connect, in a browser, one full-screen frame for each step.

``OPENSEGUR_PREUVES=FOLDER`` keeps the frames; otherwise they go with the folder of the test.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser
_SERVEUR = Path(__file__).with_name("demonstration.py")
_RPPS = "99700500012"


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    command = [sys.executable, str(_SERVEUR), str(tmp_path_factory.mktemp("demonstration"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().split()[0]
        process.communicate("")


class Film:
    """The frames of one scenario, numbered."""

    def __init__(self, page: Any, folder: Path) -> None:
        self._page, self.folder, self._rank = page, folder, 0
        folder.mkdir(parents=True, exist_ok=True)

    def frame(self, name: str) -> None:
        self._rank += 1
        self._page.screenshot(path=self.folder / f"{self._rank:02}-{name}.png")

    @property
    def frames(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())


@contextmanager
def _browser(chromium: str) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        context = browser.new_context(locale="fr-FR", viewport={"width": 1440, "height": 900})
        yield context.new_page()
        browser.close()


def _folder(tmp_path: Path, scenario: str) -> Path:
    kept = os.environ.get("OPENSEGUR_PREUVES")
    return (Path(kept) if kept else tmp_path) / scenario


def _read_the_terms(page: Any, film: Film, cabinet: str) -> None:
    """From the login page down to the paragraph on Pro Santé Connect, then back."""
    page.goto(f"{cabinet}/compte/connexion/")
    film.frame("connexion")
    page.get_by_role("link", name="Conditions d’utilisation").click()
    page.wait_for_url("**/compte/conditions/")
    film.frame("conditions")
    page.get_by_role("link", name="Pro Santé Connect").click()
    page.wait_for_function("document.querySelector('#psc').getBoundingClientRect().top < innerHeight / 2")
    film.frame("conditions-paragraphe-psc")
    page.get_by_role("link", name="Fermer").click()
    page.wait_for_url("**/compte/connexion/")


def _show_that_it_holds(page: Any, film: Film, cabinet: str) -> None:
    page.goto(f"{cabinet}/compte/")
    assert "Pro Santé Connect" in page.locator("dl.fiche").inner_text()
    film.frame("connexion-valide")


def _by_the_browser(page: Any, film: Film) -> None:
    page.get_by_role("link", name="S’identifier avec Pro Santé Connect").click()
    film.frame("pro-sante-connect")
    page.get_by_role("button", name="S’identifier").click()
    page.wait_for_selector(".rail-compte")


def _by_the_phone(page: Any, film: Film, cabinet: str) -> None:
    page.get_by_role("link", name="Accord sur mon téléphone").click()
    page.locator("[name=numero]").fill(_RPPS)
    page.keyboard.press("Enter")
    page.wait_for_selector(".code-psc")
    film.frame("code-a-l-ecran")
    sandbox = re.match(
        r"https?://[^/]+", page.context.request.get(f"{cabinet}/compte/psc/", max_redirects=0).headers["location"]
    )
    assert sandbox
    phone = page.context.new_page()
    phone.goto(f"{sandbox[0]}/auth/telephone")
    assert phone.locator(".code-ciba").inner_text() == page.locator(".code-psc").inner_text()
    Film(phone, film.folder / "telephone").frame("code-sur-le-telephone")
    phone.get_by_role("button", name="Accepter").click()
    phone.close()
    page.wait_for_selector(".rail-compte")


def _leave(page: Any, film: Film) -> None:
    page.locator(".rail-compte").get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url("**/compte/connexion/**")
    film.frame("deconnexion")


@pytest.mark.exigence("PSC.01")
def test_the_scenario_by_the_browser(demonstration: str, chromium: str, tmp_path: Path) -> None:
    with _browser(chromium) as page:
        film = Film(page, _folder(tmp_path, "psc-navigateur"))
        _read_the_terms(page, film, demonstration)
        _by_the_browser(page, film)
        _show_that_it_holds(page, film, demonstration)
        _leave(page, film)
        # PSC has forgotten the person too: its page asks again
        _by_the_browser(page, film)
        _show_that_it_holds(page, film, demonstration)
        assert len(film.frames) == 8


@pytest.mark.exigence("PSC.01")
def test_the_scenario_by_the_phone(demonstration: str, chromium: str, tmp_path: Path) -> None:
    with _browser(chromium) as page:
        film = Film(page, _folder(tmp_path, "psc-ciba"))
        _read_the_terms(page, film, demonstration)
        _by_the_phone(page, film, demonstration)
        _show_that_it_holds(page, film, demonstration)
        _leave(page, film)
        _by_the_phone(page, film, demonstration)
        _show_that_it_holds(page, film, demonstration)
