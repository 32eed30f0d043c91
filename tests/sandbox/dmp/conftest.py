"""A workshop that writes messages to the DMP by hand: templates, cryptography, signxml. Nothing of opensegur.dmp."""

from __future__ import annotations

import base64
import hashlib
import sqlite3
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from signxml import DigestAlgorithm, SignatureMethod, XMLSigner
from signxml.algorithms import CanonicalizationMethod

from opensegur.foundation.acteurs import Professionnel, Structure
from opensegur.sandbox.dmp.contexte import Contexte, Reglages
from opensegur.sandbox.dmp.depot import Depot, Dossier
from opensegur.sandbox.dmp.traitement import Reponse, treat
from opensegur.sandbox.pki.confiance import Confiance
from opensegur.sandbox.pki.gabarits import Autorite, Usage, card_name, issue, issue_authority, structure_name
from opensegur.sandbox.population.personnes import Personne

MOMENT = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
DS = "http://www.w3.org/2000/09/xmldsig#"
SOAP = "http://www.w3.org/2003/05/soap-envelope"
WSA = "http://www.w3.org/2005/08/addressing"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
INS, AUTRE_INS, MINEUR, FERME, ABSENT = (
    "279035121518989",
    "184127645108946",
    "215059999910105",
    "255069999920247",
    "199129999930384",
)
OID_TEST = "1.2.250.1.213.1.4.10"
CABINET = Structure("300000099200016", "CABINET TEST", "SA07")
OFFICINE = Structure("1189999998", "PHARMACIE TEST", "SA33")
DR = Professionnel("899700500012", "MARCHAND", "CLAIRE", "10", "SM26")
AUTRE_DR = Professionnel("899700500020", "OLIVEIRA", "PAUL", "10", "SM26")
PHARMACIENNE = Professionnel("899700500038", "BENSAID", "NADIA", "21", "A")
INFIRMIERE = Professionnel("899700500046", "LE GOFF", "SOAZIG", "60")
AIDE = Professionnel("899700500061", "PETIT", "LUC", "35")
DU_TRAVAIL = Professionnel("899700500079", "TISSOT", "EVE", "10", "SM25")
SECRETAIRE = Professionnel(
    "500000099200016/CP01", "FAUREL", "LOU", "SECRETARIAT_MEDICAL", profession_system="1.2.250.1.213.1.1.4.6"
)
R01, G05, G15 = "1.2.250.1.71.4.2.5", "1.2.250.1.71.4.2.6", "1.2.250.1.71.1.2.7"
ACTIONS = {
    "patients": "urn:hl7-org:v3:PRPA_IN201307UV02",
    "setAuthorization": "urn:si-dmp-habilitations:HabilitationsEndPoint:setAuthorization",
    "listAuthorization": "urn:si-dmp-habilitations:HabilitationsEndPoint:listAuthorizationByPatient",
    "patientList": "urn:si-dmp-patients:PatientSpecificEndPoint:patientList",
    "iti41": "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b",
    "iti18": "urn:ihe:iti:2007:RegistryStoredQuery",
    "iti43": "urn:ihe:iti:2007:RetrieveDocumentSet",
}
SERVICES = {
    "patients": "patients",
    "setAuthorization": "habilitations",
    "listAuthorization": "habilitations",
    "patientList": "patients",
    "iti41": "repository",
    "iti18": "registry",
    "iti43": "repository",
}

Paire = tuple[x509.Certificate, rsa.RSAPrivateKey]
Change = Callable[[etree._Element], object]


class Peuple:
    """Who exists in these tests."""

    def __init__(self) -> None:
        self.patients = {
            ins: Personne(ins[:13], ins[13:], "NIR", OID_TEST, nom, prenoms, sexe, naissance, "18033")
            for ins, nom, prenoms, naissance, sexe in (
                (INS, "EXEMPLE", "ALICE MARIE", "1979-03-12", "F"),
                (AUTRE_INS, "AUTRE", "PAUL", "1984-12-02", "M"),
                (MINEUR, "PETIT", "LEO", "2015-05-04", "M"),
                (FERME, "FERME", "ANNE", "1955-06-07", "F"),
                (ABSENT, "ABSENT", "JEAN", "1999-12-08", "M"),
            )
        }

    def patient(self, ins: str) -> Personne | None:
        return self.patients.get(ins)

    def professionnel(self, id_nat: str) -> Professionnel | None:
        known = (DR, AUTRE_DR, PHARMACIENNE, INFIRMIERE, AIDE, DU_TRAVAIL)
        return next((item for item in known if item.id_nat == id_nat), None)

    def structure(self, id_nat: str) -> Structure | None:
        return next((item for item in (CABINET, OFFICINE) if item.id_nat == id_nat), None)

    def same_entity(self, one: str, other: str) -> bool:
        return one == other


