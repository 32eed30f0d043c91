from __future__ import annotations

import io

import pikepdf
import pytest
from PIL import ImageChops, ImageFilter

from opensegur.cda.pdf import Format, LimitesPdf, Methode, Outils, check_pdfa, conversion, to_pdfa
from opensegur.foundation.errors import RefusedInput

ALONE = Outils()
WITH_GHOSTSCRIPT = Outils(ghostscript=Outils.found().ghostscript)
needs_ghostscript = pytest.mark.skipif(WITH_GHOSTSCRIPT.ghostscript is None, reason="needs Ghostscript")


def _differ(one, other) -> float:
    """The share of pixels that differ, after a blur that forgives the drawing of letters."""
    pair = [image.convert("L").filter(ImageFilter.GaussianBlur(2)) for image in (one, other.resize(one.size))]
    histogram = ImageChops.difference(*pair).histogram()
    return sum(histogram[40:]) / (one.width * one.height)


def test_metadata_and_structure_alone_are_repaired(fabrique, text_of):
    """A PDF/A that a mail gateway opened and saved: its pages are sound, its declaration is gone."""

    def undeclare(pdf):
        del pdf.Root.Metadata
        del pdf.Root.OutputIntents

    source = fabrique.edited(undeclare, to_pdfa(b"Glyc\xc3\xa9mie").data)
    made = to_pdfa(source, outils=ALONE)
    assert (made.method, made.format, made.origin) == (Methode.REPARE, Format.PDF, "application/pdf")
    assert "Glycémie" in text_of(made.data)
    assert made.findings == ()


@needs_ghostscript
def test_a_font_that_is_not_embedded_is_embedded_by_ghostscript(fabrique, text_of, drawn):
    source = fabrique.pdf(pages=3)
    made = to_pdfa(source, outils=WITH_GHOSTSCRIPT)
    assert (made.method, made.pages) == (Methode.GHOSTSCRIPT, 3)
    assert text_of(made.data).count("Compte rendu de consultation") == 3
    assert _differ(drawn(source), drawn(made.data)) < 0.002


def test_without_ghostscript_a_page_becomes_an_image_with_selectable_text(fabrique, text_of, drawn):
    source = fabrique.pdf("Hémoglobine 13,2 g/dL", pages=2)
    made = to_pdfa(source, outils=ALONE)
    assert (made.method, made.pages) == (Methode.PIXELS, 2)
    assert text_of(made.data).count("Hémoglobine 13,2 g/dL") == 2
    assert [found.rule for found in made.findings] == ["PDF/PIXELS"]
    assert _differ(drawn(source), drawn(made.data)) < 0.002


def test_the_text_under_an_image_lies_where_it_is_seen(fabrique):
    import pypdfium2

    def box(data):
        with pypdfium2.PdfDocument(data) as pdf:
            page = pdf[0]
            textpage = page.get_textpage()
            assert textpage.count_rects() == 1
            found = textpage.get_rect(0)
            textpage.close()
            page.close()
            return found

    source = fabrique.pdf("Compte rendu")
    seen, hidden = box(source), box(to_pdfa(source, outils=ALONE).data)
    assert all(abs(one - other) < 4 for one, other in zip(seen, hidden, strict=True))


@pytest.mark.parametrize("outils", [ALONE, pytest.param(WITH_GHOSTSCRIPT, marks=needs_ghostscript)])
def test_transparency_is_flattened_and_its_text_stays_selectable(fabrique, text_of, drawn, outils):
    source = fabrique.with_transparency()
    made = to_pdfa(source, outils=outils)
    assert "Texte sous un voile" in text_of(made.data)
    assert _differ(drawn(source), drawn(made.data)) < 0.005


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_stays_as_it_is_displayed(fabrique, text_of, drawn, turn):
    source = fabrique.edited(lambda pdf: pdf.pages[0].rotate(turn, relative=False))
    made = to_pdfa(source, outils=ALONE)
    assert drawn(made.data).size == drawn(source).size
    assert _differ(drawn(source), drawn(made.data)) < 0.002
    assert "Compte" in text_of(made.data)


