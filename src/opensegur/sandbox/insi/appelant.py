"""Who calls: the certificate of the structure, the software and its authorisation, the two contexts.

Sources: ROOT_ctxbam_CTXBAM_V01_02.xsd, ROOT_ctxlps_CTXLPS_V01_00.xsd; answers of the test service (desir_550, 560).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from cryptography.x509.oid import NameOID
from lxml import etree

from opensegur.foundation.schemas import load_schema
from opensegur.sandbox.insi.controle import ControleInsi
from opensegur.sandbox.insi.enveloppe import UUID, Enveloppe
from opensegur.sandbox.insi.noms import BAM, LPS
from opensegur.sandbox.pki.confiance import Defaut, names
from opensegur.sandbox.pki.magasin import ORGANISATIONS_NAME

_COMMON_NAMES: Final = frozenset({"INSI-AUTO", "INSI-MANU"})
_FAULTS: Final = {
    Defaut.CHAINE: "tls.autorite",
    Defaut.EXPIRE: "tls.expire",
    Defaut.REVOQUE: "tls.revoque",
    Defaut.USAGE: "tls.usage",
}
_LPS_NAME = re.compile(r"urn:lps:[^:]+:[^:]+")
_DRIFT = timedelta(days=1)


def check_certificate(controle: ControleInsi) -> str:
    """The Struct_IdNat (OU) of the client's certificate."""
    certificate = controle.certificate
    controle.require(certificate is not None, "tls.absent")
    assert certificate is not None
    fault = controle.confiance.fault_of_authentication(certificate, controle.moment)
    for kind, rule in _FAULTS.items():
        controle.require(fault is not kind, rule)
    issuers = certificate.issuer.get_attributes_for_oid(NameOID.COMMON_NAME)
    controle.require(any(item.value == ORGANISATIONS_NAME for item in issuers), "tls.autorite")
    common_names = names(certificate, NameOID.COMMON_NAME)
    controle.require(len(common_names) == 1 and common_names[0] in _COMMON_NAMES, "tls.cn")
    return next(iter(names(certificate, NameOID.ORGANIZATIONAL_UNIT_NAME)), "")


def check_contexts(enveloppe: Enveloppe, structure: str, controle: ControleInsi) -> Mapping[str, str]:
    """What the contexts say of the caller, for the console."""
    _check_schema(enveloppe.bam, "contexte.bam", "insi/contexte-bam", controle)
    _check_schema(enveloppe.lps, "contexte.lps", "insi/contexte-lps", controle)
    bam, lps = enveloppe.bam, enveloppe.lps
    assert bam is not None
    assert lps is not None
    controle.require(bam.get("Version") == "01_02", "contexte.bam_version")
    controle.require(bam.find(f"{{{BAM}}}COUVERTURE") is not None, "contexte.bam", "COUVERTURE")
    controle.require(lps.get("Version") in {"01_00", "1.00.00"}, "contexte.lps_version")
    controle.require(lps.get("Nature") == "CTXLPS", "contexte.lps", "Nature")
    for context, space in ((bam, BAM), (lps, LPS)):
        controle.require(UUID.fullmatch(_text(context, space, "Id")), "contexte.identifiant")
        controle.require(_is_near(_text(context, space, "Temps"), controle.moment), "contexte.temps")
        controle.require(_text(context, space, "Emetteur") == structure, "contexte.emetteur")
    return {"Structure": structure, **_check_software(lps, controle)}


def _check_software(lps: etree._Element, controle: ControleInsi) -> Mapping[str, str]:
    software = lps.find(f"{{{LPS}}}LPS")
    controle.require(software is not None, "contexte.lps", "LPS")
    assert software is not None
    idam = _text(software, LPS, "IDAM")
    controle.require(idam in controle.idams, "lps.idam")
    element = software.find(f"{{{LPS}}}IDAM")
    controle.require(element is not None and element.get("R") == "4", "lps.idam_role")
    controle.require(UUID.fullmatch(_text(software, LPS, "Instance")), "lps.instance")
    name = _text(software, LPS, "Nom")
    controle.require(_LPS_NAME.fullmatch(name), "lps.nom")
    return {"Logiciel": name, "IDAM": idam}


def _check_schema(element: etree._Element | None, rule: str, schema: str, controle: ControleInsi) -> None:
    controle.require(element is not None, rule, "absent")
    assert element is not None
    findings = load_schema(schema).findings(element)
    controle.require(not findings, rule, findings[0].message if findings else "")


def _text(parent: etree._Element, space: str, name: str) -> str:
    return (parent.findtext(f"{{{space}}}{name}") or "").strip()


def _is_near(text: str, moment: datetime) -> bool:
    try:
        given = datetime.fromisoformat(text)
        given = given if given.tzinfo else given.replace(tzinfo=UTC)
        return abs(given - moment) <= _DRIFT
    except (ValueError, OverflowError):
        return False
