"""Blocks drawn one under the other, each in the design of the sheet."""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch

from fpdf.enums import TableBordersLayout
from fpdf.fonts import FontFace
from fpdf.table import Row

from opensegur.cda.papier.blocs import Bloc, Case, CodeIns, Figure, Liste, Paragraphe, Tableau, Titre
from opensegur.cda.papier.page import ACCENT, RULE, SHADE, WIDTH, Page, fitting, flat_image
from opensegur.cda.pdf.document import FONT, MARGIN, add_fallback

_SIZES = {1: 13.0, 2: 11.5}
_LEAST = 10.5
_LINE = 5.0
_BODY = 10.5
_CELL, _SMALL_CELL = 9.0, 7.0
_MANY_COLUMNS, _MOST_COLUMNS = 8, 16
_NARROW = 4  # characters: a column of numbers keeps room for its heading
_WIDE = 46
_LEAST_WIDTH = 12.0  # mm
_SHORT_CASE = 40  # characters: never tall, whatever the column
_CELL_PADDING = 1.4  # mm
_LOSS = 1.5
_MOST_LINES = 45
_TALLEST = 120.0  # mm


def draw_blocks(page: Page, blocs: Sequence[Bloc]) -> None:
    for bloc in blocs:
        _draw(bloc, page)


@singledispatch
def _draw(bloc: Bloc, page: Page) -> None:
    """``bloc`` where the pen is on ``page``."""
    raise TypeError(f"{type(bloc).__name__} on page {page.page_no()}")


@_draw.register
def _(bloc: Titre, page: Page) -> None:
    size = _SIZES.get(bloc.niveau, _LEAST)
    # a heading stays with the first lines of what it announces
    if page.will_page_break(size * 0.5 + 3 * _LINE + 4):
        page.add_page()
    page.ln(3.5 if bloc.niveau == 1 else 2)
    page.set_x(MARGIN)
    page.write_line(bloc.texte, size=size, bold=True, color=ACCENT)
    page.ln(1)


@_draw.register
def _(bloc: Paragraphe, page: Page) -> None:
    page.set_x(MARGIN)
    page.write_line(bloc.texte, size=_BODY, bold=bloc.gras, height=_LINE)
    page.ln(1.5)


@_draw.register
def _(bloc: Liste, page: Page) -> None:
    for rank, line in enumerate(bloc.lignes, start=1):
        mark = f"{rank}." if bloc.numerotee else "•"
        if page.will_page_break(_LINE):
            page.add_page()
        page.set_x(MARGIN + 2)
        top = page.get_y()
        page.write_line(mark, size=_BODY, width=6, height=_LINE)
        page.set_xy(MARGIN + 8, top)
        page.write_line(line, size=_BODY, width=WIDTH - 8, height=_LINE)
    page.set_x(MARGIN)
    page.ln(1.5)


@_draw.register
def _(bloc: Figure, page: Page) -> None:
    flat = flat_image(bloc.image, page.limits)
    if flat is None:
        _draw(Paragraphe(f"[image illisible{f' : {bloc.legende}' if bloc.legende else ''}]"), page)
        return
    wide, high = flat.size
    width = min(WIDTH, wide * 25.4 / 150)
    height = width * high / wide
    if height > _TALLEST:
        width, height = width * _TALLEST / height, _TALLEST
    if page.will_page_break(height + _LINE):
        page.add_page()
    page.image(flat, x=MARGIN, w=width, h=height)
    page.set_x(MARGIN)
    if bloc.legende:
        page.write_line(bloc.legende, size=_CELL)
    page.ln(2)


@_draw.register
def _(bloc: CodeIns, page: Page) -> None:
    page.write_ins_code(bloc.legende)