@dataclass(frozen=True)
class Trousseau:
    """The authorities and pairs of these tests."""

    autorite: Autorite
    confiance: Confiance
    paires: dict[str, Paire]


@pytest.fixture(scope="session")
def trousseau() -> Trousseau:
    start = MOMENT - timedelta(days=30)
    root = issue_authority("AC TEST", None, start, 3650)
    stranger = issue_authority("AC INCONNUE", None, start, 3650)
    sign, auth = Usage.SIGNATURE, Usage.AUTHENTIFICATION
    sujet, officine = structure_name(CABINET, "DMP SIGN"), structure_name(OFFICINE, "DMP SIGN")
    paires = {
        "es-sign": issue(sujet, sign, root, start, 365),
        "es-auth": issue(structure_name(CABINET, "DMP AUTH_CLI"), auth, root, start, 365),
        "officine-sign": issue(officine, sign, root, start, 365),
        "officine-auth": issue(structure_name(OFFICINE, "DMP AUTH_CLI"), auth, root, start, 365),
        "expire": issue(sujet, sign, root, start - timedelta(days=400), 365),
        "futur": issue(sujet, sign, root, MOMENT + timedelta(days=2), 365),
        "revoque": issue(sujet, sign, root, start, 365),
        "inconnu": issue(sujet, sign, stranger, start, 365),
        "auth-revoque": issue(structure_name(CABINET, "DMP AUTH_CLI"), auth, root, start, 365),
    }
    for nom, personne in (
        ("dr", DR),
        ("autre-dr", AUTRE_DR),
        ("travail", DU_TRAVAIL),
        ("inf", INFIRMIERE),
        ("cpe", SECRETAIRE),
    ):
        paires[f"{nom}-sign"] = issue(card_name(personne, "Médecin"), sign, root, start, 365, card=True)
        paires[f"{nom}-auth"] = issue(card_name(personne, "Médecin"), auth, root, start, 365, card=True)
    revoked = frozenset({paires["revoque"][0].serial_number, paires["auth-revoque"][0].serial_number})
    return Trousseau(root, Confiance((root.certificat,), revoked), paires)


@dataclass(frozen=True)
class Porteur:
    """What a VIHF says; ``sign`` and ``auth`` name the pairs used."""

    personne: Professionnel = DR
    structure: Structure = CABINET
    mode: str = "INDIRECTE"
    sign: str = "es-sign"
    auth: str = "es-auth"
    usage: str = "normal"
    motif: str = ""
    ins: str | None = INS
    oid: str = OID_TEST
    contexte: str = "urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI"
    roles: tuple[tuple[str, str], ...] | None = None
    emis: datetime = MOMENT - timedelta(seconds=5)
    changements: dict[str, str | None] = field(default_factory=dict)
    issuer: str | None = None
    sha1: bool = False
    avant_signature: Change | None = None
    apres_signature: Change | None = None

    def but(self, **changes: object) -> Porteur:
        return replace(self, **changes)  # type: ignore[arg-type]


DIRECT = Porteur(mode="DIRECTE", sign="dr-sign", auth="dr-auth")
CPE = Porteur(personne=SECRETAIRE, mode="DIRECTE", sign="cpe-sign", auth="cpe-auth")
AIR = Porteur(mode="INDIRECTE_RENFORCEE")


def _attribute(name: str, value: str) -> str:
    return f'<s:Attribute Name="{name}"><s:AttributeValue>{value}</s:AttributeValue></s:Attribute>'


