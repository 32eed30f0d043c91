from __future__ import annotations

import io

import pikepdf
import pytest

from opensegur.cda.pdf import Format, LimitesPdf, Methode, Outils, to_pdfa
from opensegur.foundation.errors import RefusedInput

ALONE = Outils()


def test_a_text_keeps_its_words_its_lines_and_its_french_typography(text_of):
    text = "Bilan : « œdème » à l’effort ≥ 2, 37,5 °C\r\n\r\n    retrait\tcolonne\nα β µ ☐ ☑ —"
    made = to_pdfa(text.encode("cp1252", "ignore") and text.encode(), title="Bilan")
    assert (made.format, made.method, made.pages, made.findings) == (Format.TXT, Methode.COMPOSE, 1, ())
    shown = text_of(made.data)
    for part in ("« œdème »", "l’effort ≥ 2", "37,5 °C", "retrait", "colonne", "α β µ ☐ ☑ —", "Page 1/1"):
        assert part in shown.replace("\u00a0", " ")


def test_no_break_spaces_never_end_a_line(text_of):
    made = to_pdfa(("mot " * 21 + "résultat\u202f:\u00a0positif ").encode())
    assert "résultat : positif" in text_of(made.data).replace("\u00a0", " ").replace("\u202f", " ")


def test_pages_are_numbered_and_a_form_feed_starts_one(text_of):
    made = to_pdfa(("Une ligne\n" * 120 + "\fDernière").encode())
    assert made.pages == 4
    assert all(f"Page {number}/4" in text_of(made.data) for number in range(1, 5))


def test_a_character_without_a_drawing_is_never_lost(text_of):
    made = to_pdfa("Douleur 中 forte".encode())
    assert "[U+4E2D]" in text_of(made.data)
    (finding,) = made.findings
    assert finding.rule == "PDF/CARACTERES"
    assert "1 caractère sans" in finding.message


def test_the_language_the_title_and_the_fonts_are_in_the_file():
    with io.BytesIO(to_pdfa(b"Bonjour", title="Lettre à un confrère").data) as stream, pikepdf.open(stream) as pdf:
        assert str(pdf.Root.Lang) == "fr-FR"
        assert str(pdf.docinfo["/Title"]) == "Lettre à un confrère"
        fonts = {
            str(item.FontName) for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/FontName" in item
        }
    assert any("Atkinson" in name for name in fonts)


def test_a_text_too_long_is_refused():
    for limits, code in (
        (LimitesPdf(max_characters=10), "FICHIER_TROP_GROS"),
        (LimitesPdf(max_pages=1), "TROP_DE_PAGES"),
    ):
        with pytest.raises(RefusedInput) as refused:
            to_pdfa(b"ligne\n" * 200, limits=limits)
        assert refused.value.code == code


def test_a_text_of_invisible_characters_is_refused():
    with pytest.raises(RefusedInput) as refused:
        to_pdfa("\u200b\u200e\n".encode())
    assert refused.value.code == "TEXTE_VIDE"


RTF = rb"{\rtf1\ansi\ansicpg1252{\fonttbl\f0 Arial;}{\info{\title T}}\f0 Compte rendu\par\'e9l\'e9vation \u8364?\par}"


def test_the_text_of_an_rtf_is_set_and_the_loss_is_said(text_of):
    made = to_pdfa(RTF, name="lettre.rtf", outils=ALONE)
    assert (made.format, made.method, made.origin) == (Format.RTF, Methode.COMPOSE, "text/rtf")
    assert "élévation €" in text_of(made.data)
    assert [finding.rule for finding in made.findings] == ["PDF/MISE_EN_PAGE"]


@pytest.mark.parametrize("data", [rb"{\rtf1 }", rb"{\rtf1", rb"{\rtf1{\pict 00ff}}"])
def test_an_rtf_without_a_word_is_refused(data):
    with pytest.raises(RefusedInput) as refused:
        to_pdfa(data, outils=ALONE)
    assert refused.value.code in ("TEXTE_VIDE", "RTF_ABIME")


def test_an_rtf_of_endless_groups_is_refused():
    with pytest.raises(RefusedInput) as refused:
        to_pdfa(rb"{\rtf1 " + b"{" * 100_000, outils=ALONE)
    assert refused.value.code == "RTF_ABIME"
