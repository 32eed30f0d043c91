"""Values to the elements of a structured body, each in the order of the schema.

Source: HL7 CDA R2 (datatypes-base.xsd, POCD_MT000040.xsd); CI-SIS Modèles de contenus CDA.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache

from opensegur.cda.datatypes import coded, timestamp
from opensegur.cda.n3.valeurs import Notion, Periode, Plage, Quand, Quantite
from opensegur.cda.noeud import Enfant, Noeud, node
from opensegur.foundation.acteurs import Code

LOINC = "2.16.840.1.113883.6.1"
SNOMED = "2.16.840.1.113883.6.96"
ACT_CODE = "2.16.840.1.113883.5.4"


@cache
def templates(*oids: str) -> tuple[Noeud, ...]:
    """The same elements each time: nothing is ever added to them."""
    return tuple(node("templateId", root=oid) for oid in oids)


def typed(element: Noeud, name: str) -> Noeud:
    """``element`` with its ``xsi:type``, a type of the schema's own namespace."""
    return element.with_attribute("xsi:type", name)


def ts(value: Quand) -> str:
    return timestamp(value) if isinstance(value, datetime) else value.replace("-", "")


def when(tag: str, value: Quand, *, unknown: str = "UNK") -> Noeud:
    """A time; ``unknown`` is the nullFlavor that says that it is not known."""
    return node(tag, value=ts(value)) if value else node(tag, nullFlavor=unknown)


def period(periode: Periode, *, closed: bool = False, tag: str = "effectiveTime") -> Noeud:
    """An interval whose beginning is always written; its end when it is known, or when the thing is ``closed``."""
    high = when("high", periode.fin) if periode.fin or closed else None
    return node(tag, when("low", periode.debut), high)


def reference(anchor: str) -> Noeud:
    return node("reference", value=f"#{anchor}")


def said(anchor: str, tag: str = "text") -> Noeud:
    """``text`` or ``originalText``: the words are those of the narrative."""
    return node(tag, reference(anchor))


def code(tag: str, value: Code | None, *children: Enfant) -> Noeud:
    """A code with its system, the name of the system and its label; without a value, what ``children`` say."""
    if value is None:
        return node(tag, *children)
    return coded(tag, value, *children)


def notion(tag: str, value: Notion, anchor: str = "", *, xsi_type: str = "") -> Noeud:
    """Words and code: ``anchor`` is where the narrative says them."""
    element = code(
        tag,
        value.code,
        said(anchor, "originalText") if anchor else None,
        *(code("translation", other) for other in value.traductions),
    )
    return typed(element, xsi_type) if xsi_type else element


def loinc(value: str, label: str, tag: str = "code") -> Noeud:
    return code(tag, Code(value, LOINC, label))


def quantity(tag: str, value: Quantite, **attributes: str) -> Noeud:
    return node(tag, value=value.texte, unit=value.unite, **attributes)


def bounds(tag: str, plage: Plage) -> Noeud:
    low, high = plage.bas, plage.haut
    return node(
        tag,
        quantity("low", low, inclusive="true" if plage.bas_inclus else "false") if low else None,
        quantity("high", high, inclusive="true" if plage.haut_inclus else "false") if high else None,
    )


@cache
def completed() -> Noeud:
    return node("statusCode", code="completed")


def relation(kind: str, entry: Noeud, *, inverted: bool | None = None) -> Noeud:
    """``entryRelationship``; ``inverted`` says whether the inner entry is about the outer one, when it is said."""
    sense = "" if inverted is None else str(inverted).lower()
    return node("entryRelationship", entry, typeCode=kind, inversionInd=sense)
