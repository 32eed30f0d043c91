"""The narrative of a section: what a person reads, with the IDs that the entries point to.

Source: HL7 CDA R2, NarrativeBlock.xsd; CI-SIS Structuration minimale (the text of a section is what binds).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import NAMESPACE_OID, uuid5

from opensegur.cda.noeud import Enfant, Noeud, join, node


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

    def identifier(self, anchor: str, known: str = "") -> Noeud:
        """The ``id`` of an entry: ``known`` (an OID or a UUID), or one of its own."""
        root, _, extension = known.partition("^")
        return node("id", root=root or str(uuid5(NAMESPACE_OID, f"{self.uid}#{anchor}")).upper(), extension=extension)


def table(headings: Sequence[str], rows: Iterable[Sequence[Case]]) -> Noeud:
    """A ``text`` that holds one table."""
    return node("text", grid(headings, rows))


def grid(headings: Sequence[str], rows: Iterable[Sequence[Case]]) -> Noeud:
    """A ``table``; columns in which no row says anything are left out."""
    lines = [list(row) for row in rows]
    kept = [rank for rank in range(len(headings)) if any(_is_said(line[rank]) for line in lines)]
    head = node("thead", node("tr", *(node("th", headings[rank]) for rank in kept)))
    body = node("tbody", *(node("tr", *(_cell(line[rank]) for rank in kept)) for line in lines))
    return node("table", head, body, border="0")


def paragraphs(said: Iterable[Case]) -> Noeud:
    return node("text", *(paragraph(each) for each in said))


def paragraph(case: Case) -> Noeud:
    return node("paragraph", *_pieces(case))


def _is_said(case: Case) -> bool:
    if isinstance(case, str):
        return bool(case.strip())
    return isinstance(case, Dit) or any(_is_said(piece) for piece in case)


def _cell(case: Case) -> Noeud:
    return node("td", *_pieces(case))


def _pieces(case: Case) -> list[Enfant]:
    if isinstance(case, str | Dit):
        return [_piece(case)]
    return [_piece(piece) for piece in case]


def _piece(piece: str | Dit) -> Enfant:
    return node("content", _words(piece.texte), ID=piece.ancre) if isinstance(piece, Dit) else _words(piece)


def _words(text: str) -> Enfant:
    """A text whose new lines become ``br``."""
    if "\n" not in text:
        return text
    first, *others = text.split("\n")
    return join([first, *(piece for line in others for piece in (node("br"), line))])
