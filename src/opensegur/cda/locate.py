"""Finding one's way in a document: its ``ClinicalDocument`` whatever wraps it, and readable paths.

The root may be ``ds:Signature`` (signed document) or ``xsl:stylesheet`` (self-rendering document): only the
``ClinicalDocument`` subtree counts, and no style sheet found inside a document is ever run.
"""

from __future__ import annotations

import re
from copy import deepcopy

from lxml import etree

from opensegur.cda.noeud import NS
from opensegur.foundation.errors import RefusedInput
from opensegur.foundation.xml import parse

NAMESPACES = {
    "h": NS,
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "sdtc": "urn:hl7-org:sdtc",
    "re": "http://exslt.org/regular-expressions",
}
_STEP = re.compile(r"(\w+)(?:\[([1-9][0-9]{0,5})\])?")
_ROOT = f"{{{NS}}}ClinicalDocument"


def clinical_document(data: bytes) -> etree._Element:
    """The ``ClinicalDocument`` of ``data``, as the root of its own tree.

    Raises ``RefusedInput``: the codes of ``foundation.xml.parse``, CDA_RACINE when there is none or several.
    """
    root = parse(data)
    found = list(root.iter(_ROOT))
    if len(found) != 1:
        raise RefusedInput(
            "CDA_RACINE",
            "Ce fichier XML n’est pas un document CDA R2.",
            conseil="Il doit contenir un et un seul élément ClinicalDocument (urn:hl7-org:v3).",
            detail=str(etree.QName(root).localname)[:60],
        )
    if found[0] is root:
        return root
    apart = deepcopy(found[0])
    apart.tail = None
    return apart


def local(element: etree._Element) -> str:
    """The local name, or ``""`` for a comment or an instruction."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def path_of(element: etree._Element) -> str:
    """``/ClinicalDocument/author[2]/time``: local names, with a rank only among several brothers."""
    steps: list[str] = []
    current: etree._Element | None = element
    while current is not None:
        steps.append(_step(current))
        current = current.getparent()
    return "/" + "/".join(reversed(steps))


def _step(element: etree._Element) -> str:
    name, tag = local(element), str(element.tag)
    rank = 1 + sum(1 for _ in element.itersiblings(tag, preceding=True))
    alone = rank == 1 and next(element.itersiblings(tag), None) is None
    return name if alone else f"{name}[{rank}]"


def line_at(root: etree._Element, path: str) -> int:
    """The line where the element at ``path`` begins (an attribute: its element's); 0 when nothing is there."""
    current = root
    for step in path.strip("/").split("/")[1:]:
        found = _STEP.fullmatch(step)
        if found is None:
            break
        name, rank = found.group(1), int(found.group(2) or 1)
        brothers = [each for each in current if local(each) == name]
        if rank > len(brothers):
            return 0
        current = brothers[rank - 1]
    return current.sourceline or 0


def child(element: etree._Element | None, path: str) -> etree._Element | None:
    """The first element at ``path``, a chain of CDA names such as ``patientRole/patient``."""
    return None if element is None else element.find("/".join(f"h:{name}" for name in path.split("/")), NAMESPACES)


def children(element: etree._Element | None, path: str) -> list[etree._Element]:
    return [] if element is None else element.findall("/".join(f"h:{name}" for name in path.split("/")), NAMESPACES)


def attribute(element: etree._Element | None, name: str) -> str:
    return "" if element is None else element.get(name, "").strip()


def text_of(element: etree._Element | None) -> str:
    """All the text inside, with its spaces made single."""
    return "" if element is None else " ".join("".join(_pieces(element)).split())


def _pieces(element: etree._Element) -> list[str]:
    pieces = [element.text or ""]
    for inner in element:
        pieces.extend(_pieces(inner) if local(inner) else [])
        pieces.append(inner.tail or "")
    return pieces
