from __future__ import annotations

import io

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opensegur.cda.pdf import LimitesPdf, Outils, check_pdfa, to_pdfa
from opensegur.cda.pdf.refus import CATALOGUE
from opensegur.foundation.errors import OpenSegurError, RefusedInput

ALONE = Outils()
QUICK = LimitesPdf(dpi=30, max_pages=20, seconds=20)
slow_ok = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _converted_or_refused(data: bytes) -> str:
    try:
        made = to_pdfa(data, outils=ALONE, limits=QUICK)
    except OpenSegurError as error:
        return _known(error.code)
    assert check_pdfa(made.data) == []
    return ""


def _known(code: str) -> str:
    assert code in CATALOGUE
    return code


@slow_ok
@given(cut=st.floats(0, 1))
def test_a_truncated_pdf_is_converted_or_refused(fabrique, cut):
    source = fabrique.pdf()
    _converted_or_refused(source[: max(8, int(len(source) * cut))])


@slow_ok
@given(data=st.data())
def test_a_damaged_pdf_is_converted_or_refused(fabrique, data):
    source = bytearray(fabrique.with_everything_active())
    for place in data.draw(st.lists(st.integers(8, len(source) - 1), min_size=1, max_size=12)):
        source[place] = data.draw(st.integers(0, 255))
    _converted_or_refused(bytes(source))


@slow_ok
@given(st.binary(max_size=300))
def test_noise_after_a_header_is_refused(noise):
    assert _converted_or_refused(b"%PDF-1.7\n" + noise) in CATALOGUE


def test_a_pdf_without_a_page_is_refused():
    with pikepdf.new() as pdf, io.BytesIO() as written:
        pdf.save(written)
        assert _converted_or_refused(written.getvalue()) == "PDF_SANS_PAGE"


def test_a_polyglot_leaves_only_its_pdf(fabrique):
    sound = to_pdfa(b"Bonjour").data
    for source in (b"#!/bin/sh\nrm\n" + sound, sound + b"PK\x03\x04 archive", b"GIF-texte\n" + fabrique.pdf()):
        made = to_pdfa(source, outils=ALONE)
        assert made.data.startswith(b"%PDF-1.4")
        assert b"#!/bin/sh" not in made.data
        assert b"PK\x03\x04" not in made.data


@pytest.mark.parametrize(
    "box",
    [
        [0, 0, 14400, 14400],
        [0, 0, 2000000, 10],
        [0, 0, 0.001, 0.001],
        [0, 0, 0, 0],
        [100, 100, -100, -100],
        [0, 0, 1e30, 1e30],
    ],
)
def test_a_page_of_any_size_is_converted_or_refused(fabrique, box):
    def resize(pdf):
        pdf.pages[0].obj.MediaBox = pikepdf.Array([pikepdf.Object.parse(f"{side:.3f}".encode()) for side in box])

    _converted_or_refused(fabrique.edited(resize))


def test_an_endless_page_tree_is_converted_or_refused(fabrique):
    def loop(pdf):
        pdf.Root.Pages.Kids = pikepdf.Array([pdf.Root.Pages, pdf.Root.Pages])

    try:
        source = fabrique.edited(loop)
    except (pikepdf.PdfError, RecursionError):
        source = fabrique.pdf().replace(b"/Kids [", b"/Kids [1 0 R ")
    _converted_or_refused(source)


def test_an_endless_chain_of_actions_is_cut(fabrique):
    def chain(pdf):
        first = pdf.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.GoTo, D="x"))
        second = pdf.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="1", Next=first))
        first.Next = second
        pdf.Root.OpenAction = first

    made = to_pdfa(fabrique.edited(chain), outils=ALONE)
    assert b"JavaScript" not in made.data


def test_deeply_nested_arrays_are_converted_or_refused(fabrique):
    source = fabrique.edited(lambda pdf: None, qdf=True)
    _converted_or_refused(source.replace(b"/Type /Catalog", b"/Type /Catalog /X " + b"[" * 5000 + b"]" * 5000))


def test_names_that_are_not_text_are_converted_or_refused(fabrique):
    source = fabrique.edited(lambda pdf: None, qdf=True)
    _converted_or_refused(source.replace(b"/Type /Catalog", b"/Type /Catalog /#ff#fe /#fe#ff"))


def test_a_stream_that_expands_without_end_is_bounded_by_the_page_it_draws(fabrique):
    def swell(pdf):
        pdf.pages[0].contents_add(b"0 0 m 1 1 l S\n" * 200_000)

    _converted_or_refused(fabrique.edited(swell))


def test_an_active_field_of_a_sound_document_never_comes_back_untouched(fabrique):
    made = to_pdfa(fabrique.with_everything_active(to_pdfa(b"Bonjour").data), outils=ALONE)
    assert made.method == "repare"


def test_a_refusal_says_nothing_of_the_patient(fabrique):
    source = fabrique.edited(lambda pdf: pdf.docinfo.update({"/Title": "MARTIN Zoe"}))[:-400]
    with pytest.raises(RefusedInput) as refused:
        to_pdfa(source.replace(b"/Pages", b"/Pagez"), name="MARTIN_Zoe.pdf", outils=ALONE)
    assert "MARTIN" not in f"{refused.value} {refused.value.detail} {refused.value.conseil}"
