"""Why something is done: a reference to a problem, in words and most often in CIM-10 (FR-Reference-interne)."""

from __future__ import annotations

from lxml import etree

from opensegur.cda.locate import child
from opensegur.cda.n3.ecriture import notion, relation, templates
from opensegur.cda.n3.lecture import Lecture, first, within
from opensegur.cda.n3.recit import Dit, Redaction
from opensegur.cda.n3.valeurs import Notion
from opensegur.cda.noeud import Noeud, node

_REFERENCE = "1.2.250.1.213.1.1.3.36"


def build_reason(motif: Notion, dit: Dit, redaction: Redaction) -> Noeud:
    """The RSON relation of a treatment or of an act; without a code the words alone say it."""
    coded = notion("code", motif, dit.ancre)
    if motif.code is None:
        coded = coded.with_attribute("nullFlavor", "NA")
    act = node(
        "act",
        *templates("1.3.6.1.4.1.19376.1.5.3.1.4.4.1", _REFERENCE),
        redaction.identifier(dit.ancre),
        coded,
        classCode="ACT",
        moodCode="EVN",
    )
    return relation("RSON", act, inverted=False)


def read_reason(entry: etree._Element, lecture: Lecture) -> Notion | None:
    act = first(within(entry, "entryRelationship[@typeCode='RSON']/act", _REFERENCE))
    return None if act is None else lecture.notion(child(act, "code"))
