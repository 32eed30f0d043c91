"""The text of a letter template: a DOCX or an ODT, its paragraphs, its lists and its tables; nothing else is read.

Source: ECMA-376 part 1 (WordprocessingML), OpenDocument 1.3 part 3 (text content).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from lxml import etree

from opensegur.foundation import xml
from opensegur.foundation.errors import RefusedInput

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_DOCX, _ODT = "word/document.xml", "content.xml"
_MAX_BYTES = 10 * 1024 * 1024
_LIMITS = xml.XmlLimits(max_bytes=_MAX_BYTES, max_tags=200_000)
_CELLS = " ; "
# what a person may have pasted: never more than that of a space
_MAX_SPACES = 40


def read_letter(data: bytes) -> tuple[str, ...]:
    """The lines of the template, « - » before those of a list.

    Raises ``RefusedInput``: LETTRE_FORMAT when it is neither a DOCX nor an ODT, LETTRE_VIDE, FICHIER_TROP_GROS, and
    what ``foundation.xml.parse`` raises.
    """
    name, content = _content(data)
    root = xml.parse(content, _LIMITS)
    lines = tuple(_docx(root) if name == _DOCX else _odt(root))
    if not any(line.strip() for line in lines):
        raise RefusedInput(
            "LETTRE_VIDE", "Ce modèle ne contient aucun texte.", conseil="Choisissez un autre fichier."
        )
    return lines


def _content(data: bytes) -> tuple[str, bytes]:
    """The one member that holds the text; the others (images, macros, links) are never opened."""
    try:
        found = _member(data)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        found = None
    if found is None:
        raise RefusedInput(
            "LETTRE_FORMAT",
            "Ce fichier n’est ni un document Word (.docx) ni un document OpenDocument (.odt).",
            conseil="Enregistrez votre lettre dans l’un de ces formats, sans mot de passe.",
        )
    if len(found[1]) > _MAX_BYTES:
        raise RefusedInput(
            "FICHIER_TROP_GROS", "Ce modèle est trop volumineux.", conseil="Retirez ce qui n’est pas du texte."
        )
    return found


def _member(data: bytes) -> tuple[str, bytes] | None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        name = next((each for each in (_DOCX, _ODT) if each in archive.namelist()), None)
        if name is None:
            return None
        with archive.open(name) as member:
            # one byte more than is taken: a bomb is told by it, and goes no further
            return name, member.read(_MAX_BYTES + 1)


def _docx(root: etree._Element) -> Iterator[str]:
    body = root.find(f"{_W}body")
    for element in body if body is not None else ():
        if element.tag == f"{_W}p":
            mark = "- " if element.find(f"{_W}pPr/{_W}numPr") is not None else ""
            yield from f"{mark}{_words_docx(element)}".split("\n")
        elif element.tag == f"{_W}tbl":
            for row in element.iter(f"{_W}tr"):
                cells = (" ".join(map(_words_docx, cell.iter(f"{_W}p"))) for cell in row.iterchildren(f"{_W}tc"))
                yield _CELLS.join(cells)


def _words_docx(paragraph: etree._Element) -> str:
    pieces = []
    for element in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br"):
        if element.tag == f"{_W}t":
            pieces.append(element.text or "")
        else:
            pieces.append("\n" if element.tag == f"{_W}br" else " ")
    return "".join(pieces)


def _odt(root: etree._Element) -> Iterator[str]:
    text = root.find(f"{_OFFICE}body/{_OFFICE}text")
    for element in text if text is not None else ():
        yield from _odt_block(element, "")


def _odt_block(element: etree._Element, mark: str) -> Iterator[str]:
    if element.tag in {f"{_TEXT}p", f"{_TEXT}h"}:
        yield from f"{mark}{''.join(_words_odt(element))}".split("\n")
    elif element.tag == f"{_TEXT}list":
        for item in element.iterchildren(f"{_TEXT}list-item"):
            for inner in item:
                yield from _odt_block(inner, "- ")
    elif element.tag == f"{_TABLE}table":
        for row in element.iter(f"{_TABLE}table-row"):
            cells = row.iterchildren(f"{_TABLE}table-cell")
            yield _CELLS.join(" ".join("".join(_words_odt(p)) for p in cell.iter(f"{_TEXT}p")) for cell in cells)
    elif element.tag == f"{_TEXT}section":
        for inner in element:
            yield from _odt_block(inner, mark)


def _words_odt(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for inner in element:
        if inner.tag == f"{_TEXT}line-break":
            yield "\n"
        elif inner.tag == f"{_TEXT}tab":
            yield " "
        elif inner.tag == f"{_TEXT}s":
            count = inner.get(f"{_TEXT}c", "1")
            yield " " * min(int(count) if count.isdigit() else 1, _MAX_SPACES)
        elif inner.tag != f"{_TEXT}tracked-changes" and isinstance(inner.tag, str):
            yield from _words_odt(inner)
        yield inner.tail or ""
