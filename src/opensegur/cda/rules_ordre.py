"""The order of the children, which the schema imposes: a document in the wrong order is not a CDA document."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

from opensegur.cda.constat import CDA_XSD
from opensegur.cda.locate import local
from opensegur.cda.noeud import NS
from opensegur.cda.rules import Regle

_PREFIX = ("realmCode", "typeId", "templateId")
_ENTITY = (*_PREFIX, "id", "code", "addr", "telecom")
_ORGANIZATION = (*_PREFIX, "id", "name", "telecom", "addr", "standardIndustryClassCode", "asOrganizationPartOf")

_ORDER: dict[str, tuple[str, ...]] = {
    "ClinicalDocument": (
        *_PREFIX, "id", "code", "title", "effectiveTime", "confidentialityCode", "languageCode", "setId",
        "versionNumber", "copyTime", "recordTarget", "author", "dataEnterer", "informant", "custodian",
        "informationRecipient", "legalAuthenticator", "authenticator", "participant", "inFulfillmentOf",
        "documentationOf", "relatedDocument", "authorization", "componentOf", "component",
    ),
    "patientRole": (*_PREFIX, "id", "addr", "telecom", "patient", "providerOrganization"),
    "patient": (
        *_PREFIX, "id", "name", "administrativeGenderCode", "birthTime", "deceasedInd", "deceasedTime",
        "multipleBirthInd", "multipleBirthOrderNumber", "maritalStatusCode", "religiousAffiliationCode", "raceCode",
        "ethnicGroupCode", "guardian", "birthplace", "languageCommunication",
    ),
    "guardian": (*_ENTITY, "guardianPerson", "guardianOrganization"),
    "assignedAuthor": (*_ENTITY, "assignedPerson", "assignedAuthoringDevice", "representedOrganization"),
    "assignedEntity": (*_ENTITY, "assignedPerson", "representedOrganization"),
    "associatedEntity": (*_ENTITY, "associatedPerson", "scopingOrganization"),
    "relatedEntity": (*_PREFIX, "code", "addr", "telecom", "effectiveTime", "relatedPerson"),
    "intendedRecipient": (*_PREFIX, "id", "addr", "telecom", "informationRecipient", "receivedOrganization"),
    "representedOrganization": _ORGANIZATION,
    "scopingOrganization": _ORGANIZATION,
    "receivedOrganization": _ORGANIZATION,
    "representedCustodianOrganization": (*_PREFIX, "id", "name", "telecom", "addr"),
    "author": (*_PREFIX, "functionCode", "time", "assignedAuthor"),
    "legalAuthenticator": (*_PREFIX, "time", "signatureCode", "assignedEntity"),
    "authenticator": (*_PREFIX, "time", "signatureCode", "assignedEntity"),
    "participant": (*_PREFIX, "functionCode", "time", "associatedEntity"),
    "serviceEvent": (*_PREFIX, "id", "code", "statusCode", "effectiveTime", "performer"),
    "performer": (*_PREFIX, "functionCode", "time", "assignedEntity"),
    "parentDocument": (*_PREFIX, "id", "code", "text", "setId", "versionNumber"),
    "encompassingEncounter": (
        *_PREFIX, "id", "code", "effectiveTime", "dischargeDispositionCode", "responsibleParty",
        "encounterParticipant", "location",
    ),
    "healthCareFacility": (*_PREFIX, "id", "code", "location", "serviceProviderOrganization"),
}  # fmt: skip
_RANKS = {name: {child: rank for rank, child in enumerate(order)} for name, order in _ORDER.items()}
_PARENTS = etree.XPath("self::* | h:*[not(self::h:component)]/descendant-or-self::*[h:*[2]]", namespaces={"h": NS})


def misplaced(root: etree._Element) -> Iterator[etree._Element]:
    """The first child out of its place, in each element of the header whose order is known."""
    found = _PARENTS(root)
    assert isinstance(found, list)
    for element in found:
        name = local(element)
        wrong = _first_misplaced(name, tuple([child.tag for child in element])) if name in _RANKS else None
        if wrong is not None:
            yield element[wrong]


@lru_cache(maxsize=4096)
def _first_misplaced(parent: str, tags: tuple[object, ...]) -> int | None:
    """The same children come again and again: what was found for them is kept. A comment has no name for a tag."""
    ranks = _RANKS[parent]
    reached = 0
    for index, tag in enumerate(tags):
        name = tag.rpartition("}")[2] if isinstance(tag, str) else ""
        # an element that the model does not foresee is another rule's business
        rank = ranks.get(name, reached)
        if rank < reached:
            return index
        reached = rank
    return None


ORDRE = (
    Regle(
        "ENT.ORDRE",
        misplaced,
        "Un élément de l’entête n’est pas à sa place.",
        "Suivez l’ordre du schéma : pour une personne adresse puis téléphone, pour une structure l’inverse.",
        CDA_XSD,
    ),
)
