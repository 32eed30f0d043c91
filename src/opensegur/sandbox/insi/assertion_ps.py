"""A professional who asks with a card or Pro Santé Connect, read with the sandbox's own eyes.

With a card the assertion is signed by its authentication key; with Pro Santé Connect it is not, and the access token
proves who asks. Sources: SEL-MP-043 (authentication modes); SAML 2.0 Core; assertions recorded from a client in use.
How the token travels is not public: ``Authorization: Bearer`` here.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from cryptography.x509.oid import NameOID
from lxml import etree

from opensegur.foundation.certificates import subject_dn
from opensegur.foundation.moyens import Moyen, ServiceNational, verdict
from opensegur.sandbox.insi.assertion import Assertion, assertions_of
from opensegur.sandbox.insi.assertion_vitale import VITALE
from opensegur.sandbox.insi.controle import ControleInsi
from opensegur.sandbox.pki.confiance import names
from opensegur.sandbox.psc.fournisseur import Fournisseur
from opensegur.sandbox.psc.memoire import Memoire
from opensegur.sandbox.service import Call

CARTES: Final = frozenset({"CPS", "CPF", "CPE", "CPA", "CDE", "CDE-CPE"})
PSC: Final = "PSC"
VALIDITE: Final = timedelta(hours=1)
# the kit of the GIE and the recorded assertions write it in two ways
_SECTEUR: Final = frozenset({"secteurActivite", "SecteurActivite"})


def find_assertion(root: etree._Element) -> Assertion | None:
    """The assertion of whoever asks, beside that of a carte Vitale."""
    return next((each for each in assertions_of(root) if each.qualifieur != VITALE), None)


def check_professional(assertion: Assertion, call: Call, controle: ControleInsi, provider: Fournisseur) -> str:
    """Judge who asks; their NameID, that the contexts repeat. Raises ``Refus``."""
    controle.require(assertion.nom and assertion.qualifieur in CARTES | {PSC}, "ps.forme", "NameID")
    if assertion.qualifieur == PSC:
        _check_token(assertion.nom, call, controle, provider)
    else:
        assertion = _check_card(assertion, controle)
    assertion.check_age(VALIDITE, "ps.perimee", controle)
    controle.require("identifiantFacturation" in assertion.attributs, "ps.facturation", "identifiantFacturation")
    controle.require(assertion.attributs & _SECTEUR, "ps.facturation", "secteurActivite")
    return assertion.nom


def _check_card(assertion: Assertion, controle: ControleInsi) -> Assertion:
    signed, certificate = assertion.signed("ps.signature", controle)
    fault = controle.confiance.fault_of_authentication(certificate, controle.moment)
    controle.require(fault is None, "ps.certificat", str(fault or ""))
    controle.require(names(certificate, NameOID.COMMON_NAME) == (signed.nom,), "ps.porteur", "NameID")
    named = names(certificate, NameOID.SURNAME) or names(certificate, NameOID.COMMON_NAME)[0].startswith("8")
    controle.require(named or verdict(Moyen.CPE_ANONYME, ServiceNational.INSI).ouvert, "ps.nominative")
    controle.require(signed.emetteur == subject_dn(certificate), "ps.porteur", "Issuer")
    return signed


def _check_token(nom: str, call: Call, controle: ControleInsi, provider: Fournisseur) -> None:
    scheme, _, token = call.headers.get("authorization", "").partition(" ")
    controle.require(scheme.lower() == "bearer" and token.strip(), "ps.jeton", "absent")
    with provider.context.store.reading() as connection:
        claims = provider.active(token.strip(), "Bearer", call.moment, Memoire(connection, call.moment))
    controle.require(claims is not None, "ps.jeton", "expiré, révoqué ou inconnu")
    assert claims is not None
    controle.require(claims.get("SubjectNameID") == nom, "ps.porteur", "SubjectNameID")
