"""Who asks INSi: a structure by its certificate, or a professional by an assertion, with a card or Pro Santé Connect.

The three modes share one call. With the structure's certificate (mutual TLS) there is no assertion. With a card, the
assertion is signed by its authentication key. With Pro Santé Connect the assertion bears no signature, and the access
token goes beside it: the published texts do not tell how, so ``TransportPsc`` puts it in ``Authorization: Bearer``,
apart from everything else, to be changed in one place.
Sources: SEL-MP-043 (authentication modes, attributes); SAML 2.0 Core §2; assertion recorded from a client in use.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography.x509.oid import NameOID
from lxml import etree

from opensegur.foundation.certificates import check_period, subject_dn
from opensegur.foundation.errors import InvalidValue, OpenSegurError
from opensegur.foundation.ports import HttpRequest, HttpResponse, Signer, Transport
from opensegur.foundation.signature import sign_enveloped
from opensegur.ins.securite import NS_SAML, instant

VALIDITE_PS = timedelta(hours=1)
_X509 = "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName"
_S = f"{{{NS_SAML}}}"
_PSC = "PSC"
_DRIFT = timedelta(minutes=1)

CARTES: Mapping[str, str] = {
    "CPS": "carte de professionnel de santé",
    "CPF": "carte de professionnel en formation",
    "CPE": "carte de personnel d’établissement",
    "CPA": "carte de personnel autorisé",
    "CDE": "carte de directeur d’établissement",
    "CDE-CPE": "carte de directeur ou de personnel d’établissement",
}
"""The kinds of card that sign: the ``NameQualifier`` of the assertion."""


class AuthentificationRefusee(OpenSegurError):
    """The caller's proof may not be used: INSI_PS_PERIMEE."""


@dataclass(frozen=True, slots=True)
class Facturation:
    """On whose behalf the call is made.

    ``identifiant``: the FINESS géographique of an establishment, else its SIRET; for others the number by which they
    bill to the Assurance Maladie. ``secteur``: SA01, SA05… ``specialite``: for physicians only. ``profession``: the
    code of the one that is exercised, for somebody who has several, with Pro Santé Connect only.

    Raises ``InvalidValue`` (FACTURATION).
    """

    identifiant: str
    secteur: str
    specialite: str = ""
    profession: str = ""

    def __post_init__(self) -> None:
        for name, pattern in _SHAPES.items():
            if not pattern.fullmatch(getattr(self, name)):
                raise InvalidValue(
                    "FACTURATION",
                    "L’identification de facturation de l’appelant est incomplète ou mal écrite.",
                    conseil="Vérifiez le numéro de facturation, le secteur (SA05…) et la spécialité.",
                    detail=name,
                )


_SHAPES = {
    "identifiant": re.compile(r"[0-9A-Z]{8,14}"),
    "secteur": re.compile(r"SA[0-9]{2}"),
    "specialite": re.compile(r"[0-9A-Z]{0,4}"),
    "profession": re.compile(r"[0-9A-Z]{0,4}"),
}
# the samples write the attribute of the speciality in two ways
_ATTRIBUTES = {"identifiant": "identifiantFacturation", "secteur": "secteurActivite", "specialite": "codeSpecialite"}
_ATTRIBUTES_PSC = {**_ATTRIBUTES, "specialite": "codeSpecialiteAMO", "profession": "gipProfessionCode"}


@dataclass(frozen=True, slots=True)
class AssertionPs:
    """The assertion of a professional, to be sent as it is.

    ``emetteur``: its NameID, which the contexts repeat; ``jeton``: the access token of Pro Santé Connect, else "".
    """

    element: etree._Element
    emetteur: str
    emise: datetime
    jeton: str = field(default="", repr=False)

    def check(self, now: datetime) -> None:
        """Raise ``AuthentificationRefusee`` (INSI_PS_PERIMEE) rather than send what INSi would refuse."""
        if not -_DRIFT <= now - self.emise <= VALIDITE_PS:
            raise AuthentificationRefusee(
                "INSI_PS_PERIMEE",
                "Votre authentification pour l’INSi date de plus d’une heure.",
                conseil="Présentez de nouveau votre carte, ou reconnectez-vous à Pro Santé Connect.",
            )


