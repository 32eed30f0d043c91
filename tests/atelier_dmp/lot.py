"""The ebRIM of a submission, written by hand from templates."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from atelier_dmp.peuple import CABINET, DR, INS, OID_TEST
from atelier_dmp.porteur import Change
from opensegur.foundation.acteurs import Professionnel


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


def slot_text(name: str, *values: str) -> str:
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
    return _classify(scheme, owner, code, slot_text("codingScheme", system) + _label("libellé"))


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
        slot_text("authorInstitution", f"{CABINET.nom}^^^^^&1.2.250.1.71.4.2.2&ISO^IDNST^^^{CABINET.id_nat}")
        + slot_text("authorPerson", xcn(personne))
        + slot_text("authorSpecialty", f"{personne.specialite}^libellé^1.2.250.1.213.1.1.4.5"),
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
    parts = [slot_text(name, *values) for name, values in slots.items() if values is not None]
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
        f'<rim:RegistryPackage id="Lot">{slot_text("submissionTime", "20261125085955")}{_label("Lot")}'
        f"{_author('a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d', 'Lot', DR)}"
        f"{_coded('aa543740-bdda-424e-8c96-df4873be8500', 'Lot', '07', '1.2.250.1.213.2.2')}"
        '<rim:Classification id="marque" classificationNode="urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd"'
        ' classifiedObject="Lot"/>'
        f"{_external('6b5aea1a-874d-4603-a4bc-96a0a7b38446', 'Lot', cx(ins))}"
        f"{_external('554ac39e-e3fe-47fe-b233-965d2a147832', 'Lot', '1.2.250.1.999.1')}"
        f"{_external('96fdda7c-d067-4183-912e-bf5ee74998a8', 'Lot', uid)}</rim:RegistryPackage>"
    )


def association_text(kind: str, source: str, target: str, status: str = "Original") -> str:
    slot = slot_text("SubmissionSetStatus", status) if status else ""
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
