"""A plain text set in pages: its lines, its blank lines, its columns of spaces and its French typography."""

from __future__ import annotations

from opensegur.cda.pdf.document import composing, drawable
from opensegur.cda.pdf.limites import LimitesPdf
from opensegur.cda.pdf.refus import refusal
from opensegur.cda.pdf.texte import clean_text

_LINE_HEIGHT = 5.6  # mm, for 11 points
_TAB = 8


def typeset(text: str, limits: LimitesPdf, *, title: str = "") -> tuple[bytes, int]:
    """A PDF of ``text`` and how many of its characters no font could draw, written ``[U+1F600]`` in their place.

    A form feed starts a page. Raises ``RefusedInput`` TEXTE_VIDE, FICHIER_TROP_GROS, TROP_DE_PAGES.
    """
    text = clean_text(text)
    if not text.strip():
        raise refusal("TEXTE_VIDE")
    if len(text) > limits.max_characters:
        raise refusal("FICHIER_TROP_GROS", limite=f"{limits.max_characters} caractères")
    shown, replaced = drawable(text)
    with composing(title=title, numbered=True) as document:
        for sheet in _sheets(shown):
            document.add_page()
            for line in sheet.split("\n"):
                limits.check_pages(document.page_no())
                if line.strip():
                    document.multi_cell(0, _LINE_HEIGHT, _hold_indent(line), align="L", new_x="LMARGIN", new_y="NEXT")
                else:
                    document.ln(_LINE_HEIGHT)
        limits.check_pages(document.page_no())
        return bytes(document.output()), replaced


def _sheets(text: str) -> list[str]:
    sheets = [sheet.strip("\n") for sheet in text.split("\f")]
    return [sheet for sheet in sheets if sheet.strip()]


def _hold_indent(line: str) -> str:
    # a run of spaces is a column that somebody aligned: line breaking must not eat it
    line = line.expandtabs(_TAB).rstrip(" ")
    body = line.lstrip(" ")
    return "\u00a0" * (len(line) - len(body)) + body.replace("  ", "\u00a0 ")
