"""The counter in a real browser, on the demonstration: a card, an appli, a scanner that types wherever the cursor is."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from opensegur.ins import OID_NIR_TEST, Matricule, Sexe
from opensegur.ins.datamatrix import ContenuIns, encode_content
from opensegur.ins.datamatrix.symbole import to_png

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

_SERVEUR = Path(__file__).with_name("demonstration.py")
# a patient of the demonstration, qualified, and as the code of a document bears them
FABRE = encode_content(
    ContenuIns(
        Matricule("222021207090089", OID_NIR_TEST), "FABRE", "GERMAINE AUGUSTINE", Sexe.F, "1922-02-02", "12070"
    )
)
# what an American scanner types on a French keyboard
_AZERTY = str.maketrans("0123456789.-", "à&é\"'(-è_ç:)")


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    command = [sys.executable, str(_SERVEUR), str(tmp_path_factory.mktemp("demonstration"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        cabinet, console = process.stdout.readline().split()
        yield cabinet, console
        process.communicate("")


@pytest.fixture(scope="module")
def webcam(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the browser takes for a camera: a sheet held in front of it, whose code is a small part of the picture."""
    view = Image.new("RGB", (1280, 720), (196, 190, 178))
    view.paste(Image.new("RGB", (620, 640), (250, 250, 246)), (330, 40))
    code = Image.open(io.BytesIO(to_png(FABRE))).convert("RGB")
    view.paste(code.resize((220, 220)).rotate(4, expand=True, fillcolor=(250, 250, 246)), (480, 230))
    frame = io.BytesIO()
    view.save(frame, "JPEG", quality=80)
    path = tmp_path_factory.mktemp("camera") / "camera.mjpeg"
    path.write_bytes(frame.getvalue() * 10)
    return path


