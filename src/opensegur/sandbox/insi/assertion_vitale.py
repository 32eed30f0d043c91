"""The assertion of a carte Vitale, read with the sandbox's own eyes: signature, chip, age, and whose card it is.

Sources: CNDA test plan 1.01 to 1.03 (assertion produced, stale after 20 minutes, card swapped); SAML 2.0 Core.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from cryptography.x509.oid import NameOID
from lxml import etree

from opensegur.sandbox.context import SandboxContext
from opensegur.sandbox.dmp.signature_vihf import certificate_of, verify
from opensegur.sandbox.insi.controle import ControleInsi
from opensegur.sandbox.insi.noms import RECVIT, SOAP12
from opensegur.sandbox.pki.confiance import names
from opensegur.sandbox.vitale.autorite import open_authority, trust_of
from opensegur.sandbox.vitale.fabrique import AUTORITE

WSSE: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
SAML: Final = "urn:oasis:names:tc:SAML:2.0:assertion"
DSIG: Final = "http://www.w3.org/2000/09/xmldsig#"
VALIDITE: Final = timedelta(minutes=20)
_DRIFT: Final = timedelta(minutes=1)


def check_card(
    root: etree._Element, corps: etree._Element, controle: ControleInsi, context: SandboxContext
) -> dict[str, str]:
    """Judge the assertion of a WS_INS1 call; give what the console shows of it."""
    assertion = _assertion(root)
    controle.require(assertion is not None, "vitale.assertion")
    if assertion is None:  # tolerated in lenient mode
        return {}
    serie = (assertion.findtext(f"{{{SAML}}}Subject/{{{SAML}}}NameID") or "").strip()
    issuer = (assertion.findtext(f"{{{SAML}}}Issuer") or "").strip()
    _check_signature(assertion, serie, controle, context)
    controle.require(issuer == serie, "vitale.puce", "Issuer")
    _check_age(assertion, controle)
    _check_holder(serie, corps, controle, context)
    return {"Carte Vitale": serie}


def _assertion(root: etree._Element) -> etree._Element | None:
    for each in root.iterfind(f"{{{SOAP12}}}Header/{{{WSSE}}}Security/{{{SAML}}}Assertion"):
        name = each.find(f"{{{SAML}}}Subject/{{{SAML}}}NameID")
        if name is not None and name.get("NameQualifier") == "VITALE":
            return each
    return None


def _check_signature(assertion: etree._Element, serie: str, controle: ControleInsi, context: SandboxContext) -> None:
    signature = assertion.find(f"{{{DSIG}}}Signature")
    certificate = certificate_of(signature) if signature is not None else None
    controle.require(certificate is not None, "vitale.signature", "certificat")
    assert certificate is not None
    signed = verify(assertion, certificate, id_attribute="ID", location="./", references=1)
    whole = signed is not None and signed[0].tag == assertion.tag and signed[0].get("ID") == assertion.get("ID")
    controle.require(whole, "vitale.signature")
    trust = trust_of(open_authority(context.data_dir / AUTORITE))
    controle.require(trust.fault_of_signature(certificate, controle.moment) is None, "vitale.autorite")
    controle.require(names(certificate, NameOID.COMMON_NAME) == (serie,), "vitale.puce", "NameID")


def _check_age(assertion: etree._Element, controle: ControleInsi) -> None:
    try:
        issued = datetime.fromisoformat(assertion.get("IssueInstant", ""))
        age = controle.moment - issued
    except (ValueError, TypeError):
        raise controle.refuse("vitale.perimee", "IssueInstant") from None
    controle.require(-_DRIFT <= age <= VALIDITE, "vitale.perimee")


def _check_holder(serie: str, corps: etree._Element, controle: ControleInsi, context: SandboxContext) -> None:
    with context.store.reading() as connection:
        row = connection.execute("SELECT numero, opposee FROM vitale_carte WHERE serie = ?", (serie,)).fetchone()
    controle.require(row is not None, "vitale.inconnue")
    controle.require(not row["opposee"], "vitale.opposition")
    insured = corps.findtext(f"{{{RECVIT}}}MatriculeOD/{{{RECVIT}}}NumIdentifiant") or ""
    controle.require(insured == row["numero"], "vitale.echangee")
