"""Whatever a document holds, opening it harms nobody: it is refused, or shown without being obeyed."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import pytest
from lxml import etree

from cda.attaques import SECRET, attaques
from cda.surete import assert_safe
from opensegur.cda import read_document, render_html, render_page, validate_document
from opensegur.cda.locate import clinical_document
from opensegur.cda.n3.biologie.compte_rendu import read_cr_bio
from opensegur.cda.n3.liaison.lettre import read_discharge_letter, read_entry_letter
from opensegur.cda.n3.pharmacie.dispensation import read_dispensation
from opensegur.cda.n3.pharmacie.prescription import read_prescription
from opensegur.cda.n3.vaccinations import read_vaccination_document
from opensegur.cda.n3.vsm import read_vsm
from opensegur.cda.testing import MEDECIN
from opensegur.foundation.errors import OpenSegurError, RefusedInput

_PLACE = "/secret-a-remplacer"
_READERS: tuple[Callable[[etree._Element], object], ...] = (
    lambda root: read_vsm(root, MEDECIN),
    read_vaccination_document,
    read_cr_bio,
    read_prescription,
    read_dispensation,
    read_entry_letter,
    read_discharge_letter,
)
ATTACKS = {attack.nom: attack for attack in attaques(_PLACE)}


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret.txt"
    path.write_text(SECRET, encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        pytest.fail("the document made us call somebody")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)


def test_there_are_more_than_a_hundred() -> None:
    assert len(ATTACKS) >= 100
    assert len(list(attaques(_PLACE))) == len(ATTACKS)


@pytest.mark.parametrize("nom", ATTACKS)
def test_it_is_refused_or_defused(nom: str, secret: Path) -> None:
    attack = ATTACKS[nom]
    data = attack.octets.replace(_PLACE.encode(), str(secret).encode())
    before = sorted(secret.parent.iterdir())
    report = validate_document(data)
    assert SECRET not in repr(report)
    if attack.refusee:
        assert_refused(data)
        assert not report.ok
    else:
        assert_defused(data)
    assert sorted(secret.parent.iterdir()) == before


def assert_refused(data: bytes) -> None:
    for use in (read_document, render_html, clinical_document):
        with pytest.raises(RefusedInput) as refusal:
            use(data)
        assert refusal.value.message
        assert refusal.value.conseil


def assert_defused(data: bytes) -> None:
    try:
        shown = render_html(data, file_url="/documents/1/")
        page = render_page(data)
        document = read_document(data)
    except RefusedInput:
        return
    assert_safe(shown, "/documents/1/")
    assert "default-src 'none'" in page
    for text in (shown, page, repr(document)):
        assert SECRET not in text
    for read in _READERS:
        with suppress(OpenSegurError):
            read(clinical_document(data))