def assertion_text(porteur: Porteur, issuer: str, identifiant: str) -> str:
    personne, structure = porteur.personne, porteur.structure
    roles = porteur.roles
    if roles is None:
        roles = ((personne.profession, personne.profession_system),)
        if personne.profession in {"10", "21"}:
            roles += ((personne.savoir_faire, R01 if personne.profession == "10" else G05),)
    role_values = "".join(
        f'<s:AttributeValue><Role xmlns="urn:hl7-org:v3" xsi:type="CE" code="{code}" codeSystem="{system}"'
        ' displayName="libellé"/></s:AttributeValue>'
        for code, system in roles
    )
    motif = f"<originalText>{porteur.motif}</originalText>" if porteur.motif else ""
    purpose = (
        f'<PurposeOfUse xmlns="urn:hl7-org:v3" xsi:type="CE" code="{porteur.usage}"'
        f' codeSystem="1.2.250.1.213.1.1.4.248" codeSystemName="mode acces VIHF 2.0">{motif}</PurposeOfUse>'
    )
    attributes = {
        "VIHF_Version": "3.0",
        "Authentification_Mode": porteur.mode,
        "Identifiant_Structure": structure.id_nat,
        "Secteur_Activite": f"{structure.secteur}^1.2.250.1.71.4.2.4",
        "urn:oasis:names:tc:xspa:1.0:subject:subject-id": f"{personne.nom} {personne.prenom}",
        "urn:oasis:names:tc:xacml:2.0:resource:resource-id": (
            escape(f"{porteur.ins}^^^&{porteur.oid}&ISO^NH") if porteur.ins else None
        ),
        "Ressource_URN": "urn:dmp",
        "urn:oasis:names:tc:xspa:1.0:subject:purposeofuse": purpose,
        "LPS_ID": "1.2.250.1.999.1",
        "LPS_Nom": "LPS TEST",
        "LPS_Version": "1.0",
        "LPS_ID_HOMOLOGATION_DMP": "TST-000000-tmp1",
    } | porteur.changements
    written = "".join(_attribute(name, value) for name, value in attributes.items() if value is not None)
    role = (
        f'<s:Attribute Name="urn:oasis:names:tc:xacml:2.0:subject:role">{role_values}</s:Attribute>' if roles else ""
    )
    instant = porteur.emis.strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        f'<s:Assertion xmlns:s="{SAML}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ID="{identifiant}"'
        f' IssueInstant="{instant}" Version="2.0"><s:Issuer Format="urn:oasis:names:tc:SAML:1.1:nameid-format:'
        f'X509SubjectName">{escape(issuer)}</s:Issuer><ds:Signature xmlns:ds="{DS}" Id="placeholder"/>'
        f"<s:Subject><s:NameID>{personne.id_nat}</s:NameID></s:Subject>"
        f'<s:AuthnStatement AuthnInstant="{instant}"><s:AuthnContext><s:AuthnContextClassRef>{porteur.contexte}'
        "</s:AuthnContextClassRef></s:AuthnContext></s:AuthnStatement>"
        f"<s:AttributeStatement>{role}{written}</s:AttributeStatement></s:Assertion>"
    )


@dataclass(frozen=True)
class Doc:
    """One document to feed; ``changements`` and ``codes`` alter its entry, ``fiche`` its ebRIM at the end."""

    uid: str = ""
    cda: bytes | None = None
    titre: str = "CR de consultation"
    type: str = "11488-4"
    systeme: str = "2.16.840.1.113883.6.1"
    classe: str = "10"
    ins: str = INS
    mime: str = "text/xml"
    visibilite: tuple[str, ...] = ()
    evenements: tuple[tuple[str, str], ...] = ()
    references: tuple[str, ...] = ()
    creation: str = "20261125080000"
    auteur: Professionnel = DR
    remplace: str = ""
    remplace_uid: str = ""
    slots: dict[str, str | None] = field(default_factory=dict)
    codes: dict[str, tuple[str, str] | None] = field(default_factory=dict)


def write_cda(doc: Doc) -> bytes:
    related = (
        f'<relatedDocument typeCode="RPLC"><parentDocument><id root="{doc.remplace_uid}"/></parentDocument>'
        "</relatedDocument>"
        if doc.remplace_uid
        else ""
    )
    return (
        f'<ClinicalDocument xmlns="urn:hl7-org:v3"><id root="{doc.uid}"/><code code="{doc.type}"'
        f' codeSystem="{doc.systeme}"/><title>{escape(doc.titre)}</title><effectiveTime value="{doc.creation}+0000"/>'
        f'<recordTarget><patientRole><id root="{OID_TEST}" extension="{doc.ins}"/></patientRole></recordTarget>'
        f"<!-- é -->{related}</ClinicalDocument>"
    ).encode()


def new_uid() -> str:
    return f"2.25.{uuid.uuid4().int}"


def _slot(name: str, *values: str) -> str:
    inner = "".join(f"<rim:Value>{escape(value)}</rim:Value>" for value in values)
    return f'<rim:Slot name="{name}"><rim:ValueList>{inner}</rim:ValueList></rim:Slot>'


def _label(text: str) -> str:
    quoted = escape(text, {'"': "&quot;"})
    return f'<rim:Name><rim:LocalizedString xml:lang="FR" charset="UTF-8" value="{quoted}"/></rim:Name>'


def _classify(scheme: str, owner: str, code: str, inner: str) -> str:
    return (
        f'<rim:Classification id="c{uuid.uuid4().hex}" classificationScheme="urn:uuid:{scheme}" classifiedObject="{owner}"'
        f' nodeRepresentation="{code}">{inner}</rim:Classification>'
    )


def _coded(scheme: str, owner: str, code: str, system: str) -> str:
    return _classify(scheme, owner, code, _slot("codingScheme", system) + _label("libellé"))


