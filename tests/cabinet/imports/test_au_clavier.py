"""A base taken over by its référent d'identité, without a mouse, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cabinet.clavier import logged_in, served

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

_BASE = """Numéro;Nom de naissance;Prénoms;Né(e) le;Sexe
A1;GUIVARCH;SOLENN MARIE;12/04/1979;F
A2;PEDRONO;ERWAN;21/02/50;M
A3;LE DANTEC;MAËL;02/09/2015;M
"""


@pytest.fixture
def adresse(tmp_path: Path) -> Iterator[str]:
    with served(tmp_path) as address:
        yield address


@pytest.fixture
def page(chromium: str, adresse: str) -> Iterator[Page]:
    with logged_in(chromium, adresse, "claire.marchand") as opened:
        yield opened


def _press(page: Page, label: str) -> None:
    """Go to the button with the Tab key alone, then press it."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip() == label:
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"le clavier n’atteint pas « {label} »")


def test_from_the_file_to_the_records_and_back(page: Page, adresse: str) -> None:
    page.goto(f"{adresse}/imports/")
    file = {"name": "ancien.csv", "mimeType": "text/csv", "buffer": _BASE.encode("cp1252")}
    page.set_input_files("input[type=file]", files=[file])  # type: ignore[list-item]
    page.focus("[name=source]")
    page.keyboard.type("Ancien logiciel")
    _press(page, "Lire le fichier")
    page.wait_for_url("**/colonnes/")
    assert "SOLENN MARIE" in page.inner_text("#apercu")
    assert page.locator("#apercu .import-refusee").count() == 1
    _press(page, "Essayer tout le fichier")
    page.wait_for_selector("text=Rien n’est encore écrit")
    assert "dossiers à créer\n2" in page.inner_text(".import-chiffres")
    _press(page, "Importer")
    page.wait_for_selector("text=Défaire cet import")
    assert "deux chiffres" in page.inner_text("table.tableau")
    _press(page, "Défaire cet import")
    _press(page, "Défaire l’import")
    page.wait_for_selector("text=dossiers retirés")
