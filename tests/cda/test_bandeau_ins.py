"""The identity on the first page of a document: readable by a scanner and by a person, over nothing, still PDF/A-1b."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageDraw

from opensegur.cda.pdf import check_pdfa, to_pdfa
from opensegur.cda.pdf.bandeau_ins import stamp_identity
from opensegur.foundation.errors import InvalidValue
from opensegur.ins import OID_NIR_TEST, Etat, Matricule, Nature, Preuve, Sexe, Traits, compute_etat
from opensegur.ins.datamatrix import encode_content, parse_content
from opensegur.ins.datamatrix.contenu import contenu_of
from opensegur.ins.datamatrix.images import read_symbols

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
TRAITS = Traits("LEVEQUE", "ALICE COLETTE", "ALICE", "1982-11-30", Sexe.F, "14127", "VALLEE")
MATRICULE = Matricule("282111412790088", OID_NIR_TEST)
RECUP = Preuve(Nature.RECUPERATION_INSI, NOW, matricule=MATRICULE)
QUAL = compute_etat([RECUP, Preuve(Nature.CONTROLE_REUSSI, NOW, piece="PA")])
TEXT = b"Compte rendu de consultation.\n\nTension 12/8.\n"


def picture() -> bytes:
    image = Image.new("RGB", (900, 1300), "white")
    ImageDraw.Draw(image).rectangle((0, 0, 900, 200), fill="navy")
    out = io.BytesIO()
    image.save(out, "JPEG")
    return out.getvalue()


@pytest.mark.exigence("EXI DIF 02")
@pytest.mark.parametrize(("name", "data"), [("note.txt", TEXT), ("photo.jpg", picture())])
def test_the_code_and_the_traits_stand_on_the_first_page(name: str, data: bytes) -> None:
    stamped = stamp_identity(to_pdfa(data, name=name).data, QUAL, TRAITS)
    assert check_pdfa(stamped) == []
    (symbol,) = read_symbols(stamped)
    assert parse_content(symbol.texte) == contenu_of(QUAL, TRAITS)
    assert symbol.page == 1
    text = pypdfium2.PdfDocument(stamped)[0].get_textpage().get_text_range()
    for said in (
        "INS à scanner",
        "LEVEQUE ALICE COLETTE",
        "30/11/1982",
        "2 82 11 14 127 900 88",
        "VALLEE",
        OID_NIR_TEST,
    ):
        assert said in text


def test_nothing_that_was_on_the_page_is_covered_nor_changed() -> None:
    before = to_pdfa(picture(), name="photo.jpg").data
    after = stamp_identity(before, QUAL, TRAITS)
    old, new = pypdfium2.PdfDocument(before)[0], pypdfium2.PdfDocument(after)[0]
    assert new.get_width() == pytest.approx(old.get_width())
    grown = new.get_height() - old.get_height()
    assert grown == pytest.approx(24 * 72 / 25.4, abs=0.5)
    was, now = old.render(scale=1).to_pil(), new.render(scale=1).to_pil()
    kept = now.crop((0, now.height - was.height, now.width, now.height))
    differences = sum(
        abs(a - b) > 40 for a, b in zip(was.convert("L").tobytes(), kept.convert("L").tobytes(), strict=False)
    )
    assert differences < was.width * was.height * 0.01


def test_other_pages_and_the_text_stay_as_they_were() -> None:
    before = to_pdfa(TEXT * 200, name="long.txt").data
    after = stamp_identity(before, QUAL, TRAITS)
    with pikepdf.open(io.BytesIO(before)) as old, pikepdf.open(io.BytesIO(after)) as new:
        assert len(old.pages) == len(new.pages) > 1
        assert list(old.pages[1].mediabox) == list(new.pages[1].mediabox)
    assert "Tension 12/8" in pypdfium2.PdfDocument(after)[0].get_textpage().get_text_range()


def test_a_document_that_bears_the_code_already_is_left_alone() -> None:
    once = stamp_identity(to_pdfa(TEXT, name="note.txt").data, QUAL, TRAITS)
    assert stamp_identity(once, QUAL, TRAITS) == once


@pytest.mark.parametrize("natures", [[], [RECUP], [Preuve(Nature.CONTROLE_REUSSI, NOW, piece="PA")]])
def test_an_identity_that_is_not_qualified_is_not_printed(natures: list[Preuve]) -> None:
    with pytest.raises(InvalidValue) as caught:
        stamp_identity(to_pdfa(TEXT, name="note.txt").data, compute_etat(natures), TRAITS)
    assert caught.value.code == "IDENTITE_NON_QUALIFIEE"
    assert Etat().matricule is None


def test_the_longest_names_still_fit() -> None:
    traits = replace(TRAITS, nom_naissance="A" * 100, prenoms="B" * 100, premier_prenom="B" * 100)
    stamped = stamp_identity(to_pdfa(TEXT, name="note.txt").data, QUAL, traits)
    assert check_pdfa(stamped) == []
    assert read_symbols(stamped)[0].texte == encode_content(contenu_of(QUAL, traits))