def _external(scheme: str, owner: str, value: str) -> str:
    return (
        f'<rim:ExternalIdentifier id="e{uuid.uuid4().hex}" identificationScheme="urn:uuid:{scheme}"'
        f' registryObject="{owner}" value="{escape(value)}">{_label("id")}</rim:ExternalIdentifier>'
    )


def xcn(personne: Professionnel) -> str:
    return f"{personne.id_nat}^{personne.nom}^{personne.prenom}^^^^^^&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS"


def _author(scheme: str, owner: str, personne: Professionnel) -> str:
    return _classify(
        scheme,
        owner,
        "",
        _slot("authorInstitution", f"{CABINET.nom}^^^^^&1.2.250.1.71.4.2.2&ISO^IDNST^^^{CABINET.id_nat}")
        + _slot("authorPerson", xcn(personne))
        + _slot("authorSpecialty", f"{personne.specialite}^libellé^1.2.250.1.213.1.1.4.5"),
    )


def cx(ins: str) -> str:
    return f"{ins}^^^&{OID_TEST}&ISO^NH"


def entry_text(identifiant: str, doc: Doc, content: bytes, *, signature: bool = False) -> str:
    slots: dict[str, tuple[str, ...] | None] = {
        "creationTime": (doc.creation,),
        "hash": (hashlib.sha1(content).hexdigest(),),
        "languageCode": ("art" if signature else "fr-FR",),
        "legalAuthenticator": (xcn(doc.auteur),),
        "serviceStartTime": (doc.creation,),
        "size": (str(len(content)),),
        "sourcePatientId": (cx(doc.ins),),
        "urn:ihe:iti:xds:2013:referenceIdList": doc.references or None,
    }
    slots |= {name: (value,) if value is not None else None for name, value in doc.slots.items()}
    codes: dict[str, tuple[str, str] | None] = {
        "41a5887f-8865-4c09-adf7-e362475b143a": (doc.classe, "1.2.250.1.213.1.1.4.1"),
        "f0306f51-975f-434e-a61c-c59651d33983": (doc.type, doc.systeme),
        "a09d5840-386c-46f2-b5ad-9c3699a4309d": ("urn:ihe:iti:xds-sd:text:2008", "1.3.6.1.4.1.19376.1.2.3"),
        "f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1": ("SA07", "1.2.250.1.71.4.2.4"),
        "cccf5598-8b07-4b77-a05e-ae952c785ead": ("AMBULATOIRE", "1.2.250.1.213.1.1.4.9"),
    }
    visibilite, evenements = doc.visibilite, doc.evenements
    if signature:
        codes |= {
            "41a5887f-8865-4c09-adf7-e362475b143a": ("urn:oid:1.3.6.1.4.1.19376.1.2.1.1.1", "URN"),
            "f0306f51-975f-434e-a61c-c59651d33983": ("E1762", "ASTM"),
            "a09d5840-386c-46f2-b5ad-9c3699a4309d": ("http://www.w3.org/2000/09/xmldsig#", "URN"),
        }
        visibilite = ("MASQUE_PS", "INVISIBLE_PATIENT")
        evenements = (("1.2.840.10065.1.12.1.14", "1.2.840.10065.1.12"),)
    codes |= doc.codes
    conf = "f4f85eac-e6cb-4883-b524-f2705394840f"
    parts = [_slot(name, *values) for name, values in slots.items() if values is not None]
    parts.append(_label("Source" if signature else doc.titre) if doc.titre or signature else "")
    parts.append(_author("93606bcf-9494-43ec-9b4e-a7748d1a838d", identifiant, doc.auteur))
    parts += [_coded(scheme, identifiant, *code) for scheme, code in codes.items() if code is not None]
    if conf not in doc.codes:
        parts.append(_coded(conf, identifiant, "N", "2.16.840.1.113883.5.25"))
    parts += [_coded(conf, identifiant, code, "1.2.250.1.213.1.1.4.13") for code in visibilite]
    parts += [_coded("2c6b8cb7-8b2a-4051-b291-b1ae6a575ef4", identifiant, *code) for code in evenements]
    parts.append(_external("58a6f841-87b3-4a3e-92fd-a8ffeff98427", identifiant, cx(doc.ins)))
    parts.append(_external("2e82c1f6-a085-4c72-9da3-8640a32e42ab", identifiant, doc.uid))
    return (
        f'<rim:ExtrinsicObject id="{identifiant}" mimeType="{doc.mime}"'
        f' objectType="urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1">{"".join(parts)}</rim:ExtrinsicObject>'
    )


