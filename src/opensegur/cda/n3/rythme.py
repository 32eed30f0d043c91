"""When a medicine is taken: every so often (PIVL_TS), or at an event of the day (EIVL_TS).

Source: HL7 CDA R2 datatypes; CI-SIS FR-Traitement, second ``effectiveTime`` (operator A).
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from opensegur.cda.checks import concept_of
from opensegur.cda.locate import attribute, child
from opensegur.cda.n3.ecriture import quantity, typed
from opensegur.cda.n3.lecture import read_quantity
from opensegur.cda.n3.valeurs import Quantite
from opensegur.cda.noeud import NS_XSI, Noeud, node

_TYPE = f"{{{NS_XSI}}}type"


@dataclass(frozen=True, slots=True)
class Rythme:
    """``periode``: every so often (1 d, 8 h); or ``evenement`` ∈ JDV_HL7_TimingEvent (ACM before breakfast…)."""

    periode: Quantite | None = None
    evenement: str = ""

    def __post_init__(self) -> None:
        if self.evenement:
            concept_of("JDV_HL7_TimingEvent", self.evenement, quoi="Moment de la prise")

    @property
    def libelle(self) -> str:
        """The event in words; "" for a period."""
        return concept_of("JDV_HL7_TimingEvent", self.evenement, quoi="Moment").label if self.evenement else ""


def build_rhythm(rythme: Rythme, tag: str = "effectiveTime") -> Noeud:
    if rythme.evenement:
        return typed(node(tag, node("event", code=rythme.evenement), operator="A"), "EIVL_TS")
    period = quantity("period", rythme.periode) if rythme.periode else node("period", nullFlavor="UNK")
    return typed(node(tag, period, operator="A"), "PIVL_TS")


def read_rhythm(element: etree._Element | None) -> Rythme | None:
    if element is None:
        return None
    kind = element.get(_TYPE, "").rpartition(":")[2]
    if kind == "EIVL_TS":
        event = attribute(child(element, "event"), "code")
        return Rythme(evenement=event) if event else None
    period = read_quantity(child(element, "period"))
    return Rythme(period) if kind == "PIVL_TS" and period else None
