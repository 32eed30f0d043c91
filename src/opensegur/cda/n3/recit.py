"""The narrative of a section: what a person reads, with the IDs that the entries point to.

Source: HL7 CDA R2, NarrativeBlock.xsd; CI-SIS Structuration minimale (the text of a section is what binds).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import NAMESPACE_OID, uuid5

from lxml import etree

from opensegur.cda.datatypes import node


@dataclass(frozen=True, slots=True)
class Dit:
    """Words that an entry refers to, under their ID."""

    texte: str
    ancre: str


Case = str | Dit | Sequence[str | Dit]
"""A cell: words, words with an ID, or some of both one after the other."""


@dataclass(slots=True)
class Redaction:
    """One document being written: it numbers what is said and names the entries, the same way each time.

    Entries that are given no identifier get one made from that of the document and from their rank, so that the
    same values give the same bytes.
    """

    uid: str
    _ranks: Counter[str] = field(default_factory=Counter)

    def anchor(self, stem: str) -> str:
        """The next ID of this kind: ``probleme-1``, ``probleme-2``…"""
        self._ranks[stem] += 1
        return f"{stem}-{self._ranks[stem]}"

    def dit(self, texte: str, stem: str) -> Dit:
        return Dit(texte, self.anchor(stem))

    def identifier(self, anchor: str, known: str = "") -> etree._Element:
        """The ``id`` of an entry: ``known`` (an OID or a UUID), or one of its own."""
        root, _, extension = known.partition("^")
        return node("id", root=root or str(uuid5(NAMESPACE_OID, f"{self.uid}#{anchor}")).upper(), extension=extension)


def table(headings: Sequence[str], rows: Iterable[Sequence[Case]]) -> etree._Element:
    """A ``text`` that holds one table; columns in which no row says anything are left out."""
    lines = [list(row) for row in rows]
    kept = [rank for rank in range(len(headings)) if any(_is_said(line[rank]) for line in lines)]
    head = node("thead", node("tr", *(node("th", headings[rank]) for rank in kept)))
    body = node("tbody", *(node("tr", *(_cell(line[rank]) for rank in kept)) for line in lines))
    return node("text", node("table", head, body, border="0"))


def paragraphs(said: Iterable[Case]) -> etree._Element:
    return node("text", *(_filled(node("paragraph"), each) for each in said))


def _is_said(case: Case) -> bool:
    if isinstance(case, str):
        return bool(case.strip())
    return isinstance(case, Dit) or any(_is_said(piece) for piece in case)


def _cell(case: Case) -> etree._Element:
    return _filled(node("td"), case)


def _filled(element: etree._Element, case: Case) -> etree._Element:
    for piece in [case] if isinstance(case, str | Dit) else case:
        if isinstance(piece, Dit):
            element.append(_words(node("content", ID=piece.ancre), piece.texte))
        else:
            _words(element, piece)
    return element


def _words(element: etree._Element, text: str) -> etree._Element:
    """Text after what ``element`` already holds; a new line becomes a ``br``."""
    first, *others = text.split("\n")
    _append(element, first)
    for line in others:
        element.append(node("br"))
        _append(element, line)
    return element


def _append(element: etree._Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text
