"""Who is calling: the VIHF and the TLS certificate, checked in the order of the real service.

Signature, certificate, Issuer, TLS, attributes, roles, structure, freshness, replay, bearer. Source: CI-SIS
volet Transport synchrone, VIHF, server side.
"""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from cryptography import x509
from cryptography.x509.oid import NameOID
from lxml import etree

from opensegur.foundation.acteurs import OID_PROFESSION_SANTE
from opensegur.foundation.schemas import load_schema
from opensegur.nomenclature import table
from opensegur.sandbox.dmp.catalogue import refuse
from opensegur.sandbox.dmp.contexte import Contexte
from opensegur.sandbox.dmp.droits import MEDECIN, PHARMACIEN
from opensegur.sandbox.dmp.noms import SAML, q
from opensegur.sandbox.dmp.noms_x500 import same_name
from opensegur.sandbox.dmp.signature_vihf import AssertionSignee, verify_assertion
from opensegur.sandbox.dmp.vihf import Mode, Vihf, read_vihf
from opensegur.sandbox.pki.confiance import Defaut, names

_X509_NAME: Final = re.compile(r"urn:oasis:names:tc:SAML:1\.1:nameid-?format:X509SubjectName")
_CERTIFICAT: Final = {
    Defaut.CHAINE: "vihf.certificat_chaine",
    Defaut.EXPIRE: "vihf.certificat_expire",
    Defaut.REVOQUE: "vihf.certificat_revoque",
    Defaut.USAGE: "vihf.certificat_usage",
}
_SPECIALITE: Final = {MEDECIN: "1.2.250.1.71.4.2.5", PHARMACIEN: "1.2.250.1.71.4.2.6"}
# an id that the structure itself gives: 3FINESS/…, 4SIREN/…, 5SIRET/…, 6RPPS of the practice/…
_EMPLOYEURS: Final = {"1": "0", "3": "1", "4": "2", "5": "3", "6": "4"}
_INTERNE = re.compile(r"(?P<prefixe>[13456])(?P<numero>\d+)/.+")


@dataclass(frozen=True, slots=True)
class Appelant:
    """The bearer, once believed: what the assertion says and the certificate that signed it."""

    vihf: Vihf
    certificat: x509.Certificate


def identify(securite: etree._Element | None, contexte: Contexte) -> Appelant:
    """Raises ``Refus`` with the first rule broken."""
    if securite is None:
        raise refuse("vihf.absent")
    assertions = securite.findall(q(SAML, "Assertion"))
    if len(assertions) != 1:
        raise refuse("vihf.multiple" if assertions else "vihf.absent")
    _check_schema(assertions[0])
    signed = verify_assertion(assertions[0])
    _check_certificate(signed, contexte)
    _check_tls(contexte)
    vihf = read_vihf(signed.assertion)
    _check_bearer_of_certificates(vihf, signed.certificat, contexte)
    _check_roles(vihf)
    _check_structure(vihf, contexte)
    _check_times(vihf, contexte)
    _check_actor(vihf, contexte)
    return Appelant(vihf, signed.certificat)


def _check_schema(assertion: etree._Element) -> None:
    # HL7's Role and PurposeOfUse carry xsi:type="CE", a type that no schema of SAML knows
    bare = deepcopy(assertion)
    for value in bare.iter(q(SAML, "AttributeValue")):
        for child in list(value):
            value.remove(child)
    if load_schema("saml").findings(bare):
        raise refuse("vihf.schema")


def _check_certificate(signed: AssertionSignee, contexte: Contexte) -> None:
    if signed.sha1 and not contexte.reglages.sha1_admis:
        raise refuse("vihf.sha1")
    fault = contexte.confiance.fault_of_signature(signed.certificat, contexte.moment)
    if fault is not None:
        raise refuse(_CERTIFICAT[fault])
    issuer = signed.assertion.find(q(SAML, "Issuer"))
    text = (issuer.text or "") if issuer is not None else ""
    form = issuer.get("Format", "") if issuer is not None else ""
    if not _X509_NAME.fullmatch(form) or not same_name(text, signed.certificat.subject):
        raise refuse("vihf.issuer")


def _check_tls(contexte: Contexte) -> None:
    if not contexte.tls_exige:
        return
    if contexte.certificat_tls is None:
        raise refuse("tls.absent")
    fault = contexte.confiance.fault_of_authentication(contexte.certificat_tls, contexte.moment)
    if fault is not None:
        raise refuse("tls.usage", fault.value)


def _check_bearer_of_certificates(vihf: Vihf, certificate: x509.Certificate, contexte: Contexte) -> None:
    certificates = [certificate]
    if contexte.certificat_tls is not None and contexte.tls_exige:
        certificates.append(contexte.certificat_tls)
    for item in certificates:
        identifiers = _identifiers(item)
        if vihf.mode is Mode.DIRECTE:
            agrees = vihf.acteur in identifiers
        else:
            agrees = any(
                vihf.structure == found or contexte.population.same_entity(vihf.structure, found)
                for found in identifiers
            )
        if not agrees:
            raise refuse("tls.structure")


def _identifiers(certificate: x509.Certificate) -> tuple[str, ...]:
    kinds = (NameOID.COMMON_NAME, NameOID.ORGANIZATIONAL_UNIT_NAME, NameOID.SERIAL_NUMBER)
    return tuple(value for kind in kinds for value in names(certificate, kind))


def _check_roles(vihf: Vihf) -> None:
    profession = vihf.profession
    if profession.system in _SPECIALITE.values() or not table("JDV_J65").contains(profession.code, profession.system):
        raise refuse("vihf.role")
    if profession.system != OID_PROFESSION_SANTE:
        return
    expected = _SPECIALITE.get(profession.code)
    if expected is not None and not any(
        role.system == expected and table("JDV_J65").contains(role.code, role.system) for role in vihf.roles[1:]
    ):
        raise refuse("vihf.specialite")


def _check_structure(vihf: Vihf, contexte: Contexte) -> None:
    if not table("JDV_J61").contains(vihf.secteur):
        raise refuse("vihf.secteur")
    structure = contexte.population.structure(vihf.structure)
    if structure is None:
        raise refuse("vihf.structure")
    contexte.require(structure.secteur == vihf.secteur, "vihf.secteur_structure")


def _check_times(vihf: Vihf, contexte: Contexte) -> None:
    moment, drift = contexte.moment, timedelta(seconds=contexte.reglages.derive)
    life = timedelta(seconds=contexte.reglages.fraicheur)
    if not moment - life <= vihf.emis <= moment + drift:
        raise refuse("vihf.fraicheur")
    if vihf.pas_avant is not None and moment + drift < vihf.pas_avant:
        raise refuse("vihf.conditions")
    if vihf.avant is not None and moment - drift >= vihf.avant:
        raise refuse("vihf.conditions")
    if not contexte.depot.remember_vihf(vihf.id, vihf.emis + life + drift, moment):
        raise refuse("vihf.rejeu")


def _check_actor(vihf: Vihf, contexte: Contexte) -> None:
    internal = _INTERNE.fullmatch(vihf.acteur)
    if internal is not None:
        employer = f"{_EMPLOYEURS[internal['prefixe']]}{internal['numero']}"
        structure = vihf.structure
        if not structure.startswith(employer) and not contexte.population.same_entity(structure, employer):
            raise refuse("vihf.acteur")
        return
    known = contexte.population.professionnel(vihf.acteur)
    if known is None:
        raise refuse("vihf.acteur")
    if known.profession_system == OID_PROFESSION_SANTE:
        contexte.require(known.profession == vihf.profession.code, "vihf.acteur_profession")
