"""ebRIM objects read into values: slots, classifications, external identifiers, associations.

Source: OASIS ebRIM 3.0, IHE ITI TF-3 4.2.3 (how XDS metadata are carried). Schema validity is checked before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from opensegur.sandbox.dmp.noms import RIM, q

Slots = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Classement:
    """A Classification: of ``scheme`` with ``code``, or of a ``noeud`` (the mark of a submission set)."""

    scheme: str
    noeud: str
    code: str
    objet: str
    libelle: str
    slots: Slots

    @property
    def systeme(self) -> str:
        return (self.slots.get("codingScheme") or ("",))[0]


@dataclass(frozen=True, slots=True)
class Identifiant:
    """An ExternalIdentifier."""

    scheme: str
    valeur: str
    objet: str


@dataclass(frozen=True, slots=True)
class Objet:
    """A RegistryPackage or an ExtrinsicObject. ``repetes`` names the slots that are written more than once."""

    nature: str
    id: str
    lid: str
    type_mime: str
    type_objet: str
    statut: str
    titre: str
    slots: Slots
    repetes: tuple[str, ...]
    classements: tuple[Classement, ...]
    identifiants: tuple[Identifiant, ...]

    def codes(self, scheme: str) -> tuple[Classement, ...]:
        return tuple(item for item in self.classements if item.scheme == scheme)

    def code(self, scheme: str) -> str:
        """The single code of a classification, or an empty text."""
        found = self.codes(scheme)
        return found[0].code if found else ""

    def identifiants_de(self, scheme: str) -> tuple[str, ...]:
        return tuple(item.valeur for item in self.identifiants if item.scheme == scheme)

    def identifiant(self, scheme: str) -> str:
        return (self.identifiants_de(scheme) or ("",))[0]

    def slot(self, name: str) -> str:
        return (self.slots.get(name) or ("",))[0]


@dataclass(frozen=True, slots=True)
class Association:
    id: str
    type: str
    source: str
    cible: str
    slots: Slots


@dataclass(frozen=True, slots=True)
class Contenu:
    """What a RegistryObjectList holds. ``autres`` names the elements that are none of the three."""

    lots: tuple[Objet, ...]
    fiches: tuple[Objet, ...]
    associations: tuple[Association, ...]
    classements: tuple[Classement, ...]
    autres: tuple[str, ...]


def read_list(liste: etree._Element) -> Contenu:
    """Read a rim:RegistryObjectList."""
    lots: list[Objet] = []
    fiches: list[Objet] = []
    associations: list[Association] = []
    classements: list[Classement] = []
    autres: list[str] = []
    for child in liste.iterchildren(etree.Element):
        name = etree.QName(child).localname
        if name == "RegistryPackage":
            lots.append(read_object(child))
        elif name == "ExtrinsicObject":
            fiches.append(read_object(child))
        elif name == "Association":
            associations.append(read_association(child))
        elif name == "Classification":
            classements.append(_read_classification(child))
        else:
            autres.append(name)
    return Contenu(tuple(lots), tuple(fiches), tuple(associations), tuple(classements), tuple(autres))


def read_object(element: etree._Element) -> Objet:
    slots, repeated = _read_slots(element)
    return Objet(
        nature=etree.QName(element).localname,
        id=element.get("id", ""),
        lid=element.get("lid", ""),
        type_mime=element.get("mimeType", ""),
        type_objet=element.get("objectType", ""),
        statut=element.get("status", ""),
        titre=_localized(element, "Name"),
        slots=slots,
        repetes=repeated,
        classements=tuple(_read_classification(item) for item in element.findall(q(RIM, "Classification"))),
        identifiants=tuple(
            Identifiant(item.get("identificationScheme", ""), item.get("value", ""), item.get("registryObject", ""))
            for item in element.findall(q(RIM, "ExternalIdentifier"))
        ),
    )


def _read_classification(element: etree._Element) -> Classement:
    return Classement(
        scheme=element.get("classificationScheme", ""),
        noeud=element.get("classificationNode", ""),
        code=element.get("nodeRepresentation", ""),
        objet=element.get("classifiedObject", ""),
        libelle=_localized(element, "Name"),
        slots=_read_slots(element)[0],
    )


def read_association(element: etree._Element) -> Association:
    return Association(
        id=element.get("id", ""),
        type=element.get("associationType", ""),
        source=element.get("sourceObject", ""),
        cible=element.get("targetObject", ""),
        slots=_read_slots(element)[0],
    )


def _read_slots(element: etree._Element) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    slots: dict[str, tuple[str, ...]] = {}
    repeated: list[str] = []
    for slot in element.findall(q(RIM, "Slot")):
        name = slot.get("name", "")
        values = tuple(
            "".join(value.itertext()) for value in slot.iterfind(f"{q(RIM, 'ValueList')}/{q(RIM, 'Value')}")
        )
        if name in slots:
            repeated.append(name)
        slots[name] = slots.get(name, ()) + values
    return slots, tuple(repeated)


def _localized(element: etree._Element, name: str) -> str:
    found = element.find(f"{q(RIM, name)}/{q(RIM, 'LocalizedString')}")
    return found.get("value", "") if found is not None else ""
