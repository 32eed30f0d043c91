"""What a structured document offers to a record, item by item: what is new, known, what adds, what contradicts.

Two items are the same thing when they have the same code in a terminology that both use, or else the same words. Only
what both of them say can contradict.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import singledispatch

from lxml import etree

from opensegur.cda.n3.acte import Acte, read_acts
from opensegur.cda.n3.affichage import date, dates, quantity
from opensegur.cda.n3.allergie import Allergie, read_allergies
from opensegur.cda.n3.biologie.analyse import Analyse, Statut, read_analysis, shown
from opensegur.cda.n3.dispositifs import DispositifPorte, read_devices
from opensegur.cda.n3.famille import AntecedentFamilial, read_family
from opensegur.cda.n3.habitude import Habitude, read_habits
from opensegur.cda.n3.lecture import Lecture
from opensegur.cda.n3.probleme import Probleme, read_concerns
from opensegur.cda.n3.produit import CIS, Produit
from opensegur.cda.n3.traitement import Traitement, treatments_in
from opensegur.cda.n3.vaccination import Vaccination, read_vaccinations
from opensegur.cda.n3.valeurs import Notion, Quand
from opensegur.cda.noeud import NS
from opensegur.foundation.acteurs import Code
from opensegur.nomenclature.words import words

Valeur = (
    Probleme | Allergie | Traitement | Vaccination | Analyse | Acte | Habitude | AntecedentFamilial | DispositifPorte
)


class Constat(StrEnum):
    """What the record knows of an item."""

    NOUVEAU = "nouveau"
    CONNU = "déjà au dossier"
    COMPLETE = "complète le dossier"
    CONTREDIT = "contredit le dossier"


@dataclass(frozen=True, slots=True, repr=False)
class Element:
    """An item: ``rubrique`` and ``libelle`` as they are shown, ``details`` (name and words) in the order of reading.

    ``codes`` (system and code) and ``mots``: what it is recognised by, with its ``jour`` when it happens on one.
    """

    valeur: Valeur
    rubrique: str
    libelle: str
    codes: frozenset[tuple[str, str]]
    mots: str
    jour: str = ""
    details: tuple[tuple[str, str], ...] = ()

    def is_same(self, other: Element) -> bool:
        if (self.rubrique, self.jour) != (other.rubrique, other.jour):
            return False
        if {system for system, _ in self.codes} & {system for system, _ in other.codes}:
            return bool(self.codes & other.codes)
        return self.mots == other.mots

    def __repr__(self) -> str:
        return f"Element({self.rubrique})"


@dataclass(frozen=True, slots=True, repr=False)
class Proposition:
    """An item of a document beside that of the record, when it has it.

    ``differences``: name, what the record says, what the document says.
    """

    element: Element
    constat: Constat
    connu: Element | None = None
    differences: tuple[tuple[str, str, str], ...] = ()

    def __repr__(self) -> str:
        return f"Proposition({self.element.rubrique}, {self.constat})"


def offered(root: etree._Element) -> tuple[Element, ...]:
    """The items of the structured body of ``ClinicalDocument``, whatever its volet, each once."""
    found: list[Element] = []
    for value in _values(root):
        element = element_of(value)
        if not any(element.is_same(other) for other in found):
            found.append(element)
    return tuple(found)


def compare(items: Iterable[Element], record: Iterable[Element]) -> tuple[Proposition, ...]:
    """Each item of a document beside what the ``record`` holds."""
    known = tuple(record)
    return tuple(_proposition(each, known) for each in items)


def _proposition(element: Element, record: tuple[Element, ...]) -> Proposition:
    known = next((each for each in record if each.is_same(element)), None)
    if known is None:
        return Proposition(element, Constat.NOUVEAU)
    ours, theirs = dict(known.details), dict(element.details)
    differences = tuple(
        (name, ours.get(name, ""), said) for name, said in theirs.items() if said and ours.get(name, "") != said
    )
    if any(before for _, before, _ in differences):
        constat = Constat.CONTREDIT
    else:
        constat = Constat.COMPLETE if differences else Constat.CONNU
    return Proposition(element, constat, known, differences)


def _values(root: etree._Element) -> Iterator[Valeur]:
    lecture = Lecture.of(root)
    for section in root.iter(f"{{{NS}}}section"):
        yield from read_concerns(section, lecture)
        yield from (each for each in read_allergies(section, lecture) if each.absence is None)
        yield from treatments_in(section, lecture)
        yield from read_acts(section, lecture)
    yield from read_vaccinations(root, lecture)
    yield from read_habits(root, lecture)
    yield from read_family(root, lecture)
    yield from read_devices(root, lecture)
    for observation in root.iter(f"{{{NS}}}observation"):
        result = read_analysis(observation, lecture)
        if result is not None and result.valeur is not None and result.statut is Statut.COMPLET:
            yield result


@singledispatch
def element_of(value: Valeur) -> Element:
    """``value`` as an item."""
    raise TypeError(type(value).__name__)


@element_of.register
def _(value: Probleme) -> Element:
    state = "en cours" if value.actif else "passé"
    return _element(value, "Problème", value.diagnostic, {"Dates": dates(value.periode), "État": state})


@element_of.register
def _(value: Allergie) -> Element:
    details = {
        "Dates": dates(value.periode),
        "État": "active" if value.active else "passée",
        "Réaction": value.reaction.diagnostic.texte if value.reaction else "",
        "Gravité": value.severite.label if value.severite else "",
    }
    return _element(value, "Allergie", value.agent, details)


@element_of.register
def _(value: Traitement) -> Element:
    details = {
        "Dates": dates(value.periode),
        "Posologie": value.posologie,
        "Motif": value.motif.texte if value.motif else "",
    }
    return _element(value, "Traitement", _product(value.produit), details)


@element_of.register
def _(value: Vaccination) -> Element:
    details = {
        "Lot": value.vaccin.lot,
        "Rang": str(value.rang or ""),
        "Site": value.site.texte if value.site else "",
    }
    return _element(value, "Vaccination", _product(value.vaccin), details, value.date)


@element_of.register
def _(value: Analyse) -> Element:
    details = {"Résultat": shown(value.valeur), "Interprétation": ", ".join(value.interpretations)}
    return _element(value, "Résultat", value.analyse, details, value.moment)


@element_of.register
def _(value: Acte) -> Element:
    return _element(value, "Acte", value.acte, {"Motif": value.motif.texte if value.motif else ""}, value.date)


@element_of.register
def _(value: DispositifPorte) -> Element:
    return _element(value, "Dispositif", value.dispositif, {"Dates": dates(value.periode), "Numéro": value.udi})


@element_of.register
def _(value: Habitude) -> Element:
    known = value.valeur
    said = known.texte if isinstance(known, Notion) else quantity(known)
    details = {"Dates": dates(value.periode), "Valeur": said}
    return _element(value, "Facteur de risque", Notion(code=value.sujet), details)


@element_of.register
def _(value: AntecedentFamilial) -> Element:
    relation = value.parent.code
    found = _element(value, "Antécédent familial", value.diagnostic, {"Dates": dates(value.periode)})
    # the same illness of another relative is another item
    who = relation.code if relation else " ".join(words(value.parent.texte))
    return replace(
        found,
        libelle=f"{value.parent.texte} : {found.libelle}",
        codes=frozenset((system, f"{who} {code}") for system, code in found.codes),
        mots=f"{who} {found.mots}",
    )


def _element(value: Valeur, rubrique: str, notion: Notion, details: dict[str, str], moment: Quand = "") -> Element:
    day = date(moment).partition(" à ")[0]
    codes = (notion.code, *notion.traductions)
    return Element(
        value,
        rubrique,
        f"{notion.texte}, {day}" if day else notion.texte,
        frozenset((each.system, each.code) for each in codes if each is not None),
        " ".join(words(notion.texte)),
        day,
        tuple(details.items()),
    )


def _product(product: Produit) -> Notion:
    return Notion(product.nom, Code(product.cis, CIS, product.nom) if product.cis else None)
