"""The text of a VIHF and whatever may be wrong in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from xml.sax.saxutils import escape

from lxml import etree
from signxml import XMLSigner

from atelier_dmp.peuple import CABINET, DR, INS, MOMENT, OID_TEST, SECRETAIRE
from opensegur.foundation.acteurs import Professionnel, Structure

DS = "http://www.w3.org/2000/09/xmldsig#"


SAML = "urn:oasis:names:tc:SAML:2.0:assertion"


R01, G05, G15 = "1.2.250.1.71.4.2.5", "1.2.250.1.71.4.2.6", "1.2.250.1.71.1.2.7"


Change = Callable[[etree._Element], object]


@dataclass(frozen=True)
class Porteur:
    """What a VIHF says; ``sign`` and ``auth`` name the pairs used."""

    personne: Professionnel = DR
    structure: Structure = CABINET
    mode: str = "INDIRECTE"
    sign: str = "es-sign"
    auth: str = "es-auth"
    usage: str = "normal"
    motif: str = ""
    ins: str | None = INS
    oid: str = OID_TEST
    contexte: str = "urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI"
    roles: tuple[tuple[str, str], ...] | None = None
    emis: datetime = MOMENT - timedelta(seconds=5)
    changements: dict[str, str | None] = field(default_factory=dict)
    issuer: str | None = None
    sha1: bool = False
    avant_signature: Change | None = None
    apres_signature: Change | None = None

    def but(self, **changes: object) -> Porteur:
        return replace(self, **changes)  # type: ignore[arg-type]


ES = Porteur()
DIRECT = Porteur(mode="DIRECTE", sign="dr-sign", auth="dr-auth")


CPE = Porteur(personne=SECRETAIRE, mode="DIRECTE", sign="cpe-sign", auth="cpe-auth")


AIR = Porteur(mode="INDIRECTE_RENFORCEE")


def _attribute(name: str, value: str) -> str:
    return f'<s:Attribute Name="{name}"><s:AttributeValue>{value}</s:AttributeValue></s:Attribute>'


def assertion_text(porteur: Porteur, issuer: str, identifiant: str) -> str:
    personne, structure = porteur.personne, porteur.structure
    roles = porteur.roles
    if roles is None:
        roles = ((personne.profession, personne.profession_system),)
        if personne.profession in {"10", "21"}:
            roles += ((personne.savoir_faire, R01 if personne.profession == "10" else G05),)
    role_values = "".join(
        f'<s:AttributeValue><Role xmlns="urn:hl7-org:v3" xsi:type="CE" code="{code}" codeSystem="{system}"'
        ' displayName="libellé"/></s:AttributeValue>'
        for code, system in roles
    )
    motif = f"<originalText>{porteur.motif}</originalText>" if porteur.motif else ""
    purpose = (
        f'<PurposeOfUse xmlns="urn:hl7-org:v3" xsi:type="CE" code="{porteur.usage}"'
        f' codeSystem="1.2.250.1.213.1.1.4.248" codeSystemName="mode acces VIHF 2.0">{motif}</PurposeOfUse>'
    )
    attributes = {
        "VIHF_Version": "3.0",
        "Authentification_Mode": porteur.mode,
        "Identifiant_Structure": structure.id_nat,
        "Secteur_Activite": f"{structure.secteur}^1.2.250.1.71.4.2.4",
        "urn:oasis:names:tc:xspa:1.0:subject:subject-id": f"{personne.nom} {personne.prenom}",
        "urn:oasis:names:tc:xacml:2.0:resource:resource-id": (
            escape(f"{porteur.ins}^^^&{porteur.oid}&ISO^NH") if porteur.ins else None
        ),
        "Ressource_URN": "urn:dmp",
        "urn:oasis:names:tc:xspa:1.0:subject:purposeofuse": purpose,
        "LPS_ID": "1.2.250.1.999.1",
        "LPS_Nom": "LPS TEST",
        "LPS_Version": "1.0",
        "LPS_ID_HOMOLOGATION_DMP": "TST-000000-tmp1",
    } | porteur.changements
    written = "".join(_attribute(name, value) for name, value in attributes.items() if value is not None)
    role = (
        f'<s:Attribute Name="urn:oasis:names:tc:xacml:2.0:subject:role">{role_values}</s:Attribute>' if roles else ""
    )
    instant = porteur.emis.strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        f'<s:Assertion xmlns:s="{SAML}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ID="{identifiant}"'
        f' IssueInstant="{instant}" Version="2.0"><s:Issuer Format="urn:oasis:names:tc:SAML:1.1:nameid-format:'
        f'X509SubjectName">{escape(issuer)}</s:Issuer><ds:Signature xmlns:ds="{DS}" Id="placeholder"/>'
        f"<s:Subject><s:NameID>{personne.id_nat}</s:NameID></s:Subject>"
        f'<s:AuthnStatement AuthnInstant="{instant}"><s:AuthnContext><s:AuthnContextClassRef>{porteur.contexte}'
        "</s:AuthnContextClassRef></s:AuthnContext></s:AuthnStatement>"
        f"<s:AttributeStatement>{role}{written}</s:AttributeStatement></s:Assertion>"
    )


class Signataire(XMLSigner):
    def check_deprecated_methods(self) -> None:
        """SHA-1 is still seen on the wire: these tests write it too."""
