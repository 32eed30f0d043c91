"""The assertion of a card: SAML 2.0, signed by its chip, worth twenty minutes.

Sure: ``NameQualifier="VITALE"``, the serial number as NameID, a chip that signs the SHA-256 of ``SignedInfo``, twenty
minutes (CNDA 1.02). The KeyInfo of the real one is in a namespace of the GIE SESAM-Vitale
(``http://www.sesam-vitale.fr/xmldsig/2011/12/vitale``) not public in detail: an X.509 certificate stands for it.
The beneficiaries stay out of it: they are in the context and in the body.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lxml import etree

from opensegur.foundation.signature import sign_enveloped
from opensegur.ins.securite import NS_SAML, instant
from opensegur.ins.vitale import CarteRefusee, CarteVitale
from opensegur.ins.vitale_lecteur import LecteurVitale

VALIDITE = timedelta(minutes=20)
_S = f"{{{NS_SAML}}}"
_DRIFT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class AssertionVitale:
    """``element``: the signed assertion, to be sent as it is; ``serie``: the card that signed it."""

    element: etree._Element
    serie: str
    emise: datetime

    def check(self, carte: CarteVitale, now: datetime) -> None:
        """Refuse before sending what INSi would refuse.

        Raises ``CarteRefusee``: VITALE_PERIMEE (CNDA 1.02), VITALE_CHANGEE (CNDA 1.03).
        """
        carte.check_same(self.serie)
        if not -_DRIFT <= now - self.emise <= VALIDITE:
            raise CarteRefusee(
                "VITALE_PERIMEE",
                "La lecture de la carte Vitale date de plus de vingt minutes.",
                conseil="Relisez la carte.",
            )


def sign_reading(lecteur: LecteurVitale, carte: CarteVitale, now: datetime) -> AssertionVitale:
    """Have the chip sign that the card is there. Raises ``CarteRefusee`` when it is no longer the same card."""
    lecteur.read().check_same(carte.serie)
    moment = now.astimezone(UTC).replace(microsecond=0)
    assertion = etree.Element(
        f"{_S}Assertion",
        {"ID": f"_{uuid.uuid4()}", "Version": "2.0", "IssueInstant": instant(moment)},
        nsmap={"saml": NS_SAML},
    )
    etree.SubElement(assertion, f"{_S}Issuer").text = carte.serie
    subject = etree.SubElement(assertion, f"{_S}Subject")
    etree.SubElement(subject, f"{_S}NameID", {"NameQualifier": "VITALE"}).text = carte.serie
    etree.SubElement(
        assertion,
        f"{_S}Conditions",
        {"NotBefore": instant(moment), "NotOnOrAfter": instant(moment + VALIDITE)},
    )
    sign_enveloped(assertion, lecteur.signer(), position=1)
    return AssertionVitale(assertion, carte.serie, moment)
