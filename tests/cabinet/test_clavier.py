"""The keyboard, in a real browser, on the demonstration's practice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from cabinet.clavier import logged_in, served

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def adresse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("cabinet")) as address:
        yield address


@pytest.fixture(scope="module")
def page(chromium: str, adresse: str) -> Iterator[Page]:
    with logged_in(chromium, adresse, "lou.faurel") as opened:
        yield opened


def test_the_day_is_worked_without_a_mouse(page: Page, adresse: str) -> None:
    page.goto(adresse)
    page.keyboard.press("?")
    page.wait_for_selector("#aide[open] .reponse")
    page.keyboard.press("Escape")
    page.wait_for_selector("#aide:not([open])", state="attached")

    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("[...document.querySelectorAll('[data-ligne]')].indexOf(document.activeElement)") == 1

    waiting = page.locator("button", has_text="Est arrivé").count()
    page.locator("button", has_text="Est arrivé").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_function(
        "expected => [...document.querySelectorAll('button')].filter(b => b.textContent.includes('Est arrivé'))"
        ".length === expected",
        arg=waiting - 1,
    )

    page.keyboard.press("n")
    page.wait_for_url("**/patients/?pour=venue")
    page.keyboard.press("/")
    page.keyboard.type("lev")
    page.wait_for_selector("#resultats [data-ligne]")
    page.keyboard.press("Tab")
    page.keyboard.type("/")
    assert page.input_value("[name=prenom]") == "/"  # in a field, a shortcut is a letter


def test_the_first_tab_skips_to_the_content(page: Page, adresse: str) -> None:
    page.goto(adresse)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Aller au contenu"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_no_page_scrolls_sideways(page: Page, adresse: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for path in ("/", "/patients/", "/patients/nouveau/", "/compte/", "/aide/", "/envois/", "/journal/"):
        page.goto(adresse + path)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
