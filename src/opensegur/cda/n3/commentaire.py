"""A free comment: about an entry (FR-Commentaire-ER), or about the whole document (a section)."""

from __future__ import annotations

from lxml import etree

from opensegur.cda.locate import child
from opensegur.cda.n3.ecriture import completed, loinc, relation, said, templates
from opensegur.cda.n3.lecture import Lecture, first, within
from opensegur.cda.n3.recit import Dit
from opensegur.cda.n3.section import rubrique
from opensegur.cda.noeud import Noeud, node

_COMMENTAIRE = "1.2.250.1.213.1.1.3.32"
COMMENTAIRE = rubrique(
    "55112-7",
    "Commentaire",
    "Commentaire",
    "2.16.840.1.113883.10.12.201",
    "1.3.6.1.4.1.19376.1.4.1.2.16",
    "1.2.250.1.213.1.1.2.73",
)


def build_comment(dit: Dit, *, inverted: bool | None = None) -> Noeud:
    return relation("SUBJ", comment_act(dit), inverted=inverted)


def comment_act(dit: Dit) -> Noeud:
    return node(
        "act",
        *templates("2.16.840.1.113883.10.20.1.40", "1.3.6.1.4.1.19376.1.5.3.1.4.2", _COMMENTAIRE),
        loinc("48767-8", "Commentaire"),
        said(dit.ancre),
        completed(),
        classCode="ACT",
        moodCode="EVN",
    )


def read_comment(entry: etree._Element | None, lecture: Lecture) -> str:
    act = first(within(entry, "entryRelationship/act", _COMMENTAIRE))
    return lecture.words(child(act, "text"))
