"""The narrative of a section (CDA NarrativeBlock) as HTML.

An allow-list: a known element becomes a known HTML element with no attribute of the document but its spans; an
unknown one gives its text. Links lead nowhere outside. Source: HL7 CDA R2, NarrativeBlock.xsd.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lxml import etree

from opensegur.cda.html import Part, add, anchor, image, tag
from opensegur.cda.locate import attribute, child, local, text_of
from opensegur.cda.reading_types import read_file

# narrative name → HTML name; what is not here and has no function below gives its text only
_SIMPLE = {
    "paragraph": "p",
    "content": "span",
    "sub": "sub",
    "sup": "sup",
    "caption": "caption",
    "table": "table",
    "thead": "thead",
    "tbody": "tbody",
    "tfoot": "tfoot",
    "tr": "tr",
    "th": "th",
    "td": "td",
    "item": "li",
    "footnote": "small",
    "colgroup": "colgroup",
    "col": "col",
}
_STYLES = {
    "Bold": "cda-gras",
    "Italics": "cda-italique",
    "Underline": "cda-souligne",
    "Emphasis": "cda-italique",
    "xHighlight": "cda-surligne",
}
_REVISED = {"delete": "del", "insert": "ins"}
_VOID = frozenset({"col"})
# inside these the text between elements is only layout, and HTML would move it out of the table
_CONTAINERS = frozenset({"table", "thead", "tbody", "tfoot", "tr", "colgroup", "list"})
_MAX_SPAN = 100
_MAX_OBJECTS = 20


@dataclass(frozen=True, slots=True)
class Narrative:
    """Turns the narratives of one document into HTML; ``media`` are its ``observationMedia`` by ID.

    An image is written once, at its first mention: named a thousand times it would swell the page without end.
    """

    media: Mapping[str, etree._Element]
    _shown: set[str] = field(default_factory=set)

    @property
    def _special(self) -> Mapping[str, Callable[[etree._Element], etree._Element]]:
        return {
            "br": self._break,
            "list": self._list,
            "linkHtml": self._link,
            "footnoteRef": self._note,
            "renderMultiMedia": self._media,
        }

    def convert(self, text: etree._Element) -> list[Part]:
        """The parts of HTML inside a ``section/text``."""
        return self._inside(text)

    def _inside(self, element: etree._Element) -> list[Part]:
        keeps_text = local(element) not in _CONTAINERS
        parts: list[Part] = [element.text] if keeps_text else []
        for inner in element:
            parts.extend(self._element(inner))
            if keeps_text:
                parts.append(inner.tail)
        return parts

    def _element(self, element: etree._Element) -> list[Part]:
        name = local(element)
        if not name:
            return []
        if name == "caption" and local(_parent(element)) != "table":
            return [self._filled("strong", element)]
        if special := self._special.get(name):
            return [special(element)]
        if name in _SIMPLE:
            return [self._filled(_SIMPLE[name], element)]
        return self._inside(element)

    def _filled(self, html_name: str, element: etree._Element) -> etree._Element:
        made = tag(
            _REVISED.get(attribute(element, "revised"), html_name) if html_name == "span" else html_name,
            id=anchor(attribute(element, "ID")),
            class_=_classes(element),
            colspan=_span(attribute(element, "colspan")),
            rowspan=_span(attribute(element, "rowspan")),
        )
        if html_name not in _VOID:
            add(made, self._inside(element))
        return made

    def _break(self, _element: etree._Element) -> etree._Element:
        return tag("br")

    def _note(self, element: etree._Element) -> etree._Element:
        return tag("a", "*", href=f"#{anchor(attribute(element, 'IDREF'))}")

    def _list(self, element: etree._Element) -> etree._Element:
        made = self._filled("ol" if attribute(element, "listType") == "ordered" else "ul", element)
        # a caption is no item: HTML wants it outside, so it opens the list as an item of its own
        for heading in made.findall("strong"):
            position = made.index(heading)
            made.remove(heading)
            made.insert(position, tag("li", heading, class_="cda-legende"))
        return made

    def _link(self, element: etree._Element) -> etree._Element:
        href = attribute(element, "href")
        if href.startswith("#"):
            return tag("a", *self._inside(element), href=f"#{anchor(href[1:])}")
        shown = text_of(element)
        address = f" ({href})" if href and href != shown else ""
        return tag("span", *self._inside(element), address, class_="cda-lien")

    def _media(self, element: etree._Element) -> etree._Element:
        caption = text_of(child(element, "caption"))
        figure = tag("figure", id=anchor(attribute(element, "ID")), class_="cda-media")
        for identifier in attribute(element, "referencedObject").split(maxsplit=_MAX_OBJECTS)[:_MAX_OBJECTS]:
            add(figure, [self._object(identifier, caption)])
        add(figure, [tag("figcaption", caption) if caption else None])
        return figure

    def _object(self, identifier: str, caption: str) -> etree._Element:
        if identifier in self._shown:
            return tag("a", "[image déjà montrée]", href=f"#{anchor(identifier)}")
        file = read_file(child(self.media.get(identifier), "value"))
        if file is None or file.illisible or not file.data:
            return tag("em", "[élément joint absent ou illisible]")
        if file.media_type == "application/pdf":
            return tag("em", "[document PDF joint]")
        shown = image(file.media_type, file.data, caption)
        if shown is None:
            return tag("em", "[image d’un format qui ne s’affiche pas]")
        shown.set("id", anchor(identifier))
        self._shown.add(identifier)
        return shown


def media_of(root: etree._Element) -> dict[str, etree._Element]:
    """The media of a document by ID; a region of interest stands for the medium inside it."""
    found: dict[str, etree._Element] = {}
    for element in root.iter("{*}observationMedia", "{*}regionOfInterest"):
        medium = element if local(element) == "observationMedia" else element.find(".//{*}observationMedia")
        if medium is not None and (identifier := element.get("ID")):
            found.setdefault(identifier, medium)
    return found


def _parent(element: etree._Element) -> etree._Element:
    parent = element.getparent()
    return element if parent is None else parent


def _classes(element: etree._Element) -> str:
    return " ".join(_STYLES[style] for style in attribute(element, "styleCode").split() if style in _STYLES)


def _span(text: str) -> str:
    return text if text.isascii() and text.isdigit() and 1 < int(text[:4]) <= _MAX_SPAN and len(text) <= 4 else ""  # noqa: PLR2004 - four digits at most