@_draw.register
def _(bloc: Tableau, page: Page) -> None:
    if bloc.legende:
        page.set_x(MARGIN)
        page.write_line(bloc.legende, size=_CELL, bold=True)
    page.set_x(MARGIN)
    page.set_draw_color(*RULE)
    page.set_line_width(0.2)
    widths = _widths(bloc)
    page.set_fill_color(255, 255, 255)
    page.use("", _CELL if bloc.colonnes <= _MANY_COLUMNS else _SMALL_CELL)
    if bloc.colonnes > _MOST_COLUMNS or any(_is_tall(line, widths, page) for line in _lines(bloc)):
        _draw_as_lines(bloc, page)
        return
    with page.table(
        width=round(WIDTH),
        align="LEFT",
        col_widths=widths,
        text_align="LEFT",
        v_align="TOP",
        line_height=4.4,
        padding=(1.1, 1.4 if bloc.colonnes <= _MANY_COLUMNS else 0.6),
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        first_row_as_headings=bool(bloc.titres),
        headings_style=FontFace(emphasis=""),
    ) as drawn:
        if bloc.titres:
            row = drawn.row()
            for title in _filled(tuple(Case(title, gras=True) for title in bloc.titres), bloc.colonnes):
                _cell(page, row, title)
        for line in bloc.lignes:
            row = drawn.row()
            for case in _filled(line, bloc.colonnes):
                _cell(page, row, case)
    page.set_x(MARGIN)
    page.ln(2)


def _cell(page: Page, row: Row, case: Case) -> None:
    shown, family = fitting(case.texte)
    if family != FONT:
        add_fallback(page)
    bold = case.gras and family == FONT
    style = FontFace(family=family, emphasis="BOLD" if bold else "", fill_color=SHADE if case.gras else None)
    row.cell(shown, colspan=case.colonnes, style=style)


def _lines(bloc: Tableau) -> tuple[tuple[Case, ...], ...]:
    """Every row, the heading first."""
    return (tuple(Case(title, gras=True) for title in bloc.titres), *bloc.lignes)


def _is_tall(line: tuple[Case, ...], widths: tuple[float, ...], page: Page) -> bool:
    """Whether a row might not hold on a page: fpdf2 does not cut a row in two."""
    rank = 0
    for case in line:
        usable = sum(widths[rank : rank + case.colonnes]) - 2 * _CELL_PADDING
        rank += case.colonnes
        if len(case.texte) > _SHORT_CASE or "\n" in case.texte:
            # words do not fill their lines to the end
            wrapped = (
                page.get_string_width(part) * _LOSS // usable + 1 for part in fitting(case.texte)[0].split("\n")
            )
            if sum(wrapped) > _MOST_LINES:
                return True
    return False


def _draw_as_lines(bloc: Tableau, page: Page) -> None:
    """A table too wide or too tall for the paper: each row says what is under each heading."""
    titles = bloc.titres or ("",) * bloc.colonnes
    for line in bloc.lignes:
        said = ((title, case.texte) for title, case in zip(titles, line, strict=False) if case.texte)
        words = " ; ".join(f"{title} : {text}" if title else text for title, text in said)
        if words:
            _draw(Paragraphe(words), page)


def _filled(line: tuple[Case, ...], columns: int) -> tuple[Case, ...]:
    """A row as wide as the table: one cut short is completed, so that its borders go to the edge."""
    missing = columns - sum(case.colonnes for case in line)
    return (*line, Case("", missing)) if missing > 0 else line


def _widths(bloc: Tableau) -> tuple[float, ...]:
    """In millimetres: each column by its longest words, within reason, and never too narrow for a word."""
    widest = [_NARROW] * bloc.colonnes
    for line in _lines(bloc):
        rank = 0
        for case in line:
            if case.colonnes == 1:
                longest = max(map(len, case.texte.split("\n")), default=0)
                widest[rank] = max(widest[rank], min(longest + 2, _WIDE))
            rank += case.colonnes
    least = min(_LEAST_WIDTH, 0.7 * WIDTH / bloc.colonnes)
    shared = WIDTH - least * bloc.colonnes
    return tuple(least + shared * each / sum(widest) for each in widest)
