"""An allergy or an intolerance (FR-Liste-des-allergies, FR-Allergie-ou-hypersensibilite), and its known absence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from opensegur.cda.checks import check_code
from opensegur.cda.locate import attribute, child, children
from opensegur.cda.n3.affichage import dates
from opensegur.cda.n3.ecriture import (
    ACT_CODE,
    SNOMED,
    code,
    completed,
    loinc,
    notion,
    period,
    relation,
    said,
    templates,
    typed,
)
from opensegur.cda.n3.lecture import Lecture, coded, first, is_a, read_identity, read_period, within, words_of
from opensegur.cda.n3.probleme import PROBLEME, Probleme, build_problem, read_problem
from opensegur.cda.n3.recit import Case, Dit, Redaction
from opensegur.cda.n3.valeurs import INCONNUE, Notion, Periode
from opensegur.cda.noeud import Noeud, node
from opensegur.foundation.acteurs import Code
from opensegur.nomenclature import table

_LISTE = "1.2.250.1.213.1.1.3.40"
_LISTES = (
    "2.16.840.1.113883.10.20.1.27",
    "1.3.6.1.4.1.19376.1.5.3.1.4.5.1",
    "1.3.6.1.4.1.19376.1.5.3.1.4.5.3",
    _LISTE,
)
_ALLERGIE = "1.2.250.1.213.1.1.3.41"
_ALLERGIES = (
    "2.16.840.1.113883.10.20.1.18",
    "2.16.840.1.113883.10.20.1.28",
    "1.3.6.1.4.1.19376.1.5.3.1.4.5",
    "1.3.6.1.4.1.19376.1.5.3.1.4.6",
    _ALLERGIE,
)
_STATUT = "1.2.250.1.213.1.1.3.30"
_STATUTS = (
    "2.16.840.1.113883.10.20.1.50",
    "2.16.840.1.113883.10.20.1.57",
    "1.3.6.1.4.1.19376.1.5.3.1.4.1.1",
    _STATUT,
)
_SEVERITE = "1.2.250.1.213.1.1.3.29"
_SEVERITES = ("2.16.840.1.113883.10.20.1.55", "1.3.6.1.4.1.19376.1.5.3.1.4.1", _SEVERITE)
_SANS_TEXTE = "Allergie sans précision"
ALLERGIE = Code("419199007", SNOMED, "allergie à une substance")
TITRES = ("Depuis", "Type", "Agent responsable", "Réaction", "Statut")


@dataclass(frozen=True, slots=True, repr=False)
class Allergie:
    """``agent``: what the patient does not bear; ``nature`` in SNOMED CT (416098002 médicamenteuse…).

    ``statut`` ∈ JDV_HL7_allergyintolerance_clinical; ``reaction``: what was observed, ``severite`` how badly.
    ``absence``: a code of JDV_AbsentOrUnknownAllergy, when what is said is that there is none, or that nothing is
    known; ``agent`` is then the sentence.
    """

    agent: Notion
    nature: Code = ALLERGIE
    periode: Periode = INCONNUE
    active: bool = True
    statut: Code | None = None
    reaction: Probleme | None = None
    severite: Code | None = None
    absence: Code | None = None
    uid: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if self.absence is not None:
            check_code("JDV_AbsentOrUnknownAllergy", self.absence, quoi="Absence d’allergie")
        if self.statut is not None:
            check_code("JDV_HL7_allergyintolerance_clinical", self.statut, quoi="Statut de l’allergie")

    def __repr__(self) -> str:
        return f"Allergie({self.agent!r})"


def no_known_allergy() -> Allergie:
    """« Pas d'allergie connue »: a section of allergies is never empty."""
    found = table("JDV_AbsentOrUnknownAllergy").get("no-known-allergies")
    assert found is not None
    return Allergie(Notion(found.label), absence=Code(found.code, found.system, found.label))


def build_allergy(allergie: Allergie, redaction: Redaction) -> tuple[tuple[Case, ...], Noeud]:
    """The row of the narrative, and the entry."""
    nature = redaction.dit(allergie.nature.label if allergie.absence is None else "", "allergie-type")
    agent = redaction.dit(allergie.agent.texte, "allergie")
    reaction = redaction.dit(allergie.reaction.diagnostic.texte, "allergie-reaction") if allergie.reaction else None
    status = redaction.dit(allergie.statut.label, "allergie-statut") if allergie.statut else None
    kind = nature if allergie.absence is None else ""
    row = (dates(allergie.periode), kind, agent, reaction or "", status or "")
    return row, _concern(allergie, _Dits(nature, agent, reaction, status), redaction)


class _Dits(NamedTuple):
    nature: Dit
    agent: Dit
    reaction: Dit | None
    statut: Dit | None