def test_active_content_is_removed_on_every_road(fabrique):
    sound = to_pdfa(b"Bonjour").data
    for source, outils in ((sound, ALONE), (None, ALONE), (None, WITH_GHOSTSCRIPT)):
        made = to_pdfa(fabrique.with_everything_active(source), outils=outils)
        assert "PDF/CONTENU_ACTIF" in [found.rule for found in made.findings]
        for word in (b"JavaScript", b"/Launch", b"EmbeddedFile", b"/XFA", b"SubmitForm", b"app.alert", b"/Movie"):
            assert word not in made.data
        with io.BytesIO(made.data) as stream, pikepdf.open(stream) as pdf:
            assert not pdf.attachments
            assert "/AcroForm" not in pdf.Root


def test_a_harmless_link_stays(fabrique):
    def link(pdf):
        action = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://exemple.invalid/")
        pdf.pages[0].obj.Annots = pikepdf.Array(
            [
                pikepdf.Dictionary(
                    Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[10, 10, 90, 30], F=4, A=action
                )
            ]
        )

    made = to_pdfa(fabrique.edited(link, to_pdfa(b"Voir le site").data), outils=ALONE)
    assert made.findings == ()
    assert b"https://exemple.invalid/" in made.data


def test_a_filled_field_is_drawn_into_the_page(fabrique, text_of):
    def fill(pdf):
        stream = pikepdf.Stream(pdf, b"BT /F1 12 Tf 2 4 Td (Valeur saisie) Tj ET")
        stream.Type, stream.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        stream.BBox = pikepdf.Array([0, 0, 200, 20])
        stream.Resources = pikepdf.Dictionary(Font=pdf.pages[0].obj.Resources.Font)
        field = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Widget,
                FT=pikepdf.Name.Tx,
                T="champ",
                V="Valeur saisie",
                F=4,
                Rect=[100, 100, 300, 120],
                AP=pikepdf.Dictionary(N=stream),
            )
        )
        pdf.pages[0].obj.Annots = pikepdf.Array([field])
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[field])

    made = to_pdfa(fabrique.edited(fill), outils=ALONE)
    assert "Valeur saisie" in text_of(made.data)


def test_the_loss_of_a_signature_is_said(fabrique):
    def sign(pdf):
        value = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Sig, Filter=pikepdf.Name("/Adobe.PPKLite")))
        field = pdf.make_indirect(pikepdf.Dictionary(FT=pikepdf.Name.Sig, T="signature", V=value))
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[field], SigFlags=3)

    made = to_pdfa(fabrique.edited(sign), outils=ALONE)
    assert "PDF/SIGNATURE" in [found.rule for found in made.findings]


def test_the_title_is_given_to_a_document_that_has_none(fabrique):
    def untitled(pdf):
        if "/Info" in pdf.trailer:
            del pdf.trailer["/Info"]
        del pdf.Root.Metadata

    for title, expected in (("Lettre de liaison", "Lettre de liaison"), ("", None)):
        made = to_pdfa(fabrique.edited(untitled, to_pdfa(b"Bonjour").data), title=title, outils=ALONE)
        with io.BytesIO(made.data) as stream, pikepdf.open(stream) as pdf:
            assert (str(pdf.docinfo["/Title"]) if "/Title" in pdf.docinfo else None) == expected
            assert b"pdfaid:part" in pdf.Root.Metadata.read_bytes()


@pytest.mark.parametrize(
    "encryption", [pikepdf.Encryption(owner="a", user="b"), pikepdf.Encryption(owner="a", user="", R=6)]
)
def test_a_protected_pdf_is_refused(fabrique, encryption):
    with pytest.raises(RefusedInput) as refused:
        to_pdfa(fabrique.edited(lambda pdf: None, encryption=encryption))
    assert refused.value.code == "PDF_CHIFFRE"


def test_a_document_with_too_many_pages_is_refused(fabrique):
    with pytest.raises(RefusedInput) as refused:
        to_pdfa(fabrique.pdf(pages=4), limits=LimitesPdf(max_pages=3))
    assert (refused.value.code, refused.value.conseil[:15]) == ("TROP_DE_PAGES", "Il en faut 3 au")


def test_nothing_leaves_that_the_judge_does_not_approve(monkeypatch):
    monkeypatch.setattr(conversion, "finish", lambda *args, **named: None)
    with pytest.raises(RefusedInput) as refused:
        to_pdfa(b"Bonjour")
    assert refused.value.code == "PDFA_IMPOSSIBLE"


def test_converting_twice_changes_nothing(fabrique):
    once = to_pdfa(fabrique.pdf(), outils=ALONE)
    again = to_pdfa(once.data)
    assert (again.data, again.method) == (once.data, Methode.CONSERVE)
    assert check_pdfa(again.data) == []