def package_text(uid: str, ins: str) -> str:
    return (
        f'<rim:RegistryPackage id="Lot">{_slot("submissionTime", "20261125085955")}{_label("Lot")}'
        f"{_author('a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d', 'Lot', DR)}"
        f"{_coded('aa543740-bdda-424e-8c96-df4873be8500', 'Lot', '07', '1.2.250.1.213.2.2')}"
        '<rim:Classification id="marque" classificationNode="urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd"'
        ' classifiedObject="Lot"/>'
        f"{_external('6b5aea1a-874d-4603-a4bc-96a0a7b38446', 'Lot', cx(ins))}"
        f"{_external('554ac39e-e3fe-47fe-b233-965d2a147832', 'Lot', '1.2.250.1.999.1')}"
        f"{_external('96fdda7c-d067-4183-912e-bf5ee74998a8', 'Lot', uid)}</rim:RegistryPackage>"
    )


def association_text(kind: str, source: str, target: str, status: str = "Original") -> str:
    slot = _slot("SubmissionSetStatus", status) if status else ""
    return (
        f'<rim:Association id="a{uuid.uuid4().hex}" associationType="{kind}" sourceObject="{source}"'
        f' targetObject="{target}">{slot}</rim:Association>'
    )


HAS_MEMBER = "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember"
SIGNS = "urn:ihe:iti:2007:AssociationType:signs"
RPLC = "urn:ihe:iti:2007:AssociationType:RPLC"
NAMESPACES = (
    'xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0" xmlns:lcm="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"'
    ' xmlns:query="urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0" xmlns:xds="urn:ihe:iti:xds-b:2007"'
)


def _c14n(data: bytes) -> bytes:
    return etree.tostring(etree.ElementTree(etree.fromstring(data)), method="c14n", with_comments=True)


def sign_lot(
    uid: str, documents: dict[str, bytes], paire: Paire, *, sha1: bool = False, coupe: Change | None = None
) -> bytes:
    """The XAdES of a lot, by hand; ``coupe`` alters it before SignedInfo is computed."""
    certificate, key = paire
    algorithm = hashes.SHA1() if sha1 else hashes.SHA256()
    method = f"{DS}sha1" if sha1 else "http://www.w3.org/2001/04/xmlenc#sha256"
    rsa_method = f"{DS}rsa-sha1" if sha1 else "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"

    def digest(data: bytes) -> str:
        return base64.b64encode(hashlib.new("sha1" if sha1 else "sha256", data).digest()).decode()

    comments = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments"
    transforms = f'<Transforms><Transform Algorithm="{comments}"/></Transforms>'

    def reference(name: str, data: bytes) -> str:
        is_xml = data.startswith((b"<", b"\xef\xbb\xbf<")) and b"<!DOCTYPE" not in data
        return (
            f'<Reference URI="urn:oid:{name}">{transforms if is_xml else ""}<DigestMethod Algorithm="{method}"/>'
            f"<DigestValue>{digest(_c14n(data) if is_xml else data)}</DigestValue></Reference>"
        )

    references = "".join(reference(name, data) for name, data in documents.items())
    der = certificate.public_bytes(Encoding.DER)
    text = (
        f'<Signature xmlns="{DS}" Id="sig"><SignedInfo/><SignatureValue/><KeyInfo><X509Data><X509Certificate>'
        f"{base64.b64encode(der).decode()}</X509Certificate></X509Data></KeyInfo>"
        '<Object><SignatureProperties><SignatureProperty Id="purposeOfSignature" Target="#sig">'
        "1.2.840.10065.1.12.1.14</SignatureProperty></SignatureProperties></Object>"
        f'<Object><Manifest Id="IHEManifest"><Reference URI="urn:oid:{uid}"><DigestMethod Algorithm="{method}"/>'
        f"<DigestValue>AA==</DigestValue></Reference>{references}</Manifest></Object>"
        '<Object><QualifyingProperties xmlns="http://uri.etsi.org/01903/v1.1.1#" Target="#sig"><SignedProperties'
        ' Id="S0"><SignedSignatureProperties><SigningTime>2026-11-25T08:59:55Z</SigningTime><SigningCertificate><Cert>'
        f'<CertDigest><DigestMethod Algorithm="{method}"/><DigestValue>{digest(der)}</DigestValue></CertDigest>'
        f'<IssuerSerial><X509IssuerName xmlns="{DS}">{escape(certificate.issuer.rfc4514_string())}</X509IssuerName>'
        f'<X509SerialNumber xmlns="{DS}">{certificate.serial_number}</X509SerialNumber></IssuerSerial></Cert>'
        "</SigningCertificate><SignaturePolicyIdentifier><SignaturePolicyImplied/></SignaturePolicyIdentifier>"
        "</SignedSignatureProperties></SignedProperties></QualifyingProperties></Object></Signature>"
    )
    root = etree.fromstring(text)
    if coupe:
        coupe(root)
    entries = []
    for name, kind in (("IHEManifest", f"{DS}Manifest"), ("S0", "http://uri.etsi.org/01903/v1.1.1#SignedProperties")):
        found = root.xpath("//*[@Id=$name]", name=name)
        data = etree.tostring(found[0], with_tail=False) if found else b"<x/>"
        entries.append(
            f'<Reference URI="#{name}" Type="{kind}"><DigestMethod Algorithm="{method}"/><DigestValue>'
            f"{digest(_c14n(data))}</DigestValue></Reference>"
        )
    info = etree.fromstring(
        f'<SignedInfo xmlns="{DS}"><CanonicalizationMethod Algorithm="{comments}"/><SignatureMethod'
        f' Algorithm="{rsa_method}"/>{"".join(entries)}</SignedInfo>'
    )
    value = key.sign(_c14n(etree.tostring(info)), padding.PKCS1v15(), algorithm)
    root.replace(root[0], info)
    root[1].text = base64.b64encode(value).decode()
    return etree.tostring(root)


