"""The people and the organisations of a header, read as found."""

from __future__ import annotations

import re
from dataclasses import replace

from lxml import etree

from opensegur.cda.document_lu import ActeurLu, Horodatage, PatientLu, StructureLue
from opensegur.cda.locate import NAMESPACES, attribute, child, children, text_of
from opensegur.cda.reading_types import (
    read_address,
    read_code,
    read_identifiers,
    read_telecoms,
    read_time,
)

_ENTITIES = ("assignedAuthor", "assignedEntity", "associatedEntity", "relatedEntity", "intendedRecipient")
_PERSONS = ("assignedPerson", "associatedPerson", "relatedPerson", "informationRecipient")
_ORGANIZATIONS = ("representedOrganization", "scopingOrganization", "receivedOrganization")
# the historical qualifier of the used name, still found in older documents
_USED = ("CL", "SP")


def read_actor(element: etree._Element | None) -> ActeurLu | None:
    """The actor inside a participation (author, legalAuthenticator, participant, performer, informant…)."""
    if element is None:
        return None
    entity = _first(element, _ENTITIES)
    name = child(_first(entity, _PERSONS), "name")
    device = child(entity, "assignedAuthoringDevice")
    organization = _first(entity, _ORGANIZATIONS)
    return ActeurLu(
        identifiants=read_identifiers(entity),
        nom=text_of(child(name, "family")),
        prenom=text_of(child(name, "given")),
        civilite=text_of(child(name, "prefix")),
        titre=text_of(child(name, "suffix")),
        profession=read_code(child(entity, "code")),
        fonction=read_code(child(element, "functionCode")),
        role=attribute(element, "typeCode") or attribute(entity, "classCode"),
        horodatage=_moment(child(element, "time")),
        structure=read_organization(organization) if organization is not None else None,
        adresse=read_address(entity),
        telecoms=read_telecoms(entity),
        dispositif=_device(device),
    )


def read_actors(root: etree._Element, path: str) -> tuple[ActeurLu, ...]:
    found = (read_actor(element) for element in children(root, path))
    return tuple(actor for actor in found if actor is not None)


def read_organization(element: etree._Element | None) -> StructureLue:
    return StructureLue(
        identifiants=read_identifiers(element),
        nom=text_of(child(element, "name")),
        adresse=read_address(element),
        telecoms=read_telecoms(element),
        cadre=read_code(child(element, "standardIndustryClassCode")),
    )


def read_patient(role: etree._Element | None) -> PatientLu:
    """``recordTarget/patientRole``."""
    patient = child(role, "patient")
    place = child(patient, "birthplace/place")
    birthplace = child(place, "addr")
    known = _names(PatientLu(), child(patient, "name"))
    return replace(
        known,
        identifiants=read_identifiers(role),
        sexe=attribute(child(patient, "administrativeGenderCode"), "code"),
        date_naissance=_date(attribute(child(patient, "birthTime"), "value")),
        lieu_naissance=text_of(child(birthplace, "county")),
        lieu_naissance_libelle=text_of(child(birthplace, "city")) or text_of(child(place, "name")),
        adresse=read_address(role),
        telecoms=read_telecoms(role),
        deces=_death(patient),
    )


def _names(patient: PatientLu, name: etree._Element | None) -> PatientLu:
    families = _by_qualifier(children(name, "family"))
    given = _by_qualifier(children(name, "given"))
    return replace(
        patient,
        nom_naissance=families.get("BR", "") or families.get("", ""),
        nom_utilise=next((families[qualifier] for qualifier in _USED if qualifier in families), ""),
        prenoms=given.get("", ""),
        premier_prenom=given.get("BR", "") or given.get("", "").split(" ")[0],
        prenom_utilise=next((given[qualifier] for qualifier in _USED if qualifier in given), ""),
    )


def _by_qualifier(pieces: list[etree._Element]) -> dict[str, str]:
    """Texts by qualifier; several pieces with the same one are joined, as older software wrote first names."""
    texts: dict[str, str] = {}
    for piece in pieces:
        qualifier = attribute(piece, "qualifier")
        texts[qualifier] = " ".join(filter(None, (texts.get(qualifier, ""), text_of(piece))))
    return texts


def _date(text: str) -> str:
    found = re.match(r"(\d{4})(\d{2})(\d{2})", text)
    return "-".join(found.groups()) if found else text


def _death(patient: etree._Element | None) -> str | None:
    if patient is None:
        return None
    dead = patient.find("sdtc:deceasedInd", NAMESPACES)
    when = attribute(patient.find("sdtc:deceasedTime", NAMESPACES), "value")
    return _date(when) if when or attribute(dead, "value") == "true" else None


def _moment(time: etree._Element | None) -> Horodatage:
    """A participation's time is a moment, or an interval of which the end counts first."""
    written = (read_time(found) for found in (time, child(time, "high"), child(time, "low")))
    return next((moment for moment in written if moment.brut), Horodatage())


def _device(device: etree._Element | None) -> str:
    names = (text_of(child(device, name)) for name in ("manufacturerModelName", "softwareName"))
    return " – ".join(name for name in names if name)


def _first(parent: etree._Element | None, names: tuple[str, ...]) -> etree._Element | None:
    return next((found for found in (child(parent, name) for name in names) if found is not None), None)
