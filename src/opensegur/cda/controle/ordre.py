"""The children of each element of a structured body, in the order of the schema.

Source: HL7 CDA R2, POCD_MT000040.xsd, as extended by CDA_extended.xsd (lab, pharm).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

from opensegur.cda.constat import CDA_XSD, finding_on
from opensegur.cda.locate import local
from opensegur.cda.noeud import NS
from opensegur.foundation.findings import Finding

_PREFIX = "realmCode typeId templateId"
_ENTITY = f"{_PREFIX} id code addr telecom"
_ACTORS = "performer author informant participant entryRelationship reference precondition"
_STATEMENT = f"subject specimen {_ACTORS}"

_CHILDREN = {
    "structuredBody": f"{_PREFIX} confidentialityCode languageCode component",
    "section": f"{_PREFIX} id code title text confidentialityCode languageCode subject author informant entry "
    "component",
    "entry": f"{_PREFIX} act encounter observation observationMedia organizer procedure regionOfInterest "
    "substanceAdministration supply",
    "entryRelationship": f"{_PREFIX} sequenceNumber seperatableInd act encounter observation observationMedia "
    "organizer procedure regionOfInterest substanceAdministration supply",
    "act": f"{_PREFIX} id code text statusCode effectiveTime priorityCode languageCode {_STATEMENT}",
    "encounter": f"{_PREFIX} id code text statusCode effectiveTime priorityCode {_STATEMENT}",
    "observation": f"{_PREFIX} id code derivationExpr text statusCode effectiveTime priorityCode repeatNumber "
    f"languageCode value interpretationCode methodCode targetSiteCode {_STATEMENT} referenceRange",
    "observationMedia": f"{_PREFIX} id languageCode value {_STATEMENT}",
    "organizer": f"{_PREFIX} id code statusCode effectiveTime subject specimen performer author informant "
    "participant reference precondition component",
    "procedure": f"{_PREFIX} id code text statusCode effectiveTime priorityCode languageCode methodCode "
    f"approachSiteCode targetSiteCode {_STATEMENT}",
    "substanceAdministration": f"{_PREFIX} id code text statusCode effectiveTime priorityCode repeatNumber routeCode "
    "approachSiteCode doseQuantity rateQuantity maxDoseQuantity administrationUnitCode subject specimen consumable "
    f"{_ACTORS}",
    "supply": f"{_PREFIX} id code text statusCode effectiveTime priorityCode repeatNumber independentInd quantity "
    f"expectedUseTime subject specimen product {_ACTORS}",
    "manufacturedProduct": f"{_PREFIX} id manufacturedLabeledDrug manufacturedMaterial manufacturerOrganization",
    "manufacturedMaterial": f"{_PREFIX} code name formCode lotNumberText expirationTime asContent asSpecializedKind "
    "ingredient",
    "referenceRange": f"{_PREFIX} observationRange",
    "observationRange": f"{_PREFIX} code text value interpretationCode",
    "specimenRole": f"{_PREFIX} id specimenPlayingEntity",
    "externalDocument": f"{_PREFIX} id code text setId versionNumber",
    "assignedAuthor": f"{_ENTITY} assignedPerson assignedAuthoringDevice representedOrganization",
    "assignedEntity": f"{_ENTITY} assignedPerson representedOrganization",
    "representedOrganization": f"{_PREFIX} id name telecom addr standardIndustryClassCode asOrganizationPartOf",
    "participantRole": f"{_ENTITY} playingDevice playingEntity scopingEntity",
}
_RANKS = {
    f"{{{NS}}}{element}": {name: rank for rank, name in enumerate(names.split())}
    for element, names in _CHILDREN.items()
}


def check_order(body: etree._Element) -> Iterator[Finding]:
    """Each child that its parent does not have, or that is not in its place: the first of each parent."""
    for element in body.iter(*_RANKS):
        wrong = _first_wrong(str(element.tag), tuple([child.tag for child in element]))
        if wrong is None:
            continue
        child, after = element[wrong[0]], wrong[1]
        name = local(child)
        if after:
            message = f"« {name} » vient après « {after} »."
            yield finding_on(child, "N3.ORDRE", message, "Remettez-le à sa place.", source=CDA_XSD)
        else:
            message = f"« {name} » n’a pas sa place ici."
            yield finding_on(child, "N3.INCONNU", message, "Retirez-le.", source=CDA_XSD)


@lru_cache(maxsize=4096)
def _first_wrong(parent: str, tags: tuple[object, ...]) -> tuple[int, str] | None:
    """The rank of the child in fault and the name that it may not follow; no name when it may not be there at all.

    The same children come again and again in a report: what was found for them is kept.
    """
    ranks = _RANKS[parent]
    reached, last = -1, ""
    for index, tag in enumerate(tags):
        if not isinstance(tag, str):  # a comment
            continue
        name = tag.rpartition("}")[2]
        rank = ranks.get(name)
        if rank is None:
            return index, ""
        if rank < reached:
            return index, last
        reached, last = rank, name
    return None