def sign_ps(signer: Signer, carte: str, facturation: Facturation, now: datetime) -> AssertionPs:
    """Have the card of a professional sign who they are. ``carte``: one of ``CARTES``.

    The NameID is the national identifier, which is the CN of the card's certificate.

    Raises ``InvalidValue`` (CARTE_PS) and ``ConfigurationError`` (CERT_EXPIRED, CERT_NOT_YET).
    """
    certificate = signer.certificate
    check_period(certificate, now)
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    if carte not in CARTES or len(names) != 1:
        raise InvalidValue(
            "CARTE_PS",
            "Cette carte n’est pas une carte de la famille CPS.",
            conseil=f"Les cartes admises : {', '.join(CARTES)}.",
            detail=carte[:20],
        )
    nom = str(names[0].value)
    issuer = (subject_dn(certificate), {"Format": _X509})
    made = _build(issuer, carte, nom, _attributes(facturation, _ATTRIBUTES), now)
    sign_enveloped(made.element, signer, position=1)
    return made


def psc_assertion(identifiant: str, jeton: str, facturation: Facturation, now: datetime) -> AssertionPs:
    """The unsigned assertion of somebody whom Pro Santé Connect has authenticated.

    ``identifiant``: their national identifier (``SubjectNameID``); ``jeton``: the access token, which proves it.

    Raises ``InvalidValue`` (PSC_JETON).
    """
    if not identifiant.strip() or not jeton.strip():
        raise InvalidValue(
            "PSC_JETON", "La session Pro Santé Connect est absente.", conseil="Connectez-vous à Pro Santé Connect."
        )
    attributes = _attributes(facturation, _ATTRIBUTES_PSC)
    return _build((identifiant, {}), _PSC, identifiant, attributes, now, jeton=jeton)


class TransportPsc:
    """A ``Transport`` that adds the token of a Pro Santé Connect session to each request of ``transport``."""

    def __init__(self, transport: Transport, jeton: str) -> None:
        self._transport = transport
        self._jeton = jeton

    def send(self, request: HttpRequest) -> HttpResponse:
        headers = {**request.headers, "Authorization": f"Bearer {self._jeton}"}
        return self._transport.send(HttpRequest(request.method, request.url, headers, request.body))


def _attributes(facturation: Facturation, names: Mapping[str, str]) -> dict[str, str]:
    values = ((written, getattr(facturation, name)) for name, written in names.items())
    return {written: value for written, value in values if value}


def _build(
    issuer: tuple[str, dict[str, str]],
    qualifier: str,
    name: str,
    attributes: Mapping[str, str],
    now: datetime,
    *,
    jeton: str = "",
) -> AssertionPs:
    moment = now.astimezone(UTC).replace(microsecond=0)
    assertion = etree.Element(
        f"{_S}Assertion",
        {"ID": f"_{uuid.uuid4()}", "Version": "2.0", "IssueInstant": instant(moment)},
        nsmap={"saml": NS_SAML},
    )
    etree.SubElement(assertion, f"{_S}Issuer", issuer[1]).text = issuer[0]
    subject = etree.SubElement(assertion, f"{_S}Subject")
    etree.SubElement(subject, f"{_S}NameID", {"NameQualifier": qualifier}).text = name
    statement = etree.SubElement(assertion, f"{_S}AttributeStatement")
    for written, value in attributes.items():
        attribute = etree.SubElement(statement, f"{_S}Attribute", {"Name": written})
        etree.SubElement(attribute, f"{_S}AttributeValue").text = value
    return AssertionPs(assertion, name, moment, jeton)