@dataclass
class Lot:
    """A lot to feed; each hook alters one stage."""

    docs: list[Doc] = field(default_factory=lambda: [Doc()])
    uid: str = field(default_factory=new_uid)
    ins: str = INS
    sign: str | None = None
    sha1: bool = False
    coupe_signature: Change | None = None
    liste: Change | None = None
    documents: Callable[[dict[str, bytes]], object] | None = None
    requete: Change | None = None
    en_ligne: bool = False
    sans_signature: bool = False


class Atelier:
    """Writes messages and hands them to the simulator."""

    def __init__(self, trousseau: Trousseau, connection: sqlite3.Connection) -> None:
        self.trousseau = trousseau
        self.peuple = Peuple()
        self.depot = Depot(connection)
        self.depot.create()
        self.reglages = Reglages()
        self.moment = MOMENT
        self.dernier: Contexte | None = None
        for ins in (INS, AUTRE_INS, MINEUR):
            self.depot.save_dossier(Dossier(ins))
        self.depot.save_dossier(
            Dossier(FERME, ferme_le="20260101120000", ferme_motif="FERMETURE_DEMANDE_PATIENT", ferme_raison="essai")
        )

    def contexte(self, auth: str | None) -> Contexte:
        certificate = self.trousseau.paires[auth][0] if auth else None
        self.dernier = Contexte(
            self.moment, self.reglages, self.trousseau.confiance, self.peuple, self.depot, certificate
        )
        return self.dernier

    def vihf(self, porteur: Porteur = Porteur()) -> etree._Element:
        certificate, key = self.trousseau.paires[porteur.sign]
        issuer = porteur.issuer if porteur.issuer is not None else certificate.subject.rfc4514_string()
        identifiant = f"_{uuid.uuid4()}"
        assertion = etree.fromstring(assertion_text(porteur, issuer, identifiant))
        if porteur.avant_signature:
            porteur.avant_signature(assertion)
        signer = _Signer(
            signature_algorithm=SignatureMethod.RSA_SHA1 if porteur.sha1 else SignatureMethod.RSA_SHA256,
            digest_algorithm=DigestAlgorithm.SHA1 if porteur.sha1 else DigestAlgorithm.SHA256,
            c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
        )
        signed = signer.sign(
            assertion, key=key, cert=[certificate], reference_uri=f"#{identifiant}", id_attribute="ID"
        )
        if porteur.apres_signature:
            porteur.apres_signature(signed)
        return signed

    def envelope(self, action: str, body: etree._Element, vihf: etree._Element | None) -> etree._Element:
        root = etree.fromstring(
            f'<soap:Envelope xmlns:soap="{SOAP}" xmlns:wsa="{WSA}"><soap:Header><wsa:MessageID>urn:uuid:{uuid.uuid4()}'
            f'</wsa:MessageID><wsa:To/><wsa:ReplyTo soap:mustUnderstand="true"><wsa:Address>{WSA}/anonymous'
            f'</wsa:Address></wsa:ReplyTo><wsa:Action soap:mustUnderstand="true">{action}</wsa:Action>'
            f'<wsse:Security xmlns:wsse="{WSSE}"/></soap:Header><soap:Body/></soap:Envelope>'
        )
        if vihf is not None:
            root[0][-1].append(vihf)
        root[1].append(body)
        return root

    def send(self, td: str, body: str | etree._Element, porteur: Porteur = Porteur(), **options: object) -> Reponse:
        element = etree.fromstring(body) if isinstance(body, str) else body
        envelope = self.envelope(ACTIONS[td], element, self.vihf(porteur))
        alter = options.get("altere")
        if callable(alter):
            alter(envelope)
        return self.post(SERVICES[td], etree.tostring(envelope), auth=str(options.get("auth", porteur.auth)))

    def post(
        self,
        service: str,
        data: bytes,
        content_type: str = "application/soap+xml; charset=utf-8",
        auth: str | None = "es-auth",
    ) -> Reponse:
        return treat(service, content_type, data, self.contexte(auth))

    def lot_message(self, lot: Lot, porteur: Porteur) -> tuple[bytes, str]:
        docs = [replace(doc, uid=doc.uid or new_uid()) for doc in lot.docs]
        lot.docs = docs
        names = {f"Document{index:02d}": doc for index, doc in enumerate(docs, start=1)}
        contents = {name: write_cda(doc) if doc.cda is None else doc.cda for name, doc in names.items()}
        paire = self.trousseau.paires[lot.sign or porteur.sign]
        by_uid = {doc.uid: contents[name] for name, doc in names.items()}
        parts = [package_text(lot.uid, lot.ins)]
        parts += [entry_text(name, doc, contents[name]) for name, doc in names.items()]
        parts += [association_text(HAS_MEMBER, "Lot", name) for name in names]
        parts += [association_text(RPLC, name, doc.remplace, "") for name, doc in names.items() if doc.remplace]
        if not lot.sans_signature:
            signature = sign_lot(lot.uid, by_uid, paire, sha1=lot.sha1, coupe=lot.coupe_signature)
            contents["Signature"] = signature
            parts.append(entry_text("Signature", Doc(uid=new_uid(), ins=lot.ins), signature, signature=True))
            parts.append(association_text(HAS_MEMBER, "Lot", "Signature"))
            parts.append(association_text(SIGNS, "Signature", "Lot"))
        objects = sorted(parts, key=lambda part: part.startswith("<rim:Association"))
        request = etree.fromstring(
            f"<xds:ProvideAndRegisterDocumentSetRequest {NAMESPACES}><lcm:SubmitObjectsRequest><rim:RegistryObjectList>"
            f"{''.join(objects)}</rim:RegistryObjectList></lcm:SubmitObjectsRequest>"
            "</xds:ProvideAndRegisterDocumentSetRequest>"
        )
        if lot.liste:
            lot.liste(request[0][0])
        if lot.documents:
            lot.documents(contents)
        for name, content in contents.items():
            document = etree.SubElement(request, "{urn:ihe:iti:xds-b:2007}Document", id=name)
            if lot.en_ligne:
                document.text = base64.b64encode(content).decode()
            else:
                include = etree.SubElement(document, "{http://www.w3.org/2004/08/xop/include}Include")
                include.set("href", f"cid:{name}@lps")
        if lot.requete:
            lot.requete(request)
        envelope = self.envelope(ACTIONS["iti41"], request, self.vihf(porteur))
        return multipart(etree.tostring(envelope), {} if lot.en_ligne else contents)

    def feed(self, lot: Lot | None = None, porteur: Porteur = Porteur()) -> Reponse:
        body, content_type = self.lot_message(lot or Lot(), porteur)
        return self.post("repository", body, content_type, porteur.auth)

    def query(
        self,
        requete: str,
        slots: dict[str, str],
        porteur: Porteur = AIR,
        *,
        retour: str = "LeafClass",
        **options: object,
    ) -> Reponse:
        inner = "".join(_slot(name.partition("#")[0], value) for name, value in slots.items())
        body = (
            f'<query:AdhocQueryRequest {NAMESPACES}><query:ResponseOption returnComposedObjects="true"'
            f' returnType="{retour}"/><rim:AdhocQuery id="urn:uuid:{requete}">{inner}</rim:AdhocQuery>'
            "</query:AdhocQueryRequest>"
        )
        return self.send("iti18", body, porteur, **options)

    def find(self, porteur: Porteur = AIR, **slots: str) -> list[etree._Element]:
        """The entries that FindDocuments answers."""
        asked = {
            "$XDSDocumentEntryPatientId": f"'{cx(porteur.ins or '')}'",
            "$XDSDocumentEntryStatus": f"('{APPROVED}')",
        }
        asked |= {f"$XDSDocumentEntry{name}": value for name, value in slots.items()}
        answer = self.query("14d4debf-8f97-4251-9a74-a90016b0af0d", asked, porteur)
        assert code_of(answer) == "", code_of(answer)
        return etree.fromstring(answer.corps).findall(".//{*}ExtrinsicObject")

    def retrieve(self, uids: list[str], porteur: Porteur = AIR, depot: str = "1.2.250.1.213.4.1.1.1.2") -> Reponse:
        inner = "".join(
            f"<xds:DocumentRequest><xds:RepositoryUniqueId>{depot}</xds:RepositoryUniqueId><xds:DocumentUniqueId>{uid}"
            "</xds:DocumentUniqueId></xds:DocumentRequest>"
            for uid in uids
        )
        return self.send(
            "iti43", f"<xds:RetrieveDocumentSetRequest {NAMESPACES}>{inner}</xds:RetrieveDocumentSetRequest>", porteur
        )

    def authorize(self, porteur: Porteur = AIR, action: str = "AJOUT", role: str = "") -> Reponse:
        inner = f"<role>{role}</role>" if role else ""
        body = (
            f'<setAuthorization xmlns="urn:si-dmp-habilitations"><action>{action}</action>{inner}</setAuthorization>'
        )
        return self.send("setAuthorization", body, porteur)

    def exists(self, porteur: Porteur = AIR, **options: object) -> Reponse:
        return self.send("patients", demographics(porteur.ins or INS), porteur, **options)


