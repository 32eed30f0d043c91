"""The names on the wire: namespaces, actions, and the UUIDs that XDS gives to its attributes.

Sources: ITI TF-3 4.2 and 4.3 (metadata), ITI TF-2 3.18, 3.41, 3.43 (transactions), CI-SIS volet Partage de documents.
"""

from __future__ import annotations

NS_RIM = "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"
NS_RS = "urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0"
NS_LCM = "urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"
NS_QUERY = "urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0"
NS_XDS = "urn:ihe:iti:xds-b:2007"
NS_HL7 = "urn:hl7-org:v3"
NS_SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
NS_XSI = "http://www.w3.org/2001/XMLSchema-instance"
NS_HABILITATIONS = "urn:si-dmp-habilitations"

RIM = f"{{{NS_RIM}}}"
RS = f"{{{NS_RS}}}"
LCM = f"{{{NS_LCM}}}"
QUERY = f"{{{NS_QUERY}}}"
XDS = f"{{{NS_XDS}}}"
HL7 = f"{{{NS_HL7}}}"
SAML = f"{{{NS_SAML}}}"
XSI = f"{{{NS_XSI}}}"
HABILITATIONS = f"{{{NS_HABILITATIONS}}}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

ACTION_EXISTENCE = "urn:hl7-org:v3:PRPA_IN201307UV02"
ACTION_HABILITATION = "urn:si-dmp-habilitations:HabilitationsEndPoint:setAuthorization"
ACTION_DEPOT = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b"
ACTION_RECHERCHE = "urn:ihe:iti:2007:RegistryStoredQuery"
ACTION_LECTURE = "urn:ihe:iti:2007:RetrieveDocumentSet"

CHEMIN_PATIENTS = "/patients"
CHEMIN_HABILITATIONS = "/habilitations"
CHEMIN_DEPOT = "/repository"
CHEMIN_RECHERCHE = "/registry"

OBJET_DOCUMENT = "urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1"
OBJET_ASSOCIATION = "urn:oasis:names:tc:ebxml-regrep:ObjectType:RegistryObject:Association"
NOEUD_LOT = "urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd"

LOT_AUTHOR = "urn:uuid:a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d"
LOT_CONTENT_TYPE = "urn:uuid:aa543740-bdda-424e-8c96-df4873be8500"
LOT_PATIENT_ID = "urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446"
LOT_SOURCE_ID = "urn:uuid:554ac39e-e3fe-47fe-b233-965d2a147832"
LOT_UNIQUE_ID = "urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8"

FICHE_AUTHOR = "urn:uuid:93606bcf-9494-43ec-9b4e-a7748d1a838d"
FICHE_CLASS = "urn:uuid:41a5887f-8865-4c09-adf7-e362475b143a"
FICHE_TYPE = "urn:uuid:f0306f51-975f-434e-a61c-c59651d33983"
FICHE_FORMAT = "urn:uuid:a09d5840-386c-46f2-b5ad-9c3699a4309d"
FICHE_CONFIDENTIALITY = "urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f"
FICHE_EVENT = "urn:uuid:2c6b8cb7-8b2a-4051-b291-b1ae6a575ef4"
FICHE_FACILITY = "urn:uuid:f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1"
FICHE_PRACTICE = "urn:uuid:cccf5598-8b07-4b77-a05e-ae952c785ead"
FICHE_PATIENT_ID = "urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427"
FICHE_UNIQUE_ID = "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab"
SLOT_REFERENCES = "urn:ihe:iti:xds:2013:referenceIdList"

HAS_MEMBER = "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember"
SIGNS = "urn:ihe:iti:2007:AssociationType:signs"
REPLACES = "urn:ihe:iti:2007:AssociationType:RPLC"

REPONSE = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:"
SEVERITE = "urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:"
