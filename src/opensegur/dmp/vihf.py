"""The VIHF: the SAML 2.0 assertion that says who asks, for which structure, about whom and why.

One is made afresh for each request and signed with the signature certificate, never with the one of TLS.
Sources: ANS volet Transmission (VIHF), SAML 2.0 Core, GIE SESAM-Vitale's published examples.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

from lxml import etree

from opensegur.dmp.acteur import Acteur, Mode
from opensegur.dmp.hl7 import Cx, one_line
from opensegur.dmp.noms import HL7, NS_HL7, NS_SAML, NS_XSI, SAML, XSI
from opensegur.dmp.visibilite import SYSTEM_MASQUAGE
from opensegur.foundation.acteurs import Code, Structure
from opensegur.foundation.certificates import subject_dn
from opensegur.foundation.points import Lps
from opensegur.foundation.ports import HashName, Signer
from opensegur.foundation.signature import sign_enveloped
from opensegur.foundation.soap import NS_WSSE
from opensegur.ins.matricule import Matricule
from opensegur.nomenclature import table

VERSION = "3.0"

_ISSUER_FORMAT = "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName"
_SYSTEM_SECTEUR = "1.2.250.1.71.4.2.4"
_SYSTEM_FINALITE = "1.2.250.1.213.1.1.4.248"
# what the strong local login was made with, as working clients of the reinforced indirect mode send it
_DECLARATION = {Mode.INDIRECTE_RENFORCEE: "APP_BROWSER_AUTH"}


def build_assertion(
    acteur: Acteur,
    structure: Structure,
    lps: Lps,
    matricule: Matricule | None,
    *,
    issuer: str,
    moment: datetime,
    version: str = VERSION,
) -> etree._Element:
    """The unsigned ``saml2:Assertion``. ``issuer`` is the distinguished name of the certificate that will sign it.

    ``matricule`` is the patient concerned, ``None`` for a request about nobody in particular.
    """
    assertion = etree.Element(
        f"{SAML}Assertion",
        {"ID": f"_{uuid.uuid4().hex}", "IssueInstant": _instant(moment), "Version": "2.0"},
        nsmap={"saml2": NS_SAML, "xsi": NS_XSI},
    )
    etree.SubElement(assertion, f"{SAML}Issuer", Format=_ISSUER_FORMAT).text = issuer
    subject = etree.SubElement(assertion, f"{SAML}Subject")
    etree.SubElement(subject, f"{SAML}NameID").text = acteur.professionnel.id_nat
    statement = etree.SubElement(assertion, f"{SAML}AuthnStatement", AuthnInstant=_instant(acteur.authenticated_at))
    context = etree.SubElement(statement, f"{SAML}AuthnContext")
    etree.SubElement(context, f"{SAML}AuthnContextClassRef").text = acteur.contexte
    if acteur.mode in _DECLARATION:
        etree.SubElement(context, f"{SAML}AuthnContextDecl").text = _DECLARATION[acteur.mode]
    attributes = etree.SubElement(assertion, f"{SAML}AttributeStatement")
    for name, values in _attributes(acteur, acteur.structure or structure, lps, matricule, version):
        attribute = etree.SubElement(attributes, f"{SAML}Attribute", Name=name)
        for value in values:
            holder = etree.SubElement(attribute, f"{SAML}AttributeValue")
            if isinstance(value, str):
                holder.text = value
            else:
                holder.append(value)
    return assertion


def build_security_header(
    acteur: Acteur,
    structure: Structure,
    lps: Lps,
    matricule: Matricule | None,
    *,
    signer: Signer,
    moment: datetime,
    version: str = VERSION,
    hash_name: HashName = "sha256",
) -> etree._Element:
    """The ``wsse:Security`` header with a fresh assertion, signed right after its Issuer."""
    assertion = build_assertion(
        acteur, structure, lps, matricule, issuer=subject_dn(signer.certificate), moment=moment, version=version
    )
    sign_enveloped(assertion, signer, id_attribute="ID", position=1, hash_name=hash_name)
    security = etree.Element(f"{{{NS_WSSE}}}Security", nsmap={"wsse": NS_WSSE})
    security.append(assertion)
    return security


def _attributes(
    acteur: Acteur, structure: Structure, lps: Lps, matricule: Matricule | None, version: str
) -> Iterator[tuple[str, list[str | etree._Element]]]:
    yield "VIHF_Version", [version]
    yield "Authentification_Mode", [acteur.mode.value]
    yield "Identifiant_Structure", [structure.id_nat]
    secteur = table("JDV_J61").get(structure.secteur)
    yield "Secteur_Activite", [f"{structure.secteur}^{secteur.system if secteur else _SYSTEM_SECTEUR}"]
    yield "urn:oasis:names:tc:xspa:1.0:subject:subject-id", [subject_id(acteur)]
    yield "urn:oasis:names:tc:xacml:2.0:subject:role", [_coded("Role", role) for role in acteur.roles]
    if matricule is not None:
        yield "urn:oasis:names:tc:xacml:2.0:resource:resource-id", [Cx.of_matricule(matricule).format()]
    yield "Ressource_URN", ["urn:dmp"]
    yield "urn:oasis:names:tc:xspa:1.0:subject:purposeofuse", [_purpose(acteur)]
    if acteur.connexion_secrete:
        yield (
            "urn:oasis:names:tc:xspa:1.0:resource:patient:hl7:confidentiality-code",
            [f"INVISIBLE_REPRESENTANTS_LEGAUX^{SYSTEM_MASQUAGE}"],
        )
    yield "LPS_ID", [lps.oid]
    yield "LPS_Nom", [one_line(lps.nom)]
    yield "LPS_Version", [one_line(lps.version)]
    yield "LPS_ID_HOMOLOGATION_DMP", [lps.homologation]


def subject_id(acteur: Acteur) -> str:
    """« NOM Prénom (service) »."""
    person = acteur.professionnel
    name = one_line(f"{person.nom} {person.prenom}")
    return f"{name} ({one_line(acteur.service)})" if acteur.service.strip() else name


def _purpose(acteur: Acteur) -> etree._Element:
    element = _coded(
        "PurposeOfUse",
        Code(acteur.purpose.value, _SYSTEM_FINALITE, acteur.purpose.libelle),
        system_name="mode acces VIHF 2.0",
    )
    if acteur.motif.strip():
        # where the reason goes is not published: HL7's own place for the words behind a code
        etree.SubElement(element, f"{HL7}originalText").text = one_line(acteur.motif)
    return element


def _coded(name: str, code: Code, *, system_name: str = "") -> etree._Element:
    element = etree.Element(f"{HL7}{name}", nsmap={None: NS_HL7, "xsi": NS_XSI})
    element.set(f"{XSI}type", "CE")
    element.set("code", code.code)
    element.set("codeSystem", code.system)
    if system_name:
        element.set("codeSystemName", system_name)
    element.set("displayName", code.label)
    return element


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