APPROVED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved"


class _Signer(XMLSigner):
    def check_deprecated_methods(self) -> None:
        """SHA-1 is still seen on the wire: these tests write it too."""


def demographics(ins: str, reason: str = "TEST_EXST", oid: str = OID_TEST) -> str:
    return (
        '<PRPA_IN201307UV02 xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        ' ITSVersion="XML_1.0"><id root="1.2.250.1.999.1.1" extension="m1"/><creationTime value="20261125085955"/>'
        '<interactionId root="2.16.840.1.113883.1.6" extension="PRPA_IN201307UV02"/><processingCode code="D"/>'
        '<processingModeCode code="T"/><acceptAckCode code="AL"/><receiver typeCode="RCV"><device classCode="DEV"'
        ' determinerCode="INSTANCE"><id root="1.2.250.1.213.4.1.1.1"/><softwareName>DMP</softwareName></device>'
        '</receiver><sender typeCode="SND"><device classCode="DEV" determinerCode="INSTANCE"><id root="1.2.250.1.999.1"/>'
        '<softwareName>LPS TEST</softwareName></device></sender><attentionLine xsi:nil="true"/><controlActProcess'
        f' classCode="CACT" moodCode="EVN"><reasonCode code="{reason}" codeSystem="1.2.250.1.213.1.1.4.11"/>'
        '<queryByParameter><queryId root="1.2.250.1.999.1.2" extension="q1"/><statusCode code="new"/><parameterList>'
        f'<dataSource xsi:nil="true"/><patientIdentifier><value root="{oid}" extension="{ins}"/><semanticsText>'
        "Patient.id</semanticsText></patientIdentifier></parameterList></queryByParameter></controlActProcess>"
        "</PRPA_IN201307UV02>"
    )


