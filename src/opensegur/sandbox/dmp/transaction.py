"""What a transaction takes and gives: a request already identified, a body to answer, a summary to show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lxml import etree

from opensegur.foundation.mtom import Part
from opensegur.sandbox.regles import Manquement, Refus


@dataclass(frozen=True, slots=True)
class Demande:
    """The body of a request with the MIME parts that came beside it."""

    corps: etree._Element
    parts: Mapping[str, Part] = field(default_factory=dict)


@dataclass(slots=True)
class Resume:
    """The outcome of a transaction. ``lignes`` decode it for the console, without patient data."""

    td: str
    corps: etree._Element | None = None
    parts: Sequence[Part] = ()
    manquements: tuple[Manquement, ...] = ()
    lignes: list[tuple[str, str]] = field(default_factory=list)

    def add(self, nom: str, valeur: str) -> None:
        self.lignes.append((nom, valeur))

    def accepted(self, corps: etree._Element, parts: Sequence[Part] = ()) -> Resume:
        self.corps, self.parts = corps, parts
        return self

    def refused(self, corps: etree._Element, refus: Refus, parts: Sequence[Part] = ()) -> Resume:
        self.corps, self.parts, self.manquements = corps, parts, refus.manquements
        return self
