"""The one XML parser: safe by construction.

Any DOCTYPE is refused (hence entities, external or not), nothing is fetched, size and depth are bounded
before the tree is handed over. lxml's own switches are not enough: entities in attribute values are expanded
even with ``resolve_entities=False``, so the prolog is read before the parser sees the document.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from opensegur.foundation.errors import RefusedInput

_BOM = b"\xef\xbb\xbf"
_DECLARATION = re.compile(rb"<\?xml\s[^>]*?\?>")
_ENCODING = re.compile(rb"""encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_MISC = re.compile(rb"\s+|<!--(?:(?!-->).)*-->|<\?(?:(?!\?>).)*\?>", re.DOTALL)
_ASCII_COMPATIBLE = frozenset({"utf-8", "us-ascii", "ascii", "iso-8859-1", "iso-8859-15", "windows-1252"})


@dataclass(frozen=True, slots=True)
class XmlLimits:
    """Bounds of a document: ``max_bytes`` of the source, ``max_depth`` of nested elements, ``max_tags`` in it.

    A tag of four bytes takes a hundred times more once read: the bytes alone would not bound the memory.
    """

    max_bytes: int = 30 * 1024 * 1024
    max_depth: int = 120
    max_tags: int = 1_500_000


DEFAULT_LIMITS = XmlLimits()


def parse(data: bytes, limits: XmlLimits = DEFAULT_LIMITS) -> etree._Element:
    """Read ``data`` into its root element.

    Raises ``RefusedInput`` with one of the codes XML_TOO_LARGE (bytes or tags), XML_ENCODING, XML_DOCTYPE,
    XML_TOO_DEEP, XML_MALFORMED.
    """
    if len(data) > limits.max_bytes:
        raise RefusedInput(
            "XML_TOO_LARGE",
            "Le document XML est trop volumineux.",
            conseil=f"La taille admise est de {limits.max_bytes // (1024 * 1024)} Mo.",
            detail=f"{len(data)} bytes",
        )
    if (tags := data.count(b"<")) > limits.max_tags:
        raise RefusedInput(
            "XML_TOO_LARGE",
            "Le document XML contient beaucoup trop d’éléments.",
            conseil="Un document de santé n’en a jamais autant : demandez-en l’origine.",
            detail=f"{tags} tags",
        )
    _check_prolog(data)
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=True, remove_blank_text=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        if "Excessive depth" in str(error):  # libxml2's own bound
            raise _too_deep(limits.max_depth) from error
        raise RefusedInput(
            "XML_MALFORMED",
            "Le document n'est pas du XML bien formé.",
            conseil="Vérifiez que le fichier est complet et qu'il n'a pas été modifié.",
            detail=str(error)[:200],
        ) from error
    _check_depth(root, limits.max_depth)
    return root


def serialize(element: etree._Element) -> bytes:
    """UTF-8 bytes with an XML declaration."""
    return etree.tostring(element, encoding="UTF-8", xml_declaration=True)


def canonicalize(
    element: etree._Element, *, exclusive: bool, with_comments: bool = False, inclusive_prefixes: Sequence[str] = ()
) -> bytes:
    """Canonical XML 1.0, inclusive or exclusive, of ``element`` in its place in the document."""
    if not exclusive and element.getparent() is not None:
        # libxml2 writes a false xmlns="" on the grandchildren of an element taken apart from its document
        apart = etree.tostring(element, with_tail=False)
        element = etree.fromstring(apart, etree.XMLParser(resolve_entities=False, huge_tree=True))
    return etree.tostring(
        element,
        method="c14n",
        exclusive=exclusive,
        with_comments=with_comments,
        inclusive_ns_prefixes=list(inclusive_prefixes) or None,
    )


def _check_prolog(data: bytes) -> None:
    position = len(_BOM) if data.startswith(_BOM) else 0
    declaration = _DECLARATION.match(data, position)
    if declaration:
        encoding = _ENCODING.search(declaration.group())
        name = encoding.group(1).decode("ascii").lower() if encoding else "utf-8"
        if name not in _ASCII_COMPATIBLE:
            raise _wrong_encoding(name)
        position = declaration.end()
    while misc := _MISC.match(data, position):
        position = misc.end()
    if data[position + 1 : position + 2] == b"\x00":
        # UTF-16 and UTF-32 in little-endian order begin by "<" too: what follows would not be seen here
        raise _wrong_encoding("not an ASCII-compatible encoding")
    if data[position : position + 9].upper() == b"<!DOCTYPE":
        raise RefusedInput(
            "XML_DOCTYPE",
            "Le document XML contient une déclaration DOCTYPE, refusée par sécurité.",
            conseil="Retirez la déclaration <!DOCTYPE …> : aucun message des services nationaux n'en contient.",
        )
    if data[position : position + 1] != b"<":
        raise _wrong_encoding("not an ASCII-compatible encoding") if b"\x00" in data[:64] else _malformed()


def _wrong_encoding(name: str) -> RefusedInput:
    return RefusedInput(
        "XML_ENCODING",
        "Le codage de caractères du document XML n'est pas admis.",
        conseil="Enregistrez le document en UTF-8.",
        detail=name,
    )


def _malformed() -> RefusedInput:
    return RefusedInput(
        "XML_MALFORMED",
        "Le document n'est pas du XML.",
        conseil="Vérifiez que le fichier est complet et qu'il n'a pas été modifié.",
    )


def _check_depth(root: etree._Element, max_depth: int) -> None:
    # a path of child steps visits each element once; count(ancestor::*) would be quadratic
    if root.xpath("boolean(" + "/*" * (max_depth + 1) + ")"):
        raise _too_deep(max_depth)


def _too_deep(max_depth: int) -> RefusedInput:
    return RefusedInput(
        "XML_TOO_DEEP",
        "Le document XML est imbriqué trop profondément.",
        conseil="Un document de santé n'a jamais autant de niveaux : demandez-en l'origine.",
        detail=f"more than {max_depth} levels",
    )
