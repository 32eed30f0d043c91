"""A professional who asks with a card or Pro Santé Connect, read with the sandbox's own eyes.

With a card the assertion is signed by its authentication key; with Pro Santé Connect it is not, and the access token
proves who asks. Sources: SEL-MP-043 (authentication modes); SAML 2.0 Core; assertions recorded from a client in use.
How the token travels is not public: ``Authorization: Bearer`` here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography.x509.oid import NameOID
from lxml import etree

from opensegur.foundation.certificates import subject_dn
from opensegur.sandbox.dmp.signature_vihf import certificate_of, verify
from opensegur.sandbox.insi.controle import ControleInsi
from opensegur.sandbox.insi.noms import SOAP12
from opensegur.sandbox.pki.confiance import names
from opensegur.sandbox.psc.fournisseur import Fournisseur
from opensegur.sandbox.psc.memoire import Memoire
from opensegur.sandbox.service import Call

WSSE: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
SAML: Final = "urn:oasis:names:tc:SAML:2.0:assertion"
DSIG: Final = "http://www.w3.org/2000/09/xmldsig#"
CARTES: Final = frozenset({"CPS", "CPF", "CPE", "CPA", "CDE", "CDE-CPE"})
PSC: Final = "PSC"
VALIDITE: Final = timedelta(hours=1)
_DRIFT: Final = timedelta(minutes=1)
_IDENTIFIANT: Final = frozenset({"identifiantFacturation"})
# the kit of the GIE and the recorded assertions write it in two ways
_SECTEUR: Final = frozenset({"secteurActivite", "SecteurActivite"})


@dataclass(frozen=True, slots=True)
class Professionnel:
    """``nom``: the NameID, that the contexts repeat; ``moyen``: the kind of card, or PSC."""

    nom: str
    moyen: str


def find_assertion(root: etree._Element) -> etree._Element | None:
    """The assertion of whoever asks, beside that of a carte Vitale."""
    for each in root.iterfind(f"{{{SOAP12}}}Header/{{{WSSE}}}Security/{{{SAML}}}Assertion"):
        name = each.find(f"{{{SAML}}}Subject/{{{SAML}}}NameID")
        if name is None or name.get("NameQualifier") != "VITALE":
            return each
    return None


def check_professional(
    assertion: etree._Element, call: Call, controle: ControleInsi, provider: Fournisseur
) -> Professionnel:
    """Judge who asks. Raises ``Refus``."""
    name = assertion.find(f"{{{SAML}}}Subject/{{{SAML}}}NameID")
    qualifier = name.get("NameQualifier", "") if name is not None else ""
    nom = (name.text or "").strip() if name is not None else ""
    controle.require(nom and qualifier in CARTES | {PSC}, "ps.forme", "NameID")
    _check_age(assertion, controle)
    if qualifier == PSC:
        _check_token(nom, call, controle, provider)
    else:
        _check_card(assertion, nom, controle)
    held = {each.get("Name") for each in assertion.iterfind(f"{{{SAML}}}AttributeStatement/{{{SAML}}}Attribute")}
    controle.require(held & _IDENTIFIANT, "ps.facturation", "identifiantFacturation")
    controle.require(held & _SECTEUR, "ps.facturation", "secteurActivite")
    return Professionnel(nom, qualifier)


def _check_age(assertion: etree._Element, controle: ControleInsi) -> None:
    try:
        age = controle.moment - datetime.fromisoformat(assertion.get("IssueInstant", ""))
    except (ValueError, TypeError):
        raise controle.refuse("ps.perimee", "IssueInstant") from None
    controle.require(-_DRIFT <= age <= VALIDITE, "ps.perimee")


def _check_card(assertion: etree._Element, nom: str, controle: ControleInsi) -> None:
    signature = assertion.find(f"{{{DSIG}}}Signature")
    certificate = certificate_of(signature) if signature is not None else None
    controle.require(certificate is not None, "ps.signature", "certificat")
    assert certificate is not None
    signed = verify(assertion, certificate, id_attribute="ID", location="./", references=1)
    whole = signed is not None and signed[0].tag == assertion.tag and signed[0].get("ID") == assertion.get("ID")
    controle.require(whole, "ps.signature")
    fault = controle.confiance.fault_of_authentication(certificate, controle.moment)
    controle.require(fault is None, "ps.certificat", str(fault or ""))
    controle.require(names(certificate, NameOID.COMMON_NAME) == (nom,), "ps.porteur", "NameID")
    issuer = (assertion.findtext(f"{{{SAML}}}Issuer") or "").strip()
    controle.require(issuer == subject_dn(certificate), "ps.porteur", "Issuer")


def _check_token(nom: str, call: Call, controle: ControleInsi, provider: Fournisseur) -> None:
    scheme, _, token = call.headers.get("authorization", "").partition(" ")
    controle.require(scheme.lower() == "bearer" and token.strip(), "ps.jeton", "absent")
    with provider.context.store.reading() as connection:
        claims = provider.active(token.strip(), "Bearer", call.moment, Memoire(connection, call.moment))
    controle.require(claims is not None, "ps.jeton", "expiré, révoqué ou inconnu")
    assert claims is not None
    controle.require(claims.get("SubjectNameID") == nom, "ps.porteur", "SubjectNameID")
