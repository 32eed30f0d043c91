"""HTML elements made by name: text and attributes are escaped by lxml, nothing is ever pasted as markup."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable

from lxml import etree

Part = etree._Element | str | None  # noqa: SLF001 - lxml has no public name for the type of its elements

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_ID = re.compile(r"[^\w.-]")

# what a browser shows without a plug-in, with the first bytes that prove it
_IMAGES = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
}


def tag(name: str, *parts: Part, **attributes: str) -> etree._Element:
    """An element; ``class_`` and the like lose their last underscore, empty attributes and parts are left out."""
    element = etree.Element(name)
    for key, value in attributes.items():
        if value:
            element.set(key.rstrip("_").replace("_", "-"), clean(value))
    add(element, parts)
    return element


def add(element: etree._Element, parts: Iterable[Part]) -> None:
    for part in parts:
        if isinstance(part, str):
            _add_text(element, clean(part))
        elif part is not None:
            element.append(part)


def clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)


def anchor(identifier: str) -> str:
    """The ID of a narrative as an HTML id that cannot meet those of the page around it."""
    return f"cda-{_NOT_ID.sub('-', identifier)}" if identifier else ""


def image(media_type: str, data: bytes, text: str) -> etree._Element | None:
    """An image inside the page, or ``None`` when its type is not allowed or its bytes are of another type."""
    if not data.startswith(_IMAGES.get(media_type, ())):
        return None
    encoded = base64.b64encode(data).decode("ascii")
    return tag("img", src=f"data:{media_type};base64,{encoded}", alt=text or "Image du document", class_="cda-image")


def to_text(element: etree._Element) -> str:
    return etree.tostring(element, encoding="unicode", method="html")


def _add_text(element: etree._Element, text: str) -> None:
    last = element[-1] if len(element) else None
    if last is None:
        element.text = (element.text or "") + text
    else:
        last.tail = (last.tail or "") + text
