"""The assertion of a carte Vitale, read with the sandbox's own eyes: signature, chip, age, and whose card it is.

Sources: CNDA test plan 1.01 to 1.03 (assertion produced, stale after 20 minutes, card swapped); SAML 2.0 Core.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from cryptography.x509.oid import NameOID
from lxml import etree

from opensegur.sandbox.context import SandboxContext
from opensegur.sandbox.insi.assertion import assertions_of
from opensegur.sandbox.insi.controle import ControleInsi
from opensegur.sandbox.insi.noms import RECVIT
from opensegur.sandbox.pki.confiance import names
from opensegur.sandbox.vitale.autorite import open_authority, trust_of
from opensegur.sandbox.vitale.fabrique import AUTORITE

VITALE: Final = "VITALE"
VALIDITE: Final = timedelta(minutes=20)


def check_card(
    root: etree._Element, corps: etree._Element, controle: ControleInsi, context: SandboxContext
) -> dict[str, str]:
    """Judge the assertion of a WS_INS1 call; give what the console shows of it."""
    found = next((each for each in assertions_of(root) if each.qualifieur == VITALE), None)
    controle.require(found is not None, "vitale.assertion")
    if found is None:  # tolerated in lenient mode
        return {}
    assertion, certificate = found.signed("vitale.signature", controle)
    trust = trust_of(open_authority(context.data_dir / AUTORITE))
    controle.require(trust.fault_of_signature(certificate, controle.moment) is None, "vitale.autorite")
    serie = assertion.nom
    controle.require(names(certificate, NameOID.COMMON_NAME) == (serie,), "vitale.puce", "NameID")
    controle.require(assertion.emetteur == serie, "vitale.puce", "Issuer")
    assertion.check_age(VALIDITE, "vitale.perimee", controle)
    _check_holder(serie, corps, controle, context)
    return {"Carte Vitale": serie}


def _check_holder(serie: str, corps: etree._Element, controle: ControleInsi, context: SandboxContext) -> None:
    with context.store.reading() as connection:
        row = connection.execute("SELECT numero, opposee FROM vitale_carte WHERE serie = ?", (serie,)).fetchone()
    controle.require(row is not None, "vitale.inconnue")
    controle.require(not row["opposee"], "vitale.opposition")
    insured = corps.findtext(f"{{{RECVIT}}}MatriculeOD/{{{RECVIT}}}NumIdentifiant") or ""
    controle.require(insured == row["numero"], "vitale.echangee")
