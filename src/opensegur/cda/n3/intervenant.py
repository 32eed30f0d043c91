"""Who did, wrote or validated one thing inside a document: a professional, as far as it is known.

Source: CI-SIS Modèles de contenus CDA, performer, author and participant of an entry.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from opensegur.cda.checks import check_required, check_texts
from opensegur.cda.datatypes import address, identifier, person_name, telecoms
from opensegur.cda.locate import child, children, text_of
from opensegur.cda.n3.ecriture import code, templates, when
from opensegur.cda.n3.lecture import read_quand
from opensegur.cda.n3.valeurs import Quand, check_quand
from opensegur.cda.noeud import Noeud, node
from opensegur.cda.reading_types import STREET, read_code, read_identifiers, read_telecoms
from opensegur.foundation.acteurs import (
    OID_PS,
    OID_STRUCTURE,
    Adresse,
    Code,
    Professionnel,
    Structure,
    Telecom,
)
from opensegur.foundation.errors import InvalidValue
from opensegur.nomenclature import table

_TOWN = re.compile(r"([0-9]{5}) (.+)")


@dataclass(frozen=True, slots=True, repr=False)
class Intervenant:
    """A person and the structure where it acts; ``moment`` when it did. Only the name is always known.

    ``profession`` ∈ JDV_J01, ``cadre`` ∈ JDV_J04.
    """

    nom: str
    prenom: str = ""
    civilite: str = ""
    titre: str = ""
    id_nat: str = ""
    profession: Code | None = None
    adresse: Adresse | None = None
    telecoms: tuple[Telecom, ...] = ()
    structure_id: str = ""
    structure_nom: str = ""
    structure_adresse: Adresse | None = None
    structure_telecoms: tuple[Telecom, ...] = ()
    cadre: Code | None = None
    moment: Quand = ""

    def __post_init__(self) -> None:
        check_texts(self)
        check_required(self.nom, quoi="Nom du professionnel")
        check_quand(self.moment, quoi="Date de l’intervention")

    def __repr__(self) -> str:
        return "Intervenant(…)"

    @property
    def libelle(self) -> str:
        """« Dr Claire Perrin », « Paul Leroy »."""
        before = {"DR": "Dr", "PR": "Pr"}.get(self.titre, "")
        return " ".join(part for part in (before, self.prenom, self.nom) if part)

    @classmethod
    def of(cls, person: Professionnel, structure: Structure | None = None, moment: Quand = "") -> Intervenant:
        """The same person as a value of the header, reached at its structure."""
        specialty = table("JDV_J01").get(person.specialite)
        setting = table("JDV_J04").get(structure.cadre) if structure else None
        return cls(
            nom=person.nom,
            prenom=person.prenom,
            civilite=person.civilite,
            titre=person.titre,
            id_nat=person.id_nat,
            profession=Code(specialty.code, specialty.system, specialty.label) if specialty else None,
            adresse=structure.adresse if structure else None,
            telecoms=structure.telecoms if structure else (),
            structure_id=structure.id_nat if structure else "",
            structure_nom=structure.nom if structure else "",
            structure_adresse=structure.adresse if structure else None,
            structure_telecoms=structure.telecoms if structure else (),
            cadre=Code(setting.code, setting.system, setting.label) if setting else None,
            moment=moment,
        )


def build_performer(who: Intervenant, *models: str, dated: bool = False) -> Noeud:
    """``dated``: a time is due, even when it is not known."""
    return node(
        "performer",
        *templates(*models),
        node("time", when("high", who.moment)) if dated or who.moment else None,
        _assigned(who, "assignedEntity"),
        typeCode="PRF",
    )


def build_informant(who: Intervenant) -> Noeud:
    return node("informant", _assigned(who, "assignedEntity"))


def build_author(who: Intervenant) -> Noeud:
    return node(
        "author",
        when("time", who.moment),
        _assigned(who, "assignedAuthor"),
        typeCode="AUT",
        contextControlCode="OP",
    )


def build_participant(who: Intervenant, kind: str, *models: str) -> Noeud:
    """A ``participant`` of a clinical statement: ``participantRole`` and ``playingEntity``."""
    return node(
        "participant",
        *templates(*models),
        node("time", when("high", who.moment)),
        node(
            "participantRole",
            _identifier(who),
            _address(who.adresse),
            *_telecoms(who.telecoms),
            node("playingEntity", _name(who)),
        ),
        typeCode=kind,
    )


def read_participant(element: etree._Element) -> Intervenant | None:
    """From a ``participant`` of a clinical statement, as ``build_participant`` writes it."""
    role = child(element, "participantRole")
    name = child(role, "playingEntity/name")
    family = text_of(child(name, "family"))
    if not family:
        return None
    return Intervenant(
        nom=family,
        prenom=text_of(child(name, "given")),
        civilite=text_of(child(name, "prefix")),
        titre=text_of(child(name, "suffix")),
        id_nat=_extension(role, OID_PS),
        adresse=read_adresse(role),
        telecoms=read_contacts(role),
        moment=_moment(child(element, "time")),
    )


def read_intervenant(element: etree._Element | None) -> Intervenant | None:
    """From a ``performer`` or an ``author`` of an entry; None without a name."""
    if element is None:
        return None
    assigned = child(element, "assignedEntity")
    assigned = child(element, "assignedAuthor") if assigned is None else assigned
    name = child(assigned, "assignedPerson/name")
    family = text_of(child(name, "family"))
    if not family:
        return None
    organization = child(assigned, "representedOrganization")
    return Intervenant(
        nom=family,
        prenom=text_of(child(name, "given")),
        civilite=text_of(child(name, "prefix")),
        titre=text_of(child(name, "suffix")),
        id_nat=_extension(assigned, OID_PS),
        profession=read_code(child(assigned, "code")),
        adresse=read_adresse(assigned),
        telecoms=read_contacts(assigned),
        structure_id=_extension(organization, OID_STRUCTURE),
        structure_nom=text_of(child(organization, "name")),
        structure_adresse=read_adresse(organization),
        structure_telecoms=read_contacts(organization),
        cadre=read_code(child(organization, "standardIndustryClassCode")),
        moment=_moment(child(element, "time")),
    )


def read_adresse(parent: etree._Element | None) -> Adresse | None:
    """An address in lines; the last one gives its postal code and town when it begins with five digits."""
    addr = child(parent, "addr")
    if addr is None:
        return None
    lines = [text for each in children(addr, "streetAddressLine") if (text := text_of(each))]
    if lines and (town := _TOWN.fullmatch(lines[-1])):
        return Adresse(tuple(lines[:-1]), town.group(1), town.group(2))
    if lines:
        return Adresse(tuple(lines))
    street = " ".join(text for name in STREET if (text := text_of(child(addr, name))))
    found = Adresse(
        (street,) if street else (), *(text_of(child(addr, name)) for name in ("postalCode", "city", "country"))
    )
    return found if found != Adresse() else None


def read_contacts(parent: etree._Element | None) -> tuple[Telecom, ...]:
    found = []
    for each in read_telecoms(parent):
        try:
            found.append(Telecom(each.valeur, each.usage))
        except InvalidValue:
            continue
    return tuple(found)


def _moment(time: etree._Element | None) -> Quand:
    """A time, or the end of an interval, or its beginning."""
    return read_quand(time) or read_quand(child(time, "high")) or read_quand(child(time, "low"))


def _assigned(who: Intervenant, tag: str) -> Noeud:
    organization = None
    if who.structure_nom or who.structure_id:
        organization = node(
            "representedOrganization",
            identifier(OID_STRUCTURE, who.structure_id) if who.structure_id else None,
            node("name", who.structure_nom) if who.structure_nom else None,
            *_telecoms(who.structure_telecoms),
            _address(who.structure_adresse),
            code("standardIndustryClassCode", who.cadre) if who.cadre else None,
        )
    return node(
        tag,
        _identifier(who),
        code("code", who.profession) if who.profession else None,
        _address(who.adresse),
        *_telecoms(who.telecoms),
        node("assignedPerson", _name(who)),
        organization,
    )


def _identifier(who: Intervenant) -> Noeud:
    return identifier(OID_PS, who.id_nat) if who.id_nat else node("id", nullFlavor="UNK")


def _name(who: Intervenant) -> Noeud:
    return person_name(who.nom, who.prenom, civilite=who.civilite, titre=who.titre)


def _address(adresse: Adresse | None) -> Noeud:
    found = address(adresse)
    return node("addr", nullFlavor="UNK") if found is None else found


def _telecoms(contacts: tuple[Telecom, ...]) -> list[Noeud]:
    return telecoms(contacts) or [node("telecom", nullFlavor="UNK")]


def _extension(parent: etree._Element | None, root: str) -> str:
    return next((found.extension for found in read_identifiers(parent) if found.root == root), "")
