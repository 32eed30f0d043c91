"""A section of the body: its models, its code, its title, what people read, then the entries.

Source: HL7 CDA R2 (POCD_MT000040.xsd, Section); CI-SIS Structuration minimale, corps structuré.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from opensegur.cda.n3.ecriture import LOINC, code, templates
from opensegur.cda.n3.recit import Redaction
from opensegur.cda.noeud import Noeud, node
from opensegur.foundation.acteurs import Code


@dataclass(frozen=True, slots=True)
class Rubrique:
    """What a section is, whatever it says: its ``modeles`` (the last one is ours to find it by), code and title."""

    modeles: tuple[str, ...]
    code: Code
    titre: str

    @property
    def modele(self) -> str:
        return self.modeles[-1]


def rubrique(code_loinc: str, libelle: str, titre: str, *modeles: str) -> Rubrique:
    return Rubrique(modeles, Code(code_loinc, LOINC, libelle), titre)


def build_section(
    kind: Rubrique,
    redaction: Redaction,
    text: Noeud,
    entries: Iterable[Noeud] = (),
    *,
    driven: bool = False,
    author: Noeud | None = None,
) -> Noeud:
    """``driven``: the text is written from the entries (``entry/@typeCode`` DRIV); ``author`` of this section."""
    sense = "DRIV" if driven else ""
    return _section(kind, redaction, text, author, *(node("entry", each, typeCode=sense) for each in entries))


def build_chapter(kind: Rubrique, redaction: Redaction, inner: Iterable[Noeud]) -> Noeud:
    """A section that holds others, and neither text nor entry of its own."""
    return _section(kind, redaction, *(node("component", each) for each in inner))


def build_body(sections: Iterable[Noeud]) -> Noeud:
    """``component/structuredBody``."""
    return node("component", node("structuredBody", *(node("component", each) for each in sections)))


def _section(kind: Rubrique, redaction: Redaction, *content: Noeud | None) -> Noeud:
    return node(
        "section",
        *templates(*kind.modeles),
        redaction.identifier(redaction.anchor("section")),
        code("code", kind.code),
        node("title", kind.titre),
        *content,
    )
