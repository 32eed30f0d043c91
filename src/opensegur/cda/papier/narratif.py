"""The narrative of a structured document as blocks to print: what a reader sees on the screen, on paper."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from opensegur.cda.locate import child, children, text_of
from opensegur.cda.narrative import Narrative, media_of
from opensegur.cda.noeud import NS
from opensegur.cda.papier.blocs import Bloc, Case, Figure, Liste, Paragraphe, Tableau, Titre

_STRONG = frozenset({"strong", "b"})
_BOLD = "cda-gras"
_SPACES = re.compile(r"[ \t\r\n]+")


def blocks_of(root: etree._Element) -> tuple[Bloc, ...]:
    """The sections of a ``ClinicalDocument`` with a structured body; nothing for another body."""
    narrative = Narrative(media_of(root))
    return tuple(_sections(child(root, "component/structuredBody"), narrative, 1))


def _sections(parent: etree._Element | None, narrative: Narrative, level: int) -> Iterator[Bloc]:
    for section in children(parent, "component/section"):
        if title := text_of(child(section, "title")):
            yield Titre(title, level)
        text = section.find(f"{{{NS}}}text")
        if text is not None:
            yield from _blocks(narrative.convert(text))
        yield from _sections(section, narrative, level + 1)


def _blocks(parts: list[etree._Element | str | None] | etree._Element) -> Iterator[Bloc]:
    """Elements that stand alone are blocks; the words between them make paragraphs."""
    loose: list[str] = []
    for part in _flow(parts):
        if isinstance(part, str):
            loose.append(part)
            continue
        block = list(_block(part))
        if not block:
            loose.append(_words(part))
            continue
        yield from _said(loose)
        yield from block
    yield from _said(loose)


def _flow(parts: list[etree._Element | str | None] | etree._Element) -> Iterator[etree._Element | str]:
    if isinstance(parts, list):
        yield from (part for part in parts if part is not None)
        return
    if parts.text:
        yield parts.text
    for inner in parts:
        yield inner
        if inner.tail:
            yield inner.tail


def _block(element: etree._Element) -> Iterator[Bloc]:
    match element.tag:
        case "p":
            yield from _blocks_in(element)
        case "table":
            yield _table(element)
        case "ul" | "ol":
            yield Liste(tuple(filter(None, map(_words, element.iterchildren("li")))), element.tag == "ol")
        case "figure":
            yield from _figure(element)
        case "div" | "blockquote" | "section":
            yield from _blocks(element)


def _blocks_in(paragraph: etree._Element) -> Iterator[Bloc]:
    """A paragraph, cut where it holds something that is no words."""
    if any(list(_block(inner)) for inner in paragraph):
        yield from _blocks(paragraph)
    elif words := _words(paragraph):
        alone = len(paragraph) == 1 and not (paragraph.text or "").strip() and not (paragraph[0].tail or "").strip()
        yield Paragraphe(words, alone and _is_bold(paragraph[0]))


def _said(loose: list[str]) -> Iterator[Bloc]:
    words = _joined("".join(loose))
    loose.clear()
    if words:
        yield Paragraphe(words)


def _table(table: etree._Element) -> Tableau:
    rows = _fitted(_squared([list(row.iterchildren("td", "th")) for row in table.iter("tr")]))
    head = next(table.iter("thead"), None)
    titled = head is not None and head.find("tr") is not None and rows and all(case.colonnes == 1 for case in rows[0])
    titles = tuple(case.texte for case in rows[0]) if titled else ()
    caption = next(table.iter("caption"), None)
    return Tableau(titles, tuple(rows[1:] if titled else rows), _words(caption) if caption is not None else "")


def _squared(rows: list[list[etree._Element]]) -> list[tuple[Case, ...]]:
    """A cell that goes down several rows leaves an empty place in those below it."""
    below: dict[int, int] = {}
    squared = []
    for cells in rows:
        line: list[Case] = []
        column = 0
        waiting = iter(cells)
        while True:
            if below.get(column):
                below[column] -= 1
                line.append(Case(""))
                column += 1
                continue
            cell = next(waiting, None)
            if cell is None:
                break
            case = _case(cell)
            for taken in range(column, column + case.colonnes):
                below[taken] = int(cell.get("rowspan", "1")) - 1
            line.append(case)
            column += case.colonnes
        if line:
            squared.append(tuple(line))
    return squared


def _fitted(rows: list[tuple[Case, ...]]) -> list[tuple[Case, ...]]:
    """A cell may span more columns than there are: it spans those that the other rows have."""
    natural = max((sum(case.colonnes for case in row) for row in rows if len(row) > 1), default=1)
    fitted = []
    for row in rows:
        line, left = [], natural
        for case in row:
            if left > 0:
                line.append(replace(case, colonnes=min(case.colonnes, left)))
                left -= line[-1].colonnes
        fitted.append(tuple(line))
    return fitted


def _case(cell: etree._Element) -> Case:
    bold = cell.tag == "th" or _is_bold(cell) or (len(cell) == 1 and _is_bold(cell[0]))
    return Case(_words(cell), int(cell.get("colspan", "1")), bold)


def _figure(figure: etree._Element) -> Iterator[Bloc]:
    caption = next(figure.iter("figcaption"), None)
    words = _words(caption) if caption is not None else ""
    images = list(figure.iter("img"))
    for image in images:
        _, _, encoded = image.get("src", "").partition(";base64,")
        yield Figure(base64.b64decode(encoded), words)
    if not images and (said := _words(figure)):
        yield Paragraphe(said)


def _is_bold(element: etree._Element) -> bool:
    return element.tag in _STRONG or _BOLD in element.get("class", "").split()


def _words(element: etree._Element) -> str:
    """The text of an element; a line break is a line break, an inner block begins a line."""
    pieces: list[str] = []
    _collect(element, pieces)
    return _joined("".join(pieces))


def _collect(element: etree._Element, pieces: list[str]) -> None:
    if element.tag == "br" or (element.tag in {"p", "li", "tr", "div"} and pieces):
        pieces.append("\v")
    pieces.append(element.text or "")
    for inner in element:
        _collect(inner, pieces)
        pieces.append(inner.tail or "")


def _joined(text: str) -> str:
    """Spaces count once, but those that no line break may take."""
    return "\n".join(" ".join(_SPACES.split(line)).strip(" ") for line in text.split("\v")).strip()
