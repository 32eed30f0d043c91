"""A simple fact with its value (FR-Simple-observation): a flag, a number, a coded answer.

Source: CI-SIS Modèles de contenus CDA, FR-Simple-observation and the entries made from it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from opensegur.cda.locate import child
from opensegur.cda.n3 import affichage
from opensegur.cda.n3.ecriture import completed, notion, quantity, said, templates, typed, when
from opensegur.cda.n3.lecture import Lecture, is_a, read_flag, read_identity, read_quand, read_quantity, words_of
from opensegur.cda.n3.recit import Dit, Redaction
from opensegur.cda.n3.valeurs import Notion, Quand, Quantite, check_quand
from opensegur.cda.noeud import NS_XSI, Noeud, node

OBSERVATION = "1.2.250.1.213.1.1.3.48"
_IHE = "1.3.6.1.4.1.19376.1.5.3.1.4.13"


@dataclass(frozen=True, slots=True, repr=False)
class Observation:
    """``sujet``: what is observed; ``valeur``: yes or no, a quantity, or words with or without a code."""

    sujet: Notion
    valeur: bool | Quantite | Notion
    moment: Quand = ""
    uid: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        check_quand(self.moment, quoi="Date de l’observation")

    def __repr__(self) -> str:
        return f"Observation({self.sujet!r})"

    @property
    def texte(self) -> str:
        """The value as the narrative says it."""
        value = self.valeur
        if isinstance(value, bool):
            return "oui" if value else "non"
        return affichage.quantity(value) if isinstance(value, Quantite) else value.texte


def build_observation(each: Observation, words: Dit, redaction: Redaction, *models: str) -> Noeud:
    """``words``: where the narrative says the value; ``models``: the templates of an entry of its own."""
    return node(
        "observation",
        *templates(_IHE, OBSERVATION, *models),
        redaction.identifier(words.ancre, each.uid),
        notion("code", each.sujet),
        said(words.ancre),
        completed(),
        when("effectiveTime", each.moment, unknown="NA"),
        _value(each.valeur, words),
        classCode="OBS",
        moodCode="EVN",
    )


def read_observation(element: etree._Element, lecture: Lecture) -> Observation | None:
    if not is_a(element, OBSERVATION):
        return None
    subject, value = lecture.notion(child(element, "code")), child(element, "value")
    if subject is None or value is None:
        return None
    found = _read_value(value, lecture, lecture.words(child(element, "text")))
    if found is None:
        return None
    moment = read_quand(child(element, "effectiveTime"))
    return Observation(subject, found, moment, read_identity(child(element, "id")))


def _value(value: bool | Quantite | Notion, words: Dit) -> Noeud:  # noqa: FBT001 - a value, not an option
    if isinstance(value, bool):
        return node("value", xsi_type="BL", value=str(value).lower())
    if isinstance(value, Quantite):
        return typed(quantity("value", value), "PQ" if value.unite else "REAL")
    return notion("value", value, words.ancre, xsi_type="CD")


def _read_value(element: etree._Element, lecture: Lecture, words: str) -> bool | Quantite | Notion | None:
    kind = element.get(f"{{{NS_XSI}}}type", "").rpartition(":")[2]
    if kind == "BL":
        return read_flag(element)
    if kind in {"PQ", "REAL", "INT"}:
        return read_quantity(element)
    if kind == "ST":
        own = words_of(element)
        return Notion(own) if own else None
    return lecture.notion(element, words)
