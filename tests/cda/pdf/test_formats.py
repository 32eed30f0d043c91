from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opensegur.cda.pdf import Format, LimitesPdf, sniff_format, to_pdfa
from opensegur.cda.pdf.formats import check_name
from opensegur.cda.pdf.refus import CATALOGUE, refusal
from opensegur.cda.pdf.texte import clean_text, decode_text
from opensegur.foundation.errors import OpenSegurError, RefusedInput


def test_a_file_is_what_its_content_says(fabrique):
    assert sniff_format(fabrique.pdf()) is Format.PDF
    assert sniff_format(fabrique.image(fabrique.picture(), "JPEG")) is Format.JPEG
    assert sniff_format(fabrique.image(fabrique.picture(), "TIFF")) is Format.TIFF
    assert sniff_format(rb"{\rtf1 Bonjour}") is Format.RTF
    assert sniff_format("Été".encode()) is Format.TXT


def test_bytes_before_the_header_of_a_pdf_are_tolerated(fabrique):
    assert sniff_format(b"\r\n" + fabrique.pdf()) is Format.PDF


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "FICHIER_VIDE"),
        (b" \r\n\x00", "FICHIER_VIDE"),
        (b"PK\x03\x04" + b"\x00" * 30, "FORMAT_REFUSE"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 30, "FORMAT_REFUSE"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 30, "FORMAT_REFUSE"),
        (b"\x00" * 128 + b"DICM" + b"\x02\x00", "FORMAT_REFUSE"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00", "FORMAT_REFUSE"),
        (b"<!DOCTYPE html><html>Erreur 404</html>", "FORMAT_REFUSE"),
        (b"<?xml version='1.0'?><ClinicalDocument/>", "FORMAT_REFUSE"),
        (b"From: a@exemple.invalid\r\n\r\nBonjour", "FORMAT_REFUSE"),
        (b"MZ\x90\x00\x03\x00\x00\x00", "FORMAT_REFUSE"),
        (b"\x01\x02\x03\x04\x05", "FORMAT_INCONNU"),
        (b"caf\x81\xe9", "TEXTE_CHARSET"),
        (codecs.BOM_UTF16_LE + b"\x00\xd8a", "TEXTE_CHARSET"),
    ],
)
def test_what_is_not_accepted_is_named(data, code):
    with pytest.raises(RefusedInput) as refused:
        sniff_format(data)
    assert refused.value.code == code
    assert refused.value.conseil


@pytest.mark.parametrize("sentence", [b"MZ est un sigle.", b"BM, le 3 mars"])
def test_a_sentence_is_not_taken_for_a_program(sentence):
    assert sniff_format(sentence) is Format.TXT


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_usual_charsets_are_read(charset):
    text = "Élévation à 12 €, « œdème »"
    assert sniff_format(text.encode(charset)) is Format.TXT
    assert decode_text(text.encode(charset)) == text


def test_utf_16_big_endian_is_read():
    assert decode_text(codecs.BOM_UTF16_BE + "é".encode("utf-16-be")) == "é"


def test_invisible_characters_go_but_french_spaces_stay():
    assert clean_text("a\u202eb\u200bc\ufeff\x07 d\u00a0;\u202f!\r\ne") == "abc d\u00a0;\u202f!\ne"


@pytest.mark.parametrize(
    ("name", "found"),
    [("a.JPG", Format.JPEG), ("a.doc", Format.RTF), ("", Format.TXT), ("C:\\x\\a.tif", Format.TIFF)],
)
def test_a_name_that_agrees_passes(name, found):
    check_name(name, found)


def test_a_pdf_that_is_a_line_of_text_is_refused():
    with pytest.raises(RefusedInput) as refused:
        to_pdfa(b"Session expiree", name="resultat.pdf")
    assert refused.value.code == "FICHIER_TROMPEUR"
    assert "PDF" in refused.value.message
    assert "texte" in refused.value.message


def test_a_file_above_the_limit_is_refused_before_it_is_read():
    with pytest.raises(RefusedInput) as refused:
        to_pdfa(b"%PDF-" + b"x" * 100, limits=LimitesPdf(max_bytes=50))
    assert refused.value.code == "FICHIER_TROP_GROS"


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_refusal_says_what_and_what_to_do(code):
    error = refusal(code, limite="5 Mo", annonce="PDF", trouve="texte")
    assert error.code == code
    assert error.message.endswith(".")
    assert error.conseil.endswith(".")
    assert "{" not in error.message + error.conseil


@given(st.binary(max_size=400))
def test_any_bytes_have_a_format_or_a_refusal(data):
    try:
        answer = str(sniff_format(data))
    except OpenSegurError as error:
        answer = error.code
    assert answer in [*Format, *CATALOGUE]


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1))
def test_any_utf_8_text_is_read_as_it_is(text):
    assert decode_text(b"\xef\xbb\xbf" + text.encode()) == text
