"""Illnesses of the family (FR-Antecedents-familiaux): whose, and which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml import etree

from opensegur.cda.checks import check_code, concept_of
from opensegur.cda.locate import attribute, child, children
from opensegur.cda.n3.affichage import dates
from opensegur.cda.n3.ecriture import code, completed, notion, period, said, templates
from opensegur.cda.n3.lecture import Lecture, is_a, read_identity, read_period, sections, within
from opensegur.cda.n3.probleme import INTERPRETATION
from opensegur.cda.n3.recit import Case, Dit, Redaction, table
from opensegur.cda.n3.section import build_section, rubrique
from opensegur.cda.n3.valeurs import INCONNUE, Notion, Periode
from opensegur.cda.noeud import Noeud, node
from opensegur.foundation.acteurs import Code

_RUBRIQUE = rubrique(
    "10157-6",
    "Historique des pathologies familiales",
    "Antécédents familiaux",
    "2.16.840.1.113883.10.20.1.4",
    "1.3.6.1.4.1.19376.1.5.3.1.3.14",
    "1.3.6.1.4.1.19376.1.5.3.1.3.15",
    "1.2.250.1.213.1.1.2.139",
)
_GROUPE = "1.2.250.1.213.1.1.3.59"
_ANTECEDENT = "1.2.250.1.213.1.1.3.51"
_ANTECEDENTS = (
    "2.16.840.1.113883.10.20.1.22",
    "1.3.6.1.4.1.19376.1.5.3.1.4.13",
    "1.3.6.1.4.1.19376.1.5.3.1.4.13.3",
    _ANTECEDENT,
)


@dataclass(frozen=True, slots=True, repr=False)
class AntecedentFamilial:
    """``parent`` ∈ JDV_J11 with its words; ``sexe`` M, F or "" when it is not said."""

    parent: Notion
    diagnostic: Notion
    periode: Periode = INCONNUE
    sexe: str = ""
    uid: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if self.parent.code is not None:
            check_code("JDV_J11", self.parent.code, quoi="Lien de parenté")
        if self.sexe:
            concept_of("JDV_J143", self.sexe, quoi="Sexe du parent")

    def __repr__(self) -> str:
        return "AntecedentFamilial(…)"


def build_family(antecedents: Sequence[AntecedentFamilial], redaction: Redaction) -> Noeud:
    built = [_build(each, redaction) for each in antecedents]
    text = table(("Lien de parenté", "Antécédent", "Période"), (row for row, _ in built))
    return build_section(_RUBRIQUE, redaction, text, (entry for _, entry in built))


def read_family(root: etree._Element, lecture: Lecture) -> tuple[AntecedentFamilial, ...]:
    groups = (
        group
        for section in sections(root, _RUBRIQUE.modele)
        for group in children(section, "entry/organizer")
        if is_a(group, _GROUPE)
    )
    found = (
        _read(group, observation, lecture)
        for group in groups
        for observation in within(group, "component/observation", _ANTECEDENT)
    )
    return tuple(each for each in found if each)


def _build(each: AntecedentFamilial, redaction: Redaction) -> tuple[tuple[Case, ...], Noeud]:
    kin = redaction.dit(each.parent.texte, "famille-parent")
    illness = redaction.dit(each.diagnostic.texte, "famille")
    known = each.periode != INCONNUE
    observation = node(
        "observation",
        *templates(*_ANTECEDENTS),
        redaction.identifier(illness.ancre, each.uid),
        code("code", INTERPRETATION),
        said(illness.ancre),
        completed(),
        period(each.periode) if known else node("effectiveTime", nullFlavor="UNK"),
        notion("value", each.diagnostic, illness.ancre, xsi_type="CD"),
        classCode="OBS",
        moodCode="EVN",
    )
    entry = node(
        "organizer",
        *templates("2.16.840.1.113883.10.20.1.23", "1.3.6.1.4.1.19376.1.5.3.1.4.15", _GROUPE),
        completed(),
        _subject(each, kin),
        node("component", observation, typeCode="COMP"),
        classCode="CLUSTER",
        moodCode="EVN",
    )
    return (kin, illness, dates(each.periode)), entry


def _subject(each: AntecedentFamilial, kin: Dit) -> Noeud:
    relationship = notion("code", each.parent, kin.ancre)
    if each.parent.code is None:
        relationship = relationship.with_attribute("nullFlavor", "UNK")
    gender = concept_of("JDV_J143", each.sexe, quoi="Sexe du parent") if each.sexe else None
    administrative = (
        code("administrativeGenderCode", Code(gender.code, gender.system, gender.label))
        if gender
        else node("administrativeGenderCode", nullFlavor="UNK")
    )
    return node(
        "subject",
        *templates("1.3.6.1.4.1.19376.1.5.3.1.4.15.2", "1.2.250.1.213.1.1.3.60"),
        node("relatedSubject", relationship, node("subject", administrative), classCode="PRS"),
        typeCode="SBJ",
    )


def _read(group: etree._Element, observation: etree._Element, lecture: Lecture) -> AntecedentFamilial | None:
    related = child(group, "subject/relatedSubject")
    kin = lecture.notion(child(related, "code"))
    illness = lecture.notion(child(observation, "value"), lecture.words(child(observation, "text")))
    if kin is None or illness is None:
        return None
    return AntecedentFamilial(
        kin,
        illness,
        read_period(child(observation, "effectiveTime")),
        attribute(child(related, "subject/administrativeGenderCode"), "code"),
        read_identity(child(observation, "id")),
    )
