"""The bytes of an exchange made readable: an XML tree, a form, JSON, the parts of a MIME message, or a size."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl

from lxml import etree

from opensegur.foundation.errors import RefusedInput
from opensegur.foundation.mime import parse_media_type
from opensegur.foundation.mtom import MtomLimits, unpack
from opensegur.foundation.xml import XmlLimits, parse

_LIMITS: Final = XmlLimits(max_bytes=8 * 1024 * 1024, max_depth=80)
_MAX_NODES: Final = 4000
_MAX_TEXT: Final = 600
_MAX_BODY: Final = 20_000
_TEXT_TYPES: Final = ("text/", "application/json", "application/x-www-form-urlencoded")
_SHOWN_MIME: Final = 20


@dataclass(slots=True)
class Noeud:
    """An element: its name with its prefix, its attributes, its own text, its children."""

    nom: str
    attributs: tuple[tuple[str, str], ...]
    texte: str = ""
    enfants: list[Noeud] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Partie:
    """One readable piece. Exactly one of ``arbre``, ``paires`` and ``texte`` is filled, or none for bytes."""

    titre: str
    type: str
    taille: int
    arbre: Noeud | None = None
    paires: tuple[tuple[str, str], ...] = ()
    texte: str = ""
    note: str = ""
    racine: etree._Element | None = None


def decode(headers: tuple[tuple[str, str], ...], data: bytes) -> tuple[Partie, ...]:
    """The pieces of a message. Never raises: what cannot be read is shown as text or by its size."""
    if not data:
        return ()
    given = next((value for name, value in headers if name.lower() == "content-type"), "")
    try:
        media = parse_media_type(given).type
    except RefusedInput:
        media = ""
    if media.startswith("multipart/"):
        return _multipart(given, data)
    return (_single("Corps", media, data),)


def _multipart(given: str, data: bytes) -> tuple[Partie, ...]:
    try:
        root, parts = unpack(data, given, MtomLimits())
    except RefusedInput as error:
        return (Partie("Corps", "multipart", len(data), texte=_text(data), note=error.message),)
    found = [_single("Partie racine", "application/xop+xml", root)]
    found += [
        _single(f"Partie {part.content_id}", part.content_type.partition(";")[0], part.data)
        for part in list(parts.values())[:_SHOWN_MIME]
    ]
    return tuple(found)


def _single(title: str, media: str, data: bytes) -> Partie:
    if "xml" in media or (data.lstrip()[:1] == b"<" and not media.startswith("text/html")):
        return _xml(title, media, data)
    if media == "application/x-www-form-urlencoded":
        try:
            pairs = tuple(parse_qsl(data.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=100))
        except ValueError:
            pairs = ()
        return Partie(title, media, len(data), paires=pairs, texte="" if pairs else _text(data))
    if media == "application/json":
        return Partie(title, media, len(data), texte=_json(data))
    if media.startswith(_TEXT_TYPES):
        return Partie(title, media, len(data), texte=_text(data))
    return Partie(title, media or "inconnu", len(data), note="Contenu binaire : il est dans l’export.")


def _xml(title: str, media: str, data: bytes) -> Partie:
    try:
        root = parse(data, _LIMITS)
    except RefusedInput as error:
        return Partie(title, media, len(data), texte=_text(data), note=f"{error.message} [{error.code}]")
    budget = iter(range(_MAX_NODES))
    tree = _node(root, budget)
    full = next(budget, None) is None
    return Partie(
        title,
        media,
        len(data),
        arbre=tree,
        racine=root,
        note=f"Seuls les {_MAX_NODES} premiers éléments sont montrés." if full else "",
    )


def _node(element: etree._Element, budget: Iterator[int]) -> Noeud:
    attributes = [
        (f"xmlns:{prefix}" if prefix else "xmlns", uri)
        for prefix, uri in element.nsmap.items()
        if (parent := element.getparent()) is None or parent.nsmap.get(prefix) != uri
    ]
    attributes += [(_prefixed(element, str(name)), _cut(str(value))) for name, value in element.attrib.items()]
    node = Noeud(_prefixed(element, str(element.tag)), tuple(attributes), _cut((element.text or "").strip()))
    for child in element.iterchildren(etree.Element):
        if next(budget, None) is None:
            break
        node.enfants.append(_node(child, budget))
    return node


def _prefixed(element: etree._Element, name: str) -> str:
    qualified = etree.QName(name)
    if not qualified.namespace:
        return qualified.localname
    prefix = next((key for key, uri in element.nsmap.items() if uri == qualified.namespace), None)
    return f"{prefix}:{qualified.localname}" if prefix else qualified.localname


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_TEXT else f"{text[:_MAX_TEXT]}… ({len(text)} caractères)"


def _json(data: bytes) -> str:
    try:
        return json.dumps(json.loads(data), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return _text(data)


def _text(data: bytes) -> str:
    shown = data[:_MAX_BODY].decode("utf-8", "replace")
    return shown if len(data) <= _MAX_BODY else f"{shown}… ({len(data)} octets)"


def extension(headers: Mapping[str, str]) -> str:
    """The extension of an exported body."""
    media = headers.get("content-type", "").partition(";")[0].strip().lower()
    if media.startswith("multipart/"):
        return "mime"
    for name in ("xml", "json", "html"):
        if name in media:
            return name
    return "txt" if media.startswith("text/") or "form" in media else "bin"