@pytest.fixture
def page(demonstration: tuple[str, str], chromium: str, webcam: Path) -> Iterator[Page]:
    """The pharmacist, logged in."""
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    arguments += ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    arguments += [f"--use-file-for-fake-video-capture={webcam}"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        opened = browser.new_page(locale="fr-FR", viewport={"width": 1440, "height": 900})
        opened.set_default_timeout(30_000)
        opened.goto(f"{demonstration[0]}/compte/connexion/")
        opened.locator("input[name=identifiant]").fill("nadia.bensaid")
        opened.locator("input[name=mot_de_passe]").fill("sous-les-tilleuls")
        opened.keyboard.press("Enter")
        opened.locator(".rail").wait_for()
        yield opened
        browser.close()


def scan(page: Page, text: str, *, after: str = "") -> None:
    """Type as a hand scanner does: at once, then Enter; ``after``: a button pressed in the same instant, by its value."""
    page.evaluate(
        """([text, after]) => {
          if (after) document.querySelector(`button[value="${after}"]`).click();
          for (const key of [...text, "Enter"]) {
            const target = document.activeElement ?? document.body;
            const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
            if (target.dispatchEvent(event) && key.length === 1 && "value" in target) target.value += key;
          }
        }""",
        [text, after],
    )


def test_from_the_card_to_a_qualified_identity_in_three_keystrokes(
    page: Page, demonstration: tuple[str, str]
) -> None:
    from playwright.sync_api import expect

    page.goto(f"{demonstration[0]}/guichet/vitale/")
    page.get_by_role("button", name="Insérer").nth(2).click()
    expect(page.get_by_role("heading", name="Qui est présent ?")).to_be_visible()
    for keystroke, arrives in (
        ("1", page.get_by_role("heading", name="Est-ce bien cette personne ?")),
        ("1", page.locator("input[value=PA]:checked")),
        ("Enter", page.locator(".bandeau")),
    ):
        page.keyboard.press(keystroke)
        expect(arrives).to_be_visible()
    expect(page.locator(".bandeau")).to_contain_text("Identité qualifiée")


@pytest.mark.parametrize("damage", ["none", "separators lost", "azerty"])
@pytest.mark.parametrize("where", ["nowhere", "in a field"])
def test_a_scan_opens_the_record_wherever_the_cursor_is(
    page: Page, demonstration: tuple[str, str], damage: str, where: str
) -> None:
    text = {
        "none": FABRE,
        "separators lost": FABRE.replace("\u001d", ""),
        "azerty": FABRE.replace("\u001d", "").translate(_AZERTY).translate(str.maketrans("AQZWM", "QAWZ?")),
    }[damage]
    page.goto(f"{demonstration[0]}/patients/")
    if where == "in a field":
        page.locator("input[name=nom]").fill("")
        page.locator("input[name=nom]").focus()
    else:
        page.evaluate("document.activeElement?.blur()")
    scan(page, text)
    page.locator(".bandeau").wait_for()
    assert "FABRE" in page.locator(".bandeau").inner_text()


def test_a_scan_does_not_lose_what_is_being_typed(page: Page, demonstration: tuple[str, str]) -> None:
    from playwright.sync_api import expect

    page.goto(f"{demonstration[0]}/patients/nouveau/")
    page.locator("input[name=nom_naissance]").fill("DUPONT")
    scan(page, FABRE)
    expect(page.get_by_text("Votre saisie sur cette page n’est pas enregistrée")).to_be_visible()
    page.get_by_role("button", name="Continuer ma saisie").click()
    expect(page.locator("input[name=nom_naissance]")).to_have_value("DUPONT")
    scan(page, FABRE)
    page.get_by_role("button", name="Ouvrir ce qui est scanné").click()
    expect(page.locator(".bandeau")).to_contain_text("FABRE")


def test_a_scan_in_the_instant_after_the_question_is_not_lost(page: Page, demonstration: tuple[str, str]) -> None:
    from playwright.sync_api import expect

    page.goto(f"{demonstration[0]}/patients/nouveau/")
    page.locator("input[name=nom_naissance]").fill("DUPONT")
    scan(page, FABRE)
    scan(page, FABRE, after="rester")
    page.get_by_role("button", name="Ouvrir ce qui est scanné").click()
    expect(page.locator(".bandeau")).to_contain_text("FABRE")


def test_a_person_who_types_is_not_a_scanner(page: Page, demonstration: tuple[str, str]) -> None:
    from playwright.sync_api import expect

    page.goto(f"{demonstration[0]}/patients/")
    field = page.locator("input[name=nom]")
    field.focus()
    for key in "is01":
        page.keyboard.press(key, delay=60)
    expect(field).to_have_value("is01")
    field.fill("")
    page.evaluate("document.activeElement?.blur()")
    page.keyboard.press("?")
    expect(page.locator("#aide")).to_be_visible()


def test_the_page_of_a_document_is_read_when_it_is_dropped(page: Page, demonstration: tuple[str, str]) -> None:
    from playwright.sync_api import expect

    page.goto(f"{demonstration[0]}/guichet/")
    page.locator("input[name=fichier]").set_input_files(
        {"name": "page.png", "mimeType": "image/png", "buffer": to_png(FABRE)}
    )
    page.get_by_role("button", name="Lire le fichier").click()
    expect(page.locator(".bandeau")).to_contain_text("FABRE")


def test_the_webcam_reads_the_code_that_is_held_in_front_of_it(page: Page, demonstration: tuple[str, str]) -> None:
    from playwright.sync_api import expect

    page.goto(f"{demonstration[0]}/guichet/")
    page.locator("[data-camera]").click()
    expect(page.locator(".bandeau")).to_contain_text("FABRE")


def test_the_code_of_a_telephone_qualifies_a_child(page: Page, demonstration: tuple[str, str]) -> None:
    from playwright.sync_api import expect

    cabinet, console = demonstration
    page.goto(f"{console}population?q=HEBERT+MATTHIEU")
    page.get_by_role("button", name="Appli").first.click()
    token = page.locator(".jeton").inner_text()
    assert re.fullmatch(r"APCV1:[\w-]{43}", token)
    page.goto(f"{cabinet}/patients/")
    page.evaluate("document.activeElement?.blur()")
    scan(page, token)
    expect(page.get_by_role("heading", name="Qui est présent ?")).to_be_visible()
    page.keyboard.press("2")
    expect(page.locator(".bandeau")).to_contain_text("Identité qualifiée")
    expect(page.get_by_text("Aucune pièce n’est à demander")).to_be_visible()
