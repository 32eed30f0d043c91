"""The documents that the dossiers hold at the start: small CDA N1 with a text body, and their metadata.

Written here, from the CI-SIS Structuration minimale, so that the simulator never reads with a service's codec.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from string import Template
from typing import Final
from xml.sax.saxutils import escape

from lxml import etree

from opensegur.nomenclature import classe_of_type, table
from opensegur.sandbox.dmp import noms
from opensegur.sandbox.dmp.noms import RIM, XML, q
from opensegur.sandbox.dmp.redacteurs import Redacteur
from opensegur.sandbox.population.personnes import Personne

_SOURCE: Final = "1.2.250.1.213.4.1.1.1"


@dataclass(frozen=True, slots=True)
class DocumentInitial:
    """One document of the demonstration. ``uid`` and ``lot_uid`` are OIDs, ``moment`` is aware."""

    uid: str
    lot_uid: str
    type: str
    titre: str
    texte: str
    moment: datetime
    auteur: Redacteur
    visibilite: tuple[str, ...] = ()

    @property
    def dtm(self) -> str:
        return self.moment.astimezone(UTC).strftime("%Y%m%d%H%M%S")


def write_cda(document: DocumentInitial, patient: Personne) -> bytes:
    template = resources.files(__package__).joinpath("modele_n1.xml").read_text(encoding="utf-8")
    kind = table("JDV_J66").get(document.type)
    author = document.auteur
    values = {
        "uid": document.uid,
        "type": document.type,
        "type_systeme": kind.system if kind else "",
        "type_libelle": kind.label if kind else document.type,
        "titre": document.titre,
        "date": document.dtm,
        "ins": patient.ins,
        "ins_oid": patient.oid,
        "nom": patient.nom_naissance,
        "prenoms": patient.prenoms,
        "prenom": patient.prenoms.split(" ")[0],
        "sexe": patient.sexe if patient.sexe in {"M", "F"} else "UN",
        "sexe_libelle": {"M": "Masculin", "F": "Féminin"}.get(patient.sexe, "Inconnu"),
        "naissance": patient.date_naissance.replace("-", ""),
        "lieu": patient.lieu_naissance,
        "cadre": author.cadre.code,
        "cadre_systeme": author.cadre.system,
        "cadre_libelle": author.cadre.label,
        "secteur": author.secteur.code,
        "secteur_systeme": author.secteur.system,
        "secteur_libelle": author.secteur.label,
        "corps": base64.b64encode(document.texte.encode("utf-8")).decode("ascii"),
    }
    escaped = {name: _escape(value) for name, value in values.items()}
    return Template(template).substitute(escaped | _fragments(author)).encode("utf-8")


def _escape(text: str) -> str:
    return escape(text, {'"': "&quot;"})


def _fragments(author: Redacteur) -> dict[str, str]:
    """The parts of a CDA that change with the kind of its author."""
    root, extension, name = (_escape(part) for part in author.organisation)
    given = f"<given>{_escape(author.prenom)}</given>" if author.prenom else ""
    person = f"<assignedPerson><name>{given}<family>{_escape(author.nom)}</family></name></assignedPerson>"
    device = (
        f"<assignedAuthoringDevice><manufacturerModelName>{_escape(author.logiciel)}</manufacturerModelName>"
        f"<softwareName>{_escape(author.nom)}</softwareName></assignedAuthoringDevice>"
    )
    specialty = author.specialite
    return {
        "identifiant": f'<id root="{author.racine}" extension="{_escape(author.identifiant)}"/>',
        "code": f'<code code="{specialty.code}" codeSystem="{specialty.system}"'
        f' displayName="{_escape(specialty.label)}"/>',
        "personne": person,
        "auteur": device if author.logiciel else person,
        "organisation": f'<id root="{root}"'
        + (f' extension="{extension}"' if extension else "")
        + f"/><name>{name}</name>",
    }


def build_package(document: DocumentInitial, patient: Personne) -> etree._Element:
    package = etree.Element(q(RIM, "RegistryPackage"), id="Lot", nsmap={"rim": RIM})
    _slot(package, "submissionTime", document.dtm)
    _name(package, document.titre)
    _author(package, noms.LOT_AUTEUR, document)
    _code(package, noms.LOT_CONTENU, "07", "1.2.250.1.213.2.2", "Consultations soins externes")
    mark = etree.SubElement(package, q(RIM, "Classification"), id="marque")
    mark.set("classificationNode", noms.NOEUD_LOT)
    mark.set("classifiedObject", "Lot")
    _identifier(package, noms.LOT_PATIENT, patient_cx(patient), "XDSSubmissionSet.patientId")
    _identifier(package, noms.LOT_SOURCE, _SOURCE, "XDSSubmissionSet.sourceId")
    _identifier(package, noms.LOT_UNIQUE, document.lot_uid, "XDSSubmissionSet.uniqueId")
    return package


def build_entry(document: DocumentInitial, patient: Personne) -> etree._Element:
    entry = etree.Element(q(RIM, "ExtrinsicObject"), id="Document", nsmap={"rim": RIM})
    entry.set("mimeType", "text/xml")
    entry.set("objectType", noms.OBJET_DOCUMENT)
    author = document.auteur
    for name, value in (
        ("creationTime", document.dtm),
        ("languageCode", "fr-FR"),
        ("legalAuthenticator", author.xcn),
        ("serviceStartTime", document.dtm),
        ("sourcePatientId", patient_cx(patient)),
    ):
        _slot(entry, name, value)
    _name(entry, document.titre)
    _author(entry, noms.AUTEUR, document)
    classe, kind = classe_of_type(document.type), table("JDV_J66").get(document.type)
    _code(entry, noms.CLASSE, classe.code, classe.system, classe.label)
    _code(entry, noms.TYPE, document.type, kind.system if kind else "", kind.label if kind else document.type)
    text = table("JDV_J60").get("urn:ihe:iti:xds-sd:text:2008")
    _code(entry, noms.FORMAT, "urn:ihe:iti:xds-sd:text:2008", text.system if text else "", text.label if text else "")
    _code(entry, noms.CONFIDENTIALITE, "N", noms.OID_CONFIDENTIALITE, "Normal")
    for code in document.visibilite:
        _code(entry, noms.CONFIDENTIALITE, code, noms.OID_VISIBILITE, table("JDV_J58").label(code))
    _code(entry, noms.ETABLISSEMENT, author.secteur.code, author.secteur.system, author.secteur.label)
    _code(entry, noms.CADRE, author.cadre.code, author.cadre.system, author.cadre.label)
    _identifier(entry, noms.FICHE_PATIENT, patient_cx(patient), "XDSDocumentEntry.patientId")
    _identifier(entry, noms.FICHE_UNIQUE, document.uid, "XDSDocumentEntry.uniqueId")
    return entry


def build_member() -> etree._Element:
    member = etree.Element(q(RIM, "Association"), id="membre", nsmap={"rim": RIM})
    member.set("associationType", noms.HAS_MEMBER)
    member.set("sourceObject", "Lot")
    member.set("targetObject", "Document")
    _slot(member, "SubmissionSetStatus", "Original")
    return member


def patient_cx(patient: Personne) -> str:
    return f"{patient.ins}^^^&{patient.oid}&ISO^NH"


def _slot(owner: etree._Element, name: str, *values: str) -> None:
    slot = etree.SubElement(owner, q(RIM, "Slot"), name=name)
    liste = etree.SubElement(slot, q(RIM, "ValueList"))
    for value in values:
        etree.SubElement(liste, q(RIM, "Value")).text = value


def _name(owner: etree._Element, text: str) -> None:
    label = etree.SubElement(etree.SubElement(owner, q(RIM, "Name")), q(RIM, "LocalizedString"))
    label.set("charset", "UTF-8")
    label.set(q(XML, "lang"), "FR")
    label.set("value", text)


def _classify(owner: etree._Element, scheme: str, code: str) -> etree._Element:
    item = etree.SubElement(owner, q(RIM, "Classification"), id=f"c{len(owner)}")
    item.set("classificationScheme", scheme)
    item.set("classifiedObject", owner.get("id", ""))
    item.set("nodeRepresentation", code)
    return item


def _code(owner: etree._Element, scheme: str, code: str, system: str, label: str) -> None:
    item = _classify(owner, scheme, code)
    _slot(item, "codingScheme", system)
    _name(item, label)


def _author(owner: etree._Element, scheme: str, document: DocumentInitial) -> None:
    author, specialty = document.auteur, document.auteur.specialite
    item = _classify(owner, scheme, "")
    if author.institution:
        _slot(item, "authorInstitution", author.institution)
    _slot(item, "authorPerson", author.xcn)
    _slot(item, "authorSpecialty", f"{specialty.code}^{specialty.label}^{specialty.system}")


def _identifier(owner: etree._Element, scheme: str, value: str, name: str) -> None:
    item = etree.SubElement(owner, q(RIM, "ExternalIdentifier"), id=f"e{len(owner)}")
    item.set("identificationScheme", scheme)
    item.set("registryObject", owner.get("id", ""))
    item.set("value", value)
    _name(item, name)
