"""The names of the DMP's messages: namespaces, actions, classification schemes, stored queries, statuses.

Sources: OASIS ebRS/ebRIM 3.0, IHE ITI TF-2 3.18, 3.41, 3.43 and TF-3 4.2, HL7 V3 PRPA, GIE SESAM-Vitale WSDL.
"""

from __future__ import annotations

from typing import Final

SOAP12: Final = "http://www.w3.org/2003/05/soap-envelope"
SOAP11: Final = "http://schemas.xmlsoap.org/soap/envelope/"
WSA: Final = "http://www.w3.org/2005/08/addressing"
WSSE: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
SAML: Final = "urn:oasis:names:tc:SAML:2.0:assertion"
DSIG: Final = "http://www.w3.org/2000/09/xmldsig#"
XADES: Final = "http://uri.etsi.org/01903/v1.1.1#"
HL7: Final = "urn:hl7-org:v3"
XDS: Final = "urn:ihe:iti:xds-b:2007"
RIM: Final = "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"
LCM: Final = "urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"
RS: Final = "urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0"
QUERY: Final = "urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
XML: Final = "http://www.w3.org/XML/1998/namespace"
HABILITATIONS: Final = "urn:si-dmp-habilitations"
PATIENTS: Final = "urn:si-dmp-patients"
BAC_A_SABLE: Final = "urn:opensegur:bac-a-sable:dmp"

ANONYMOUS: Final = "http://www.w3.org/2005/08/addressing/anonymous"

# the DMP's own identifiers, as its public example messages show them
OID_DMP: Final = "1.2.250.1.213.4.1.1.1"
OID_REPOSITORY: Final = "1.2.250.1.213.4.1.1.1.2"

OIDS_INS: Final = frozenset({f"1.2.250.1.213.1.4.{arc}" for arc in (8, 9, 10, 11)})
OID_PS: Final = "1.2.250.1.71.4.2.1"
OID_STRUCTURE: Final = "1.2.250.1.71.4.2.2"
OID_VISIBILITE: Final = "1.2.250.1.213.1.1.4.13"
OID_CONFIDENTIALITE: Final = "2.16.840.1.113883.5.25"

# objects of the registry
OBJET_DOCUMENT: Final = "urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1"
OBJET_ASSOCIATION: Final = "urn:oasis:names:tc:ebxml-regrep:ObjectType:RegistryObject:Association"
NOEUD_LOT: Final = "urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd"

# classification schemes of a document entry
AUTEUR: Final = "urn:uuid:93606bcf-9494-43ec-9b4e-a7748d1a838d"
CLASSE: Final = "urn:uuid:41a5887f-8865-4c09-adf7-e362475b143a"
TYPE: Final = "urn:uuid:f0306f51-975f-434e-a61c-c59651d33983"
FORMAT: Final = "urn:uuid:a09d5840-386c-46f2-b5ad-9c3699a4309d"
CONFIDENTIALITE: Final = "urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f"
EVENEMENT: Final = "urn:uuid:2c6b8cb7-8b2a-4051-b291-b1ae6a575ef4"
ETABLISSEMENT: Final = "urn:uuid:f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1"
CADRE: Final = "urn:uuid:cccf5598-8b07-4b77-a05e-ae952c785ead"
# classification schemes of a submission set
LOT_AUTEUR: Final = "urn:uuid:a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d"
LOT_CONTENU: Final = "urn:uuid:aa543740-bdda-424e-8c96-df4873be8500"
# external identifiers
FICHE_PATIENT: Final = "urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427"
FICHE_UNIQUE: Final = "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab"
LOT_PATIENT: Final = "urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446"
LOT_SOURCE: Final = "urn:uuid:554ac39e-e3fe-47fe-b233-965d2a147832"
LOT_UNIQUE: Final = "urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8"

HAS_MEMBER: Final = "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember"
SIGNS: Final = "urn:ihe:iti:2007:AssociationType:signs"
RPLC: Final = "urn:ihe:iti:2007:AssociationType:RPLC"
RELATIONS: Final = frozenset(
    {f"urn:ihe:iti:2007:AssociationType:{name}" for name in ("RPLC", "APND", "XFRM", "XFRM_RPLC", "signs")}
)

APPROVED: Final = "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved"
DEPRECATED: Final = "urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated"
ARCHIVED: Final = "urn:asip:ci-sis:2010:StatusType:Archived"
DELETED: Final = "urn:asip:ci-sis:2010:StatusType:Deleted"
STATUTS: Final = frozenset({APPROVED, DEPRECATED, ARCHIVED, DELETED})

SUCCESS: Final = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"
FAILURE: Final = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Failure"
PARTIAL: Final = "urn:ihe:iti:2007:ResponseStatusType:PartialSuccess"
SEVERITE_ERREUR: Final = "urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:Error"

ACTION_TD02: Final = "urn:hl7-org:v3:PRPA_IN201307UV02"
ACTION_TD03: Final = "urn:si-dmp-habilitations:HabilitationsEndPoint:setAuthorization"
ACTION_TD04: Final = "urn:si-dmp-patients:PatientSpecificEndPoint:patientList"
ACTION_TD16: Final = "urn:si-dmp-habilitations:HabilitationsEndPoint:listAuthorizationByPatient"
ACTION_ITI41: Final = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b"
ACTION_ITI18: Final = "urn:ihe:iti:2007:RegistryStoredQuery"
ACTION_ITI43: Final = "urn:ihe:iti:2007:RetrieveDocumentSet"


def q(namespace: str, name: str) -> str:
    """A name in Clark notation, as lxml reads it."""
    return f"{{{namespace}}}{name}"
