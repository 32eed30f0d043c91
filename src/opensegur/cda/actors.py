"""The actors of a header as XML: assigned entities, organisations, the patient.

The order of address and telecom differs between persons and organisations (CDA.xsd).
"""

from __future__ import annotations

from functools import lru_cache

from opensegur.cda.checks import concept_of
from opensegur.cda.datatypes import address, coded, identifier, person_name, telecoms, text_node
from opensegur.cda.noeud import NS_SDTC, Noeud, node
from opensegur.cda.participations import Representant
from opensegur.cda.patient import PatientCda
from opensegur.foundation.acteurs import OID_PS, OID_STRUCTURE, Adresse, Professionnel, Structure, Telecom
from opensegur.ins.traits import Traits
from opensegur.nomenclature import lieu

# JDV_J143: the local « indéterminé » is UN in a document, U nowhere
_GENDER = {"M": "M", "F": "F"}
_GENDER_UNKNOWN = "UN"


# the same people of the same places write one document after another: what names them is written once
@lru_cache(maxsize=1024)
def person(professionnel: Professionnel, tag: str = "assignedPerson") -> Noeud:
    return node(
        tag,
        person_name(
            professionnel.nom,
            professionnel.prenom,
            civilite=professionnel.civilite,
            titre=professionnel.titre,
        ),
    )


def profession(professionnel: Professionnel) -> Noeud:
    return coded("code", concept_of("JDV_J01", professionnel.specialite, quoi="Profession et spécialité"))


@lru_cache(maxsize=1024)
def organization(structure: Structure, tag: str, *, with_cadre: bool = False, with_contacts: bool = False) -> Noeud:
    """An organisation: name, telecom, address, and its practice setting (JDV_J04) when asked.

    ``with_contacts``: what is not known of its contacts is said to be unknown.
    """
    cadre = concept_of("JDV_J04", structure.cadre, quoi="Cadre d’exercice de la structure") if with_cadre else None
    return node(
        tag,
        identifier(OID_STRUCTURE, structure.id_nat),
        node("name", structure.nom),
        *_telecoms(structure.telecoms, unknown=with_contacts),
        _address(structure.adresse, unknown=with_contacts),
        coded("standardIndustryClassCode", cadre) if cadre else None,
    )


def assigned(
    professionnel: Professionnel,
    tag: str = "assignedEntity",
    *,
    structure: Structure | None = None,
    with_cadre: bool = False,
    with_contacts: bool = False,
) -> Noeud:
    """``assignedEntity`` or ``assignedAuthor`` of a professional, with the structure where it acts.

    ``with_contacts``: it is reached at its structure.
    """
    place = None
    if structure:
        place = organization(structure, "representedOrganization", with_cadre=with_cadre, with_contacts=with_contacts)
    return node(
        tag,
        identifier(OID_PS, professionnel.id_nat),
        profession(professionnel),
        _address(structure.adresse if structure else None, unknown=True) if with_contacts else None,
        *(_telecoms(structure.telecoms if structure else (), unknown=True) if with_contacts else ()),
        person(professionnel),
        place,
    )


def _address(adresse: Adresse | None, *, unknown: bool) -> Noeud | None:
    found = address(adresse)
    return node("addr", nullFlavor="UNK") if found is None and unknown else found


def _telecoms(contacts: tuple[Telecom, ...], *, unknown: bool) -> list[Noeud]:
    return telecoms(contacts) or ([node("telecom", nullFlavor="UNK")] if unknown else [])


def associated(professionnel: Professionnel, structure: Structure | None, contacts: tuple[Telecom, ...]) -> Noeud:
    """``associatedEntity`` of a ``participant``: a professional (PROV)."""
    return node(
        "associatedEntity",
        identifier(OID_PS, professionnel.id_nat),
        profession(professionnel),
        *telecoms(contacts),
        person(professionnel, "associatedPerson"),
        organization(structure, "scopingOrganization") if structure else None,
        classCode="PROV",
    )


def patient_role(patient: PatientCda) -> Noeud:
    """``recordTarget/patientRole``: the INS first, then the local number."""
    matricule = patient.matricule
    return node(
        "patientRole",
        identifier(matricule.oid, matricule.valeur) if matricule else None,
        identifier(patient.ipp_oid, patient.ipp) if patient.ipp else None,
        address(patient.adresse) if patient.adresse else node("addr", nullFlavor="UNK"),
        *(telecoms(patient.telecoms) or [node("telecom", nullFlavor="UNK")]),
        _patient(patient),
    )


def _patient(patient: PatientCda) -> Noeud:
    traits = patient.traits
    gender = concept_of("JDV_J143", _GENDER.get(str(traits.sexe), _GENDER_UNKNOWN), quoi="Sexe")
    return node(
        "patient",
        _patient_name(traits),
        coded("administrativeGenderCode", gender),
        node("birthTime", value=traits.date_naissance.replace("-", "")),
        *_sdtc(patient),
        *(_guardian(representant) for representant in patient.representants),
        _birthplace(traits),
    )


def _patient_name(traits: Traits) -> Noeud:
    """Each family name is qualified; the whole list of first names stands in one ``given`` without qualifier."""
    return node(
        "name",
        node("family", traits.nom_naissance, qualifier="BR"),
        text_node("given", traits.prenoms),
        text_node("given", traits.premier_prenom, qualifier="BR"),
        text_node("family", traits.nom_utilise, qualifier="CL"),
        text_node("given", traits.prenom_utilise, qualifier="CL"),
    )


def _sdtc(patient: PatientCda) -> list[Noeud | None]:
    dead = patient.deces is not None
    order = patient.rang_naissance
    return [
        node("deceasedInd", namespace=NS_SDTC, value="true") if dead else None,
        node("deceasedTime", namespace=NS_SDTC, value=patient.deces.replace("-", "")) if patient.deces else None,
        node("multipleBirthInd", namespace=NS_SDTC, value="true") if order else None,
        node("multipleBirthOrderNumber", namespace=NS_SDTC, value=str(order)) if order else None,
    ]


def _guardian(representant: Representant) -> Noeud:
    name = person_name(representant.nom, representant.prenom, civilite=representant.civilite)
    return node(
        "guardian",
        address(representant.adresse),
        *telecoms(representant.telecoms),
        node("guardianPerson", name),
    )


def _birthplace(traits: Traits) -> Noeud | None:
    """The COG code is a ``county``; the town, when we know it, the name it bore on the day of birth."""
    if not traits.lieu_naissance:
        return None
    place = lieu(traits.lieu_naissance)
    town = place.name_on(traits.date_naissance) if place else ""
    return node(
        "birthplace",
        node("place", node("addr", node("county", traits.lieu_naissance), text_node("city", town))),
    )
