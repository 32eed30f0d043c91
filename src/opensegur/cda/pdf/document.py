"""The pages that we compose ourselves: A4, our fonts embedded, page x/y."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import as_file, files
from typing import TypeVar

from fpdf import FPDF
from fpdf.fonts import TTFFont

FONT = "Atkinson"
FALLBACK = "DejaVu"
A4 = (210.0, 297.0)  # mm
MARGIN = 18.0
_FILES = {FONT: "AtkinsonHyperlegible-Regular.ttf", FALLBACK: "DejaVuSans.ttf"}
_BOLD = "AtkinsonHyperlegible-Bold.ttf"
_SPACES = {"\u202f": "\u00a0", "\u2009": "\u00a0", "\u2007": "\u00a0"}  # all are no-break spaces, of other widths


class Composition(FPDF):
    """An FPDF that numbers its pages when it is told to; a page that has more around it says how it is drawn."""

    numbered = False

    def footer(self) -> None:
        if self.numbered:
            self.set_y(-12)
            self.set_font(FONT, size=8)
            self.cell(0, 5, f"Page {self.page_no()}/{{nb}}", align="C")


_C = TypeVar("_C", bound=Composition)


@contextmanager
def composing(*, title: str, numbered: bool = False) -> Iterator[Composition]:
    """An empty document in French with our fonts, measured in millimetres, that fpdf2 keeps within PDF/A-1b.

    Its fonts are open files: its bytes are to be asked for before the end of the ``with``.
    """
    document = Composition(unit="mm", format="A4", enforce_compliance="PDF/A-1B")
    document.numbered = numbered
    with prepared(document, title=title):
        yield document


@contextmanager
def prepared(document: _C, *, title: str, sheet: bool = False) -> Iterator[_C]:
    """``document`` with its language, its margins and our fonts, as ``composing`` gives it.

    ``sheet``: the bold is there and the font that has everything is not: ``add_fallback`` brings it when a line needs
    it, because reading it takes as long as composing a page.
    """
    document.set_lang("fr-FR")
    document.set_title(title or "Document")
    document.set_margins(MARGIN, MARGIN, MARGIN)
    document.set_auto_page_break(auto=True, margin=MARGIN)
    try:
        with as_file(files("opensegur.cda.pdf") / "fonts") as folder:
            document.add_font(FONT, "", folder / _FILES[FONT])
            if sheet:
                document.add_font(FONT, "B", folder / _BOLD)
        if not sheet:
            add_fallback(document)
            document.set_fallback_fonts([FALLBACK])
        document.set_font(FONT, size=11)
        yield document
    finally:
        for font in _fonts(document):
            font.ttfont.close()


def add_fallback(document: FPDF) -> None:
    """Once a document."""
    if FALLBACK.lower() not in document.fonts:
        with as_file(files("opensegur.cda.pdf") / "fonts") as folder:
            document.add_font(FALLBACK, "", folder / _FILES[FALLBACK])


@cache
def _characters() -> dict[str, frozenset[int]]:
    with composing(title="") as document:
        return {font.fontkey: frozenset(font.cmap) for font in _fonts(document)}


@cache
def known_characters() -> frozenset[int]:
    """The characters that one of our fonts can draw."""
    return frozenset[int]().union(*_characters().values())


def has_all(family: str, text: str) -> bool:
    """Whether the font draws the whole of ``text``."""
    known = _characters()[family.lower()]
    return all(ord(character) in known or character in "\n\t" for character in text)


def drawable(text: str) -> tuple[str, int]:
    """``text`` as our fonts draw it, and how many of its characters they cannot: those are written ``[U+1F600]``."""
    known, replaced, shown = known_characters(), 0, []
    for character in text:
        if character in "\n\f\t" or ord(character) in known:
            shown.append(character)
        elif character in _SPACES:
            shown.append(_SPACES[character])
        else:
            replaced += 1
            shown.append(f"[U+{ord(character):04X}]")
    return "".join(shown), replaced


def _fonts(document: FPDF) -> list[TTFFont]:
    return [font for font in document.fonts.values() if isinstance(font, TTFFont)]
