"""The children of each element of a structured body, in the order of the schema.

Source: HL7 CDA R2, POCD_MT000040.xsd, as extended by CDA_extended.xsd (lab, pharm).
"""

from __future__ import annotations

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
ORDER: dict[str, dict[str, int]] = {
    element: {name: rank for rank, name in enumerate(names.split())} for element, names in _CHILDREN.items()
}
"""For each element, the rank of each child that it may have."""
