"""The entries of a structured body back into values; nothing raises, what cannot be read is absent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from lxml import etree

from opensegur.cda.locate import attribute, child, children, local, text_of
from opensegur.cda.n3.valeurs import Notion, Periode, Plage, Quand, Quantite
from opensegur.cda.noeud import NS
from opensegur.cda.reading_types import parse_timestamp, read_code
from opensegur.foundation.acteurs import Code
from opensegur.foundation.errors import InvalidValue

_DATE_LENGTHS = (4, 6, 8)


@dataclass(frozen=True, slots=True)
class Lecture:
    """One document being read: the words of its narratives by ID."""

    said: dict[str, etree._Element]
    captions: dict[str, str]

    @classmethod
    def of(cls, root: etree._Element) -> Lecture:
        said = {identifier: each for each in root.iter(f"{{{NS}}}*") if (identifier := each.get("ID"))}
        media = root.iter(f"{{{NS}}}renderMultiMedia")
        captions = {each.get("referencedObject", ""): words_of(text) for each in media for text in each}
        return cls(said, captions)

    def words(self, element: etree._Element | None) -> str:
        """The words of a ``text`` or an ``originalText``: those that it points to, or its own."""
        if element is None:
            return ""
        pointed = attribute(child(element, "reference"), "value").removeprefix("#")
        found = self.said.get(pointed)
        return words_of(element if found is None else found)

    def beside(self, anchor: str, heading: str) -> str:
        """What the row that says ``anchor`` says under ``heading``: some words have no entry of their own."""
        row = _ancestor(self.said.get(anchor), "tr")
        grid = _ancestor(row, "table")
        titles = [text_of(each) for each in children(grid, "thead/tr/th")]
        cells = children(row, "td")
        rank = titles.index(heading) if heading in titles else len(cells)
        return words_of(cells[rank]) if rank < len(cells) else ""

    def notion(self, element: etree._Element | None, text: str = "") -> Notion | None:
        """A coded value with its words; ``text`` serves when it has none of its own."""
        if element is None:
            return None
        found = read_code(element)
        said = self.words(child(element, "originalText")) or text
        others = tuple(each for item in children(element, "translation") if (each := read_code(item)))
        named = next((each.label or each.code for each in others), "")
        if not said and found is None and not named:
            return None
        return Notion(said or ("" if found else named), found, others)


def _ancestor(element: etree._Element | None, name: str) -> etree._Element | None:
    return None if element is None else next(element.iterancestors(f"{{{NS}}}{name}"), None)


def words_of(element: etree._Element) -> str:
    """The text inside, spaces made single, a new line for each ``br``."""
    return "\n".join(" ".join(line.split()) for line in "".join(_pieces(element)).split("\x00")).strip()


def _pieces(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for inner in element:
        if local(inner) == "br":
            yield "\x00"
        elif local(inner):
            yield from _pieces(inner)
        yield inner.tail or ""


def is_a(element: etree._Element, template: str) -> bool:
    return any(each.get("root") == template for each in element.iterchildren(f"{{{NS}}}templateId"))


def within(parent: etree._Element | None, path: str, template: str) -> list[etree._Element]:
    """The elements at ``path`` that follow ``template``."""
    return [each for each in children(parent, path) if is_a(each, template)]


def first(elements: Iterable[etree._Element]) -> etree._Element | None:
    return next(iter(elements), None)


def sections(root: etree._Element, template: str) -> list[etree._Element]:
    """The sections that follow ``template``, wherever they are in the body."""
    return [each for each in root.iter(f"{{{NS}}}section") if is_a(each, template)]


def read_quand(element: etree._Element | None) -> Quand:
    text = attribute(element, "value")
    moment = parse_timestamp(text)
    if moment is None:
        return ""
    if len(text) not in _DATE_LENGTHS:
        return moment
    return "-".join(part for part in (text[:4], text[4:6], text[6:8]) if part)


def read_period(element: etree._Element | None) -> Periode:
    """An interval, or a single time taken for its beginning."""
    if element is None:
        return Periode()
    debut = read_quand(child(element, "low")) or read_quand(element)
    fin = read_quand(child(element, "high"))
    try:
        return Periode(debut, fin)
    except InvalidValue:
        return Periode(debut)


def read_identity(element: etree._Element | None) -> str:
    """The ``id`` of an entry as its builder takes it: a root, with ``^`` and the extension when there is one."""
    root, extension = attribute(element, "root"), attribute(element, "extension")
    return f"{root}^{extension}" if root and extension else root


def read_quantity(element: etree._Element | None) -> Quantite | None:
    number = _number(attribute(element, "value"))
    if number is None:
        return None
    try:
        return Quantite(number, attribute(element, "unit"))
    except InvalidValue:
        return None


def read_bounds(element: etree._Element | None) -> Plage | None:
    low, high = child(element, "low"), child(element, "high")
    try:
        return Plage(
            read_quantity(low),
            read_quantity(high),
            attribute(low, "inclusive") != "false",
            attribute(high, "inclusive") != "false",
        )
    except InvalidValue:
        return None


def read_flag(element: etree._Element | None) -> bool:
    return attribute(element, "value") == "true"


def coded(element: etree._Element | None) -> Code | None:
    return read_code(element)


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None
