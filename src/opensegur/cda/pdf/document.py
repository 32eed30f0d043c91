"""The pages that we compose ourselves: A4, our fonts embedded, page x/y."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import as_file, files

from fpdf import FPDF
from fpdf.fonts import TTFFont

FONT = "Atkinson"
FALLBACK = "DejaVu"
A4 = (210.0, 297.0)  # mm
MARGIN = 18.0
_FILES = {FONT: "AtkinsonHyperlegible-Regular.ttf", FALLBACK: "DejaVuSans.ttf"}


class _Feuille(FPDF):
    """An FPDF that numbers its pages when it is told to."""

    numbered = False

    def footer(self) -> None:
        if self.numbered:
            self.set_y(-12)
            self.set_font(FONT, size=8)
            self.cell(0, 5, f"Page {self.page_no()}/{{nb}}", align="C")


@contextmanager
def composing(*, title: str, numbered: bool = False) -> Iterator[FPDF]:
    """An empty document in French with our fonts, measured in millimetres, that fpdf2 keeps within PDF/A-1b.

    Its fonts are open files: its bytes are to be asked for before the end of the ``with``.
    """
    document = _Feuille(unit="mm", format="A4", enforce_compliance="PDF/A-1B")
    document.numbered = numbered
    document.set_lang("fr-FR")
    document.set_title(title or "Document")
    document.set_margins(MARGIN, MARGIN, MARGIN)
    document.set_auto_page_break(auto=True, margin=MARGIN)
    try:
        with as_file(files("opensegur.cda.pdf") / "fonts") as folder:
            for family, name in _FILES.items():
                document.add_font(family, "", folder / name)
        document.set_fallback_fonts([FALLBACK])
        document.set_font(FONT, size=11)
        yield document
    finally:
        for font in _fonts(document):
            font.ttfont.close()


@cache
def known_characters() -> frozenset[int]:
    """The characters that one of our fonts can draw."""
    with composing(title="") as document:
        return frozenset[int]().union(*(font.cmap for font in _fonts(document)))


def _fonts(document: FPDF) -> list[TTFFont]:
    return [font for font in document.fonts.values() if isinstance(font, TTFFont)]
