"""What is to be done after a stay (FR-Plan-de-soins): acts, examinations or follow-up, consultations.

Source: CI-SIS Volet LDL-SES 2022.01, section « Suites à donner ».
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml import etree

from opensegur.cda.checks import check_texts
from opensegur.cda.locate import child, children, local
from opensegur.cda.n3.affichage import date
from opensegur.cda.n3.ecriture import code, notion, said, templates, typed, when
from opensegur.cda.n3.lecture import Lecture, coded, is_a, read_identity, read_quand, sections
from opensegur.cda.n3.pharmacie.mentions import TA_ASIP
from opensegur.cda.n3.recit import Case, Dit, Redaction, table
from opensegur.cda.n3.section import build_section, rubrique
from opensegur.cda.n3.valeurs import Notion, Quand, check_quand
from opensegur.cda.noeud import Noeud, node
from opensegur.foundation.acteurs import Code

_PLAN = rubrique(
    "18776-5",
    "Plan de soins",
    "Suites à donner",
    "2.16.840.1.113883.10.20.1.10",
    "1.3.6.1.4.1.19376.1.5.3.1.3.36",
    "1.2.250.1.213.1.1.2.158",
)
_ACTE = "1.2.250.1.213.1.1.3.62"
_DEMANDE = "1.2.250.1.213.1.1.3.27"
_RENCONTRE = "1.2.250.1.213.1.1.3.58"
_SUIVI = Code("ORG-064", TA_ASIP, "Demande d'examen ou de suivi")


@dataclass(frozen=True, slots=True, repr=False)
class ActePrevu:
    """An act to be done, most often in CCAM; ``priorite`` ∈ HL7 ActPriority (UR urgent…)."""

    acte: Notion
    le: Quand = ""
    priorite: Code | None = None
    uid: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        check_quand(self.le, quoi="Date de l’acte prévu")

    def __repr__(self) -> str:
        return f"ActePrevu({self.acte!r})"


@dataclass(frozen=True, slots=True, repr=False)
class Demande:
    """An examination or a follow-up that is asked for, in words."""

    texte: str
    le: Quand = ""
    uid: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        check_texts(self.texte)
        check_quand(self.le, quoi="Date de la demande")

    def __repr__(self) -> str:
        return "Demande(…)"


@dataclass(frozen=True, slots=True, repr=False)
class Rencontre:
    """A consultation to come: ``nature`` ∈ JDV_J142 (AMB…), ``avec`` whom; ``priorite`` ∈ HL7 ActPriority."""

    nature: Code
    avec: str
    le: Quand = ""
    priorite: Code | None = None
    uid: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        check_texts(self.avec)
        check_quand(self.le, quoi="Date de la rencontre")

    def __repr__(self) -> str:
        return f"Rencontre({self.nature.code})"


Suite = ActePrevu | Demande | Rencontre


def build_plan(suites: Sequence[Suite], redaction: Redaction) -> Noeud:
    rows: list[tuple[Case, ...]] = []
    entries: list[Noeud] = []
    for each in suites:
        words = redaction.dit(_words(each), "suite")
        priority = None if isinstance(each, Demande) else each.priorite
        rows.append((_KINDS[type(each)], words, date(each.le), priority.label if priority else ""))
        entries.append(_entry(each, words, redaction))
    return build_section(_PLAN, redaction, table(("Suite", "", "Date", "Priorité"), rows), entries)


def read_plan(root: etree._Element, lecture: Lecture) -> tuple[Suite, ...]:
    found = (
        _read(entry, lecture)
        for section in sections(root, _PLAN.modele)
        for part in children(section, "entry")
        for entry in part
        if local(entry)
    )
    return tuple(each for each in found if each)


_KINDS: dict[type[Suite], str] = {ActePrevu: "Acte", Demande: "Demande ou suivi", Rencontre: "Consultation"}


def _words(each: Suite) -> str:
    match each:
        case ActePrevu():
            return each.acte.texte
        case Demande():
            return each.texte
        case Rencontre():
            return each.avec


def _entry(each: Suite, words: Dit, redaction: Redaction) -> Noeud:
    identifier = redaction.identifier(words.ancre, each.uid)
    moment = when("effectiveTime", each.le)
    match each:
        case ActePrevu():
            return node(
                "procedure",
                *templates("2.16.840.1.113883.10.20.1.25", "1.3.6.1.4.1.19376.1.5.3.1.4.19", _ACTE),
                identifier,
                notion("code", each.acte, words.ancre),
                said(words.ancre),
                node("statusCode", code="active"),
                moment,
                code("priorityCode", each.priorite) if each.priorite else None,
                classCode="PROC",
                moodCode="INT",
            )
        case Demande():
            return node(
                "observation",
                *templates("2.16.840.1.113883.10.20.1.25", "1.3.6.1.4.1.19376.1.5.3.1.1.20.3.1", _DEMANDE),
                identifier,
                code("code", _SUIVI),
                said(words.ancre),
                node("statusCode", code="active"),
                moment,
                typed(node("value", each.texte), "ST"),
                classCode="OBS",
                moodCode="INT",
            )
        case Rencontre():
            return node(
                "encounter",
                *templates(
                    "2.16.840.1.113883.10.20.1.21",
                    "2.16.840.1.113883.10.20.1.25",
                    "1.3.6.1.4.1.19376.1.5.3.1.4.14",
                    _RENCONTRE,
                ),
                identifier,
                code("code", each.nature),
                said(words.ancre),
                moment,
                code("priorityCode", each.priorite) if each.priorite else None,
                classCode="ENC",
                moodCode="ARQ",
            )


def _read(entry: etree._Element, lecture: Lecture) -> Suite | None:
    words, uid = lecture.words(child(entry, "text")), read_identity(child(entry, "id"))
    moment, priority = read_quand(child(entry, "effectiveTime")), coded(child(entry, "priorityCode"))
    if is_a(entry, _ACTE):
        act = lecture.notion(child(entry, "code"), words)
        return ActePrevu(act, moment, priority, uid) if act else None
    if is_a(entry, _DEMANDE):
        return Demande(words, moment, uid) if words else None
    kind = coded(child(entry, "code"))
    return Rencontre(kind, words, moment, priority, uid) if is_a(entry, _RENCONTRE) and kind else None