def multipart(root: bytes, parts: dict[str, bytes], action: str = ACTIONS["iti41"]) -> tuple[bytes, str]:
    boundary = f"b{uuid.uuid4().hex}"
    chunks = [
        f'--{boundary}\r\nContent-Type: application/xop+xml; charset=UTF-8; type="application/soap+xml"\r\n'
        "Content-Transfer-Encoding: binary\r\nContent-ID: <root@lps>\r\n\r\n".encode()
        + root
    ]
    chunks += [
        f"--{boundary}\r\nContent-Type: text/xml\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <{name}@lps>\r\n\r\n".encode()
        + data
        for name, data in parts.items()
    ]
    body = b"\r\n".join([*chunks, f"--{boundary}--\r\n".encode()])
    return body, (
        f'multipart/related; boundary="{boundary}"; type="application/xop+xml"; start="<root@lps>";'
        f' start-info="application/soap+xml"; action="{action}"'
    )


def root_of(answer: Reponse) -> etree._Element:
    data = answer.corps
    if answer.content_type.startswith("multipart/"):
        data = data.partition(b"\r\n\r\n")[2]
        data = data[: data.index(b"\r\n--")]
    return etree.fromstring(data)


def code_of(answer: Reponse) -> str:
    """The code that an answer refuses with, in whichever of its shapes; empty when it accepts."""
    root = root_of(answer)
    fault = root.find(".//{*}Fault")
    if fault is not None:
        values = [value.text.rpartition(":")[2] for value in fault.iter("{*}Value")]
        assert answer.statut == 500
        assert fault.findtext("{*}Reason/{*}Text")
        return values[-1]
    assert answer.statut == 200
    error = root.find(".//{*}RegistryError")
    if error is not None:
        return error.get("errorCode")
    detail = root.find(".//{*}acknowledgementDetail/{*}code")
    if detail is not None:
        return detail.get("code")
    status = root.findtext(".//{*}output/{*}status") or ""
    return "" if status == "DMPOk" else status


def rule_of(answer: Reponse) -> str:
    """The id of the first rule broken; empty when the answer accepts."""
    return answer.refus[0].regle.id if answer.refus else ""


@pytest.fixture
def atelier(trousseau: Trousseau) -> Atelier:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.row_factory = sqlite3.Row
    return Atelier(trousseau, connection)


@pytest.fixture
def outils() -> object:
    """The values of this workshop, for the test modules."""
    import sys

    return sys.modules[__name__]
