"""A problem of health, current or past, and what it is wrapped in (FR-Liste-des-problemes, FR-Probleme)."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from opensegur.cda.checks import check_code
from opensegur.cda.locate import attribute, child, children
from opensegur.cda.n3.absence import is_absent
from opensegur.cda.n3.ecriture import SNOMED, code, completed, notion, period, relation, said, templates
from opensegur.cda.n3.lecture import Lecture, coded, first, is_a, read_identity, read_period, within
from opensegur.cda.n3.recit import Redaction
from opensegur.cda.n3.valeurs import INCONNUE, Notion, Periode
from opensegur.cda.noeud import Noeud, node
from opensegur.foundation.acteurs import Code
from opensegur.nomenclature import table

INTERPRETATION = Code("282291009", SNOMED, "interprétation diagnostique")
SYMPTOME = Code("418799008", SNOMED, "symptôme rapporté par le patient ou le répondant")

LISTE = "1.2.250.1.213.1.1.3.39"
_LISTE = ("2.16.840.1.113883.10.20.1.27", "1.3.6.1.4.1.19376.1.5.3.1.4.5.1", "1.3.6.1.4.1.19376.1.5.3.1.4.5.2", LISTE)
PROBLEME = "1.2.250.1.213.1.1.3.37"
_PROBLEME = ("2.16.840.1.113883.10.20.1.28", "1.3.6.1.4.1.19376.1.5.3.1.4.5", PROBLEME)
_REACTION = ("2.16.840.1.113883.10.20.1.28", "2.16.840.1.113883.10.20.1.54", *_PROBLEME[1:])


@dataclass(frozen=True, slots=True, repr=False)
class Probleme:
    """``diagnostic`` in words and most often in CIM-10; ``nature`` ∈ JDV_ProblemCodes; ``uid`` of the entry."""

    diagnostic: Notion
    periode: Periode = INCONNUE
    actif: bool = True
    nature: Code = INTERPRETATION
    uid: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        check_code("JDV_ProblemCodes", self.nature, quoi="Nature du problème")

    def __repr__(self) -> str:
        return f"Probleme({self.diagnostic!r})"


def build_concern(probleme: Probleme, anchor: str, redaction: Redaction) -> Noeud:
    """The ``act`` that says whether the problem is followed today, around the problem itself."""
    closed = not probleme.actif
    return node(
        "act",
        *templates(*_LISTE),
        redaction.identifier(f"{anchor}-suivi"),
        node("code", nullFlavor="NA"),
        node("statusCode", code="completed" if closed else "active"),
        period(Periode(probleme.periode.debut, probleme.periode.fin if closed else ""), closed=closed),
        relation("SUBJ", build_problem(probleme, anchor, redaction), inverted=False),
        classCode="ACT",
        moodCode="EVN",
    )


def build_problem(probleme: Probleme, anchor: str, redaction: Redaction, *, reaction: bool = False) -> Noeud:
    """The ``observation``; ``reaction`` when it is what a product did to the patient."""
    return node(
        "observation",
        *templates(*(_REACTION if reaction else _PROBLEME)),
        redaction.identifier(anchor, probleme.uid),
        code("code", probleme.nature),
        said(anchor),
        completed(),
        period(probleme.periode),
        notion("value", probleme.diagnostic, anchor, xsi_type="CD"),
        classCode="OBS",
        moodCode="EVN",
        negationInd="false",
    )


def read_concern(act: etree._Element, lecture: Lecture) -> Probleme | None:
    inner = first(within(act, "entryRelationship/observation", PROBLEME))
    status = attribute(child(act, "statusCode"), "code")
    return None if inner is None else read_problem(inner, lecture, actif=status in {"active", "suspended"})


def read_problem(observation: etree._Element, lecture: Lecture, *, actif: bool = True) -> Probleme | None:
    said_there = lecture.words(child(observation, "text"))
    diagnostic = lecture.notion(child(observation, "value"), said_there)
    if diagnostic is None or is_absent(diagnostic.code):
        return None
    nature = coded(child(observation, "code"))
    return Probleme(
        diagnostic,
        read_period(child(observation, "effectiveTime")),
        actif,
        _known(nature),
        read_identity(child(observation, "id")),
    )


def read_concerns(section: etree._Element, lecture: Lecture) -> tuple[Probleme, ...]:
    acts = (each for each in children(section, "entry/act") if is_a(each, LISTE))
    return tuple(found for each in acts if (found := read_concern(each, lecture)))


def _known(nature: Code | None) -> Code:
    """The nature as the value set has it; what it does not know is an interpretation."""
    found = table("JDV_ProblemCodes").get(nature.code, nature.system) if nature else None
    return Code(found.code, found.system, found.label) if found else INTERPRETATION
