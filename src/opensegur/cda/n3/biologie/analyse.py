"""One result of biology (FR-Resultat-examens-de-biologie-element-clinique-pertinent).

Source: CI-SIS Volet CR-BIO 2024.01; IHE PaLM XD-LAB, Laboratory Observation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from lxml import etree

from opensegur.cda.checks import concept_of
from opensegur.cda.locate import attribute, child, children
from opensegur.cda.n3 import affichage
from opensegur.cda.n3.commentaire import build_comment, read_comment
from opensegur.cda.n3.ecriture import bounds, code, notion, quantity, relation, templates, typed, when
from opensegur.cda.n3.intervenant import (
    Intervenant,
    build_participant,
    build_performer,
    read_intervenant,
    read_participant,
)
from opensegur.cda.n3.lecture import Lecture, is_a, read_bounds, read_quand, read_quantity, words_of
from opensegur.cda.n3.recit import Case, Dit, Redaction
from opensegur.cda.n3.valeurs import Notion, Plage, Quand, Quantite, check_quand
from opensegur.cda.noeud import NS_XSI, Noeud, node
from opensegur.foundation.acteurs import Code

VALIDATION = ("1.3.6.1.4.1.19376.1.3.3.1.5", "1.2.250.1.213.1.1.3.109")
EXECUTION = ("1.3.6.1.4.1.19376.1.3.3.1.7", "1.2.250.1.213.1.1.3.23")
ANALYSE = "1.2.250.1.213.1.1.3.80"
_ANALYSES = ("1.3.6.1.4.1.19376.1.3.1.6", ANALYSE)
_DEVICE = "participant[@typeCode='{}']/participantRole/playingDevice/code"
_INTERPRETATION = "2.16.840.1.113883.5.83"

Valeur = Quantite | Plage | Notion | None
"""A number with or without a unit, an interval (below, above), words with or without a code, or nothing yet."""

TITRES = ("Analyse", "Résultat", "Unité", "Intervalle de référence", "Interprétation", "Antériorité")


class Statut(StrEnum):
    """Of a result, of a battery or of a whole chapter."""

    COMPLET = "completed"
    PARTIEL = "active"
    ANNULE = "aborted"


@dataclass(frozen=True, slots=True)
class Anterieur:
    """A former result of the same analysis."""

    valeur: Quantite | Plage | Notion
    moment: Quand

    def __post_init__(self) -> None:
        check_quand(self.moment, quoi="Date du résultat antérieur")


@dataclass(frozen=True, slots=True, repr=False)
class Analyse:
    """``analyse``: its name, its LOINC code when it has one, its local codes as ``traductions``.

    ``interpretations`` are codes of JDV_HL7_ObservationInterpretation (N, H, LL, S, R…); ``reference`` the interval
    for this patient; ``anterieurs`` the latest first. ``trousse``: the reagent kit, ``milieu``: the transport
    medium. ``executants`` and ``validateurs`` are those of this result alone; most often the whole chapter has them.
    """

    analyse: Notion
    valeur: Valeur = None
    moment: Quand = ""
    statut: Statut = Statut.COMPLET
    interpretations: tuple[str, ...] = ()
    methode: Notion | None = None
    trousse: Notion | None = None
    milieu: Notion | None = None
    reference: Plage | None = None
    anterieurs: tuple[Anterieur, ...] = ()
    commentaire: str = ""
    executants: tuple[Intervenant, ...] = ()
    validateurs: tuple[Intervenant, ...] = ()

    def __post_init__(self) -> None:
        check_quand(self.moment, quoi="Date du résultat")
        for each in self.interpretations:
            concept_of("JDV_HL7_ObservationInterpretation", each, quoi="Interprétation du résultat")

    def __repr__(self) -> str:
        return f"Analyse({self.analyse!r})"


@dataclass(frozen=True, slots=True)
class Ecrit:
    """What an element of a report becomes: rows in the table of results, images after it, and its entry."""

    rows: tuple[Sequence[Case], ...]
    entry: Noeud
    images: tuple[Noeud, ...] = ()


def build_analysis(each: Analyse, redaction: Redaction) -> Ecrit:
    name = redaction.dit(each.analyse.texte, "analyse")
    method = redaction.dit(each.methode.texte, "methode") if each.methode else None
    kit = redaction.dit(each.trousse.texte, "trousse") if each.trousse else None
    medium = redaction.dit(each.milieu.texte, "milieu") if each.milieu else None
    result = redaction.dit(each.valeur.texte, "resultat") if isinstance(each.valeur, Notion) else None
    former = [_former_words(old, redaction) for old in each.anterieurs]
    comment = redaction.dit(each.commentaire, "commentaire") if each.commentaire else None
    entry = node(
        "observation",
        *templates(*_ANALYSES),
        notion("code", each.analyse, name.ancre),
        node("statusCode", code="aborted" if each.statut is Statut.ANNULE else "completed"),
        when("effectiveTime", each.moment),
        _value(each.valeur, result),
        *(_interpretation(found) for found in each.interpretations),
        notion("methodCode", each.methode, method.ancre) if each.methode and method else None,
        *(build_performer(who, *EXECUTION, dated=True) for who in each.executants),
        *(build_participant(who, "AUTHEN", *VALIDATION) for who in each.validateurs),
        _device("DEV", "MANU", each.trousse, kit) if each.trousse and kit else None,
        _device("CSM", "ADTV", each.milieu, medium) if each.milieu and medium else None,
        *(
            relation("REFR", _former(each.analyse, old, words))
            for old, words in zip(each.anterieurs, former, strict=True)
        ),
        build_comment(comment) if comment else None,
        _range(each.reference) if each.reference else None,
        classCode="OBS",
        moodCode="EVN",
    )
    row: tuple[Case, ...] = (
        (name, *(piece for dit in (method, kit, medium) if dit for piece in ("\n", dit))),
        result or shown(each.valeur),
        _unit(each.valeur),
        affichage.bounds(each.reference),
        ", ".join(_label(found) for found in each.interpretations),
        tuple(piece for words, old in zip(former, each.anterieurs, strict=True) for piece in _former_row(words, old)),
    )
    rows = (row, (comment, "", "", "", "", "")) if comment else (row,)
    return Ecrit(rows, entry)


def read_analysis(observation: etree._Element, lecture: Lecture) -> Analyse | None:
    if not is_a(observation, ANALYSE):
        return None
    name = lecture.notion(child(observation, "code"))
    if name is None:
        return None
    former = (
        Anterieur(value, read_quand(child(old, "effectiveTime")))
        for old in children(observation, "entryRelationship[@typeCode='REFR']/observation")
        if (value := read_value(child(old, "value"), lecture)) is not None
    )
    status = attribute(child(observation, "statusCode"), "code")
    return Analyse(
        analyse=name,
        valeur=read_value(child(observation, "value"), lecture),
        moment=read_quand(child(observation, "effectiveTime")),
        statut=Statut.ANNULE if status == "aborted" else Statut.COMPLET,
        interpretations=tuple(
            found
            for each in children(observation, "interpretationCode")
            if (found := attribute(each, "code")) and attribute(each, "codeSystem") == _INTERPRETATION
        ),
        methode=lecture.notion(child(observation, "methodCode")),
        trousse=lecture.notion(child(observation, _DEVICE.format("DEV"))),
        milieu=lecture.notion(child(observation, _DEVICE.format("CSM"))),
        reference=read_bounds(child(observation, "referenceRange/observationRange/value")),
        anterieurs=tuple(former),
        commentaire=read_comment(observation, lecture),
        executants=read_performers(observation),
        validateurs=read_validators(observation),
    )


def read_performers(element: etree._Element) -> tuple[Intervenant, ...]:
    found = (read_intervenant(each) for each in children(element, "performer"))
    return tuple(each for each in found if each)


def read_validators(element: etree._Element) -> tuple[Intervenant, ...]:
    found = (read_participant(each) for each in children(element, "participant[@typeCode='AUTHEN']"))
    return tuple(each for each in found if each)


def read_value(element: etree._Element | None, lecture: Lecture) -> Valeur:
    """PQ, REAL, INT, IVL_PQ, CD, ST…: what the element is, whatever it is called."""
    if element is None:
        return None
    kind = element.get(f"{{{NS_XSI}}}type", "").rpartition(":")[2]
    if kind in {"PQ", "REAL", "INT"}:
        return read_quantity(element)
    if kind == "IVL_PQ":
        return read_bounds(element)
    if kind == "ST":
        words = words_of(element)
        return Notion(words) if words else None
    return lecture.notion(element)


def shown(valeur: Valeur) -> str:
    """The number or the interval as the report shows it, without its unit."""
    if isinstance(valeur, Quantite):
        return affichage.number(valeur)
    if isinstance(valeur, Plage):
        return affichage.bounds(valeur)
    return valeur.texte if valeur else ""


def _unit(valeur: Valeur) -> str:
    if isinstance(valeur, Quantite):
        return affichage.unit_words(valeur.unite)
    if isinstance(valeur, Plage):
        bound = valeur.bas or valeur.haut
        return affichage.unit_words(bound.unite) if bound else ""
    return ""


def _value(valeur: Valeur, words: Dit | None) -> Noeud | None:
    if isinstance(valeur, Quantite):
        return typed(quantity("value", valeur), "PQ" if valeur.unite else "REAL")
    if isinstance(valeur, Plage):
        return typed(bounds("value", valeur), "IVL_PQ")
    if valeur is None or words is None:
        return None
    return notion("value", valeur, words.ancre, xsi_type="CD")


def _device(kind: str, role: str, device: Notion, words: Dit) -> Noeud:
    playing = node("playingDevice", notion("code", device, words.ancre))
    return node("participant", node("participantRole", playing, classCode=role), typeCode=kind)


def _interpretation(found: str) -> Noeud:
    return code("interpretationCode", Code(found, _INTERPRETATION, _label(found)))


def _label(found: str) -> str:
    return concept_of("JDV_HL7_ObservationInterpretation", found, quoi="Interprétation du résultat").label


def _range(reference: Plage) -> Noeud:
    normal = node(
        "observationRange",
        typed(bounds("value", reference), "IVL_PQ"),
        _interpretation("N"),
        classCode="OBS",
        moodCode="EVN.CRT",
    )
    return node("referenceRange", normal, typeCode="REFV")


def _former_words(old: Anterieur, redaction: Redaction) -> Dit:
    unit = _unit(old.valeur)
    return redaction.dit(f"{shown(old.valeur)} {unit}".strip(), "anterieur")


def _former_row(words: Dit, old: Anterieur) -> tuple[str | Dit, ...]:
    when_it_was = affichage.date(old.moment)
    return (words, f" ({when_it_was})\n" if when_it_was else "\n")


def _former(analyse: Notion, old: Anterieur, words: Dit) -> Noeud:
    return node(
        "observation",
        notion("code", analyse, words.ancre),
        node("statusCode", code="completed"),
        when("effectiveTime", old.moment),
        _value(old.valeur, words),
        classCode="OBS",
        moodCode="EVN",
    )
