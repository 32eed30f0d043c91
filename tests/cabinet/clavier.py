"""The demonstration's practice served beside the test, and a browser that logged in at the keyboard."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from opensegur.cabinet.demo import MOT_DE_PASSE

if TYPE_CHECKING:
    from playwright.sync_api import Page


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of the practice, whose data are in ``folder``."""
    script = Path(__file__).with_name("serveur_de_test.py")
    with subprocess.Popen(
        [sys.executable, str(script), str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.communicate("")


@contextmanager
def logged_in(chromium: str, adresse: str, user: str) -> Iterator[Page]:
    """The day's page of ``user``, after a login typed at the keyboard."""
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        opened = browser.new_page()
        opened.goto(f"{adresse}/compte/connexion/")
        opened.keyboard.type(user)
        opened.keyboard.press("Tab")
        opened.keyboard.type(MOT_DE_PASSE)
        opened.keyboard.press("Enter")
        opened.wait_for_url(f"{adresse}/")
        yield opened
        browser.close()