def _concern(allergie: Allergie, dits: _Dits, redaction: Redaction) -> Noeud:
    nature, agent, reaction, status = dits
    closed = not allergie.active
    observation = node(
        "observation",
        *templates(*_ALLERGIES),
        redaction.identifier(agent.ancre, allergie.uid),
        code("code", allergie.nature),
        said(nature.ancre if allergie.absence is None else agent.ancre),
        completed(),
        period(allergie.periode),
        typed(code("value", allergie.absence, said(agent.ancre, "originalText")), "CD"),
        None if allergie.absence else _agent(allergie.agent, agent),
        relation("REFR", _status(allergie.statut, status), inverted=False) if allergie.statut and status else None,
        _reaction(allergie.reaction, reaction, redaction) if allergie.reaction and reaction else None,
        relation("SUBJ", _severity(allergie.severite, agent), inverted=True) if allergie.severite else None,
        classCode="OBS",
        moodCode="EVN",
        negationInd="false",
    )
    return node(
        "act",
        *templates(*_LISTES),
        redaction.identifier(f"{agent.ancre}-suivi"),
        node("code", nullFlavor="NA"),
        node("statusCode", code="completed" if closed else "active"),
        period(Periode(allergie.periode.debut, allergie.periode.fin if closed else ""), closed=closed),
        relation("SUBJ", observation, inverted=False),
        classCode="ACT",
        moodCode="EVN",
    )


def _agent(agent: Notion, dit: Dit) -> Noeud:
    entity = node("playingEntity", notion("code", agent, dit.ancre), node("name", agent.texte), classCode="MMAT")
    return node("participant", node("participantRole", entity, classCode="MANU"), typeCode="CSM")


def _status(statut: Code, dit: Dit) -> Noeud:
    return node(
        "observation",
        *templates(*_STATUTS),
        loinc("33999-4", "Statut"),
        said(dit.ancre),
        completed(),
        typed(code("value", statut), "CE"),
        classCode="OBS",
        moodCode="EVN",
    )


def _severity(severity: Code, agent: Dit) -> Noeud:
    return node(
        "observation",
        *templates(*_SEVERITES),
        code("code", Code("SEV", ACT_CODE, "Sévérité")),
        said(agent.ancre),
        completed(),
        typed(code("value", severity), "CD"),
        classCode="OBS",
        moodCode="EVN",
    )


def _reaction(observed: Probleme, dit: Dit, redaction: Redaction) -> Noeud:
    return relation("MFST", build_problem(observed, dit.ancre, redaction, reaction=True))


def read_allergies(section: etree._Element, lecture: Lecture) -> tuple[Allergie, ...]:
    acts = (each for each in children(section, "entry/act") if is_a(each, _LISTE))
    words = words_of(text) if (text := child(section, "text")) is not None else ""
    return tuple(found for each in acts if (found := _read(each, words or _SANS_TEXTE, lecture)))


def _read(act: etree._Element, section_words: str, lecture: Lecture) -> Allergie | None:
    inner = first(within(act, "entryRelationship/observation", _ALLERGIE))
    if inner is None:
        return None
    absence = _absence(coded(child(inner, "value")))
    agent = lecture.notion(child(inner, "participant/participantRole/playingEntity/code"))
    said_there = lecture.words(child(inner, "value/originalText")) or lecture.words(child(inner, "text"))
    if absence is not None:
        agent = Notion(said_there or absence.label)
    elif agent is None:
        # nothing is named: the section says in words that there is no allergy
        agent, absence = Notion(said_there or section_words), no_known_allergy().absence
    status = first(within(inner, "entryRelationship/observation", _STATUT))
    reaction = first(within(inner, "entryRelationship[@typeCode='MFST']/observation", PROBLEME))
    return Allergie(
        agent=agent,
        nature=coded(child(inner, "code")) or ALLERGIE,
        periode=read_period(child(inner, "effectiveTime")),
        active=attribute(child(act, "statusCode"), "code") in {"active", "suspended"},
        statut=_known_status(coded(child(status, "value"))),
        reaction=None if reaction is None else read_problem(reaction, lecture),
        severite=coded(child(first(within(inner, "entryRelationship/observation", _SEVERITE)), "value")),
        absence=absence,
        uid=read_identity(child(inner, "id")),
    )


def _absence(found: Code | None) -> Code | None:
    known = table("JDV_AbsentOrUnknownAllergy").get(found.code, found.system) if found else None
    return Code(known.code, known.system, known.label) if known else None


def _known_status(found: Code | None) -> Code | None:
    known = table("JDV_HL7_allergyintolerance_clinical").get(found.code, found.system) if found else None
    return Code(known.code, known.system, known.label) if known else None
