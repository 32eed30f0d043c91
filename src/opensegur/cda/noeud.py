"""An element being written: XML text that is known to be well-formed, made from its children up.

Documents are built from their leaves, as sections and entries are. lxml makes a document of each element built so,
and walks a whole subtree each time it is moved: a report of biology took twice as long as this takes. A property test
compares with what lxml reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

NS = "urn:hl7-org:v3"
NS_XSI = "http://www.w3.org/2001/XMLSchema-instance"
NS_SDTC = "urn:hl7-org:sdtc"
NS_LAB = "urn:oid:1.3.6.1.4.1.19376.1.3.2"
NS_PHARM = "urn:ihe:pharm:medication"

# declared where they are used, so that a document says nothing of what it does not contain
_PREFIXES = {NS_SDTC: "sdtc", NS_LAB: "lab", NS_PHARM: "pharm"}
_ROOT = f'xmlns="{NS}" xmlns:xsi="{NS_XSI}"'
_DECLARATION = "<?xml version='1.0' encoding='UTF-8'?>\n"
# XML 1.0 §2.11 and §3.3.3: a reader would change these if they were written as they are
_ATTRIBUTE = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;", "\n": "&#10;", "\t": "&#9;"}
)
_MARKUP = re.compile(r"[&<>\r]")
_SHORT = 200
_NAME = re.compile(r"<[\w:]+")


class Noeud(str):
    """An element, or several, already written. It never changes."""

    __slots__ = ()

    def with_attribute(self, name: str, value: str) -> Noeud:
        found = _NAME.match(self)
        assert found is not None
        return Noeud(f'{self[: found.end()]} {name}="{_attribute(value)}"{self[found.end() :]}')

    def document(self) -> bytes:
        """The bytes of a document whose root this is."""
        found = _NAME.match(self)
        assert found is not None
        return f"{_DECLARATION}{self[: found.end()]} {_ROOT}{self[found.end() :]}".encode()


Enfant = str | None
"""A ``Noeud``, a text that is not escaped yet, or nothing."""


def node(tag: str, *children: Enfant, namespace: str = NS, **attributes: str) -> Noeud:
    """An element: ``None`` children, empty texts and empty attributes are left out.

    ``xsi_type`` is the attribute ``xsi:type``.
    """
    name, written = (tag, "") if namespace is NS else _foreign(tag, namespace)
    for key, value in attributes.items():
        if value:
            written += f' {"xsi:type" if key == "xsi_type" else key}="{_attribute(value)}"'
    if not children:
        return Noeud(f"<{name}{written}/>")
    content = "".join(_written(children))
    return Noeud(f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>")


def join(children: Iterable[Enfant]) -> Noeud:
    """Several pieces as one, texts escaped."""
    return Noeud("".join(_written(children)))


def _written(children: Iterable[Enfant]) -> list[str]:
    return [child if type(child) is Noeud else _text(child) for child in children if child is not None]


# str.translate is slow on short strings, and the same identifiers of models and terminologies come all the time
@lru_cache(maxsize=4096)
def _attribute(value: str) -> str:
    return value.translate(_ATTRIBUTE)


def _text(text: str) -> str:
    """Replaced one mark after the other, the ampersand first: several times faster than ``str.translate``."""
    if len(text) < _SHORT and not _MARKUP.search(text):
        return text
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def _foreign(tag: str, namespace: str) -> tuple[str, str]:
    prefix = _PREFIXES[namespace]
    return f"{prefix}:{tag}", f' xmlns:{prefix}="{namespace}"'
