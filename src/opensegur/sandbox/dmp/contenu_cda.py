"""A CDA against the entry that announces it: identifier, type, patient, and for the strict, title and date.

Source: ANS volet Transmission (mapping CDA → XDS), CI-SIS Structuration minimale.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from lxml import etree

from opensegur.sandbox.dmp import noms
from opensegur.sandbox.dmp.catalogue import manque
from opensegur.sandbox.dmp.depot import FicheEnregistree
from opensegur.sandbox.dmp.ebrim import Objet
from opensegur.sandbox.dmp.enveloppe import read_xml
from opensegur.sandbox.dmp.noms import HL7, q
from opensegur.sandbox.dmp.vihf import Ins
from opensegur.sandbox.regles import Manquement, Refus

_MIN_ZONED = 19


def check_cda(fiche: Objet, document: bytes, patient: Ins, remplace: FicheEnregistree | None) -> Iterator[Manquement]:
    """What contradicts ``fiche`` in ``document``; ``remplace`` is the entry that it replaces, if it does."""
    place = f"fiche {fiche.id[:60]}"
    try:
        root = read_xml(document)
    except Refus:
        yield manque("cda.lecture", place)
        return
    if root.tag != q(HL7, "ClinicalDocument"):
        yield manque("cda.lecture", place)
        return
    if _uid(root) != fiche.identifiant(noms.FICHE_UNIQUE):
        yield manque("cda.identifiant", place)
    types = fiche.codes(noms.TYPE)
    code = root.find(q(HL7, "code"))
    if code is None or (code.get("code"), code.get("codeSystem")) != (types[0].code, types[0].systeme):
        yield manque("cda.type", place)
    identifiers = root.findall(f"{q(HL7, 'recordTarget')}/{q(HL7, 'patientRole')}/{q(HL7, 'id')}")
    if (patient.oid, patient.valeur) not in {(item.get("root"), item.get("extension")) for item in identifiers}:
        yield manque("cda.patient", place)
    if " ".join((root.findtext(q(HL7, "title")) or "").split()) != " ".join(fiche.titre.split()):
        yield manque("cda.titre", place)
    if _utc(_value(root, q(HL7, "effectiveTime"))) != fiche.slot("creationTime"):
        yield manque("cda.date", place)
    if _parents(root) != ([remplace.unique_id] if remplace else []):
        yield manque("cda.remplacement", place)


def _uid(root: etree._Element) -> str:
    identifier = root.find(q(HL7, "id"))
    return identifier.get("root", "") if identifier is not None and not identifier.get("extension") else ""


def _value(root: etree._Element, path: str) -> str:
    found = root.find(path)
    return found.get("value", "") if found is not None else ""


def _parents(root: etree._Element) -> list[str]:
    path = f"{q(HL7, 'parentDocument')}/{q(HL7, 'id')}"
    return [
        identifier.get("root", "")
        for related in root.findall(q(HL7, "relatedDocument"))
        if related.get("typeCode") == "RPLC"
        for identifier in related.findall(path)
    ]


def _utc(text: str) -> str:
    """HL7's TS with its zone, as XDS writes it: ``20260115093000+0100`` is ``20260115083000``."""
    if len(text) < _MIN_ZONED:
        return text
    try:
        moment = datetime.strptime(text, "%Y%m%d%H%M%S%z")
    except ValueError:
        return ""
    return moment.astimezone(UTC).strftime("%Y%m%d%H%M%S")
