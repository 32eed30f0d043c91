"""What an assertion says, whoever it is from: where it is, who it names, what its signature covers, its age."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from lxml import etree

from opensegur.sandbox.dmp.noms import DSIG, SAML, WSSE, q
from opensegur.sandbox.dmp.signature_vihf import certificate_of, verify
from opensegur.sandbox.insi.controle import ControleInsi
from opensegur.sandbox.insi.noms import SOAP12

_SECURITY: Final = "/".join((q(SOAP12, "Header"), q(WSSE, "Security"), q(SAML, "Assertion")))
_NAME: Final = f"{q(SAML, 'Subject')}/{q(SAML, 'NameID')}"
_ATTRIBUTES: Final = f"{q(SAML, 'AttributeStatement')}/{q(SAML, 'Attribute')}"
_DRIFT: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Assertion:
    """One assertion of the header."""

    element: etree._Element

    @property
    def nom(self) -> str:
        """The NameID."""
        return (self.element.findtext(_NAME) or "").strip()

    @property
    def qualifieur(self) -> str:
        """What the NameID is the name of: a kind of card, PSC, VITALE."""
        name = self.element.find(_NAME)
        return "" if name is None else name.get("NameQualifier", "")

    @property
    def emetteur(self) -> str:
        return (self.element.findtext(q(SAML, "Issuer")) or "").strip()

    @property
    def attributs(self) -> frozenset[str]:
        """The names of the attributes that it carries."""
        return frozenset(each.get("Name", "") for each in self.element.iterfind(_ATTRIBUTES))

    def signed(self, rule: str, controle: ControleInsi) -> tuple[Assertion, x509.Certificate]:
        """What the signature covers, which is all that may be read further, and the certificate; or ``rule``."""
        signature = self.element.find(q(DSIG, "Signature"))
        certificate = certificate_of(signature) if signature is not None else None
        controle.require(certificate is not None, rule, "certificat")
        assert certificate is not None
        covered = verify(self.element, certificate, id_attribute="ID", location="./", references=1)
        whole = covered[0] if covered else None
        mine = self.element.tag, self.element.get("ID")
        controle.require(whole is not None and (whole.tag, whole.get("ID")) == mine, rule)
        assert whole is not None
        return Assertion(whole), certificate

    def check_age(self, most: timedelta, rule: str, controle: ControleInsi) -> None:
        """Made at most ``most`` ago, a clock a minute ahead being forgiven; ``rule`` otherwise."""
        try:
            age = controle.moment - datetime.fromisoformat(self.element.get("IssueInstant", ""))
        except (ValueError, TypeError):
            raise controle.refuse(rule, "IssueInstant") from None
        controle.require(-_DRIFT <= age <= most, rule)


def assertions_of(root: etree._Element) -> Iterator[Assertion]:
    return map(Assertion, root.iterfind(_SECURITY))
