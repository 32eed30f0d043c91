"""The VIHF as its bearer wrote it: an assertion read into a value, without judging more than its shape.

Source: CI-SIS volet Transport synchrone, VIHF 3.0 (attributes, roles, purpose of use).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from lxml import etree

from opensegur.foundation.acteurs import Code
from opensegur.sandbox.dmp.catalogue import refuse
from opensegur.sandbox.dmp.noms import HL7, OIDS_INS, SAML, q

_ROLE = "urn:oasis:names:tc:xacml:2.0:subject:role"
_USAGE = "urn:oasis:names:tc:xspa:1.0:subject:purposeofuse"
_PATIENT = "urn:oasis:names:tc:xacml:2.0:resource:resource-id"
_SUJET = "urn:oasis:names:tc:xspa:1.0:subject:subject-id"
_SECRET = ("urn:oasis:names:tc:xspa:1.0:resource:patient:hl7:confidentiality-code", "Confidentiality_code")
_CX = re.compile(r"([0-9A-Z]{15})\^\^\^&([0-9.]+)&ISO\^NH(?:\^\^\d{8})?")
_SYSTEME_SECTEUR: Final = "1.2.250.1.71.4.2.4"
_SYSTEME_USAGE: Final = "1.2.250.1.213.1.1.4.248"
_MAX_ROLES = 4


class Mode(StrEnum):
    DIRECTE = "DIRECTE"
    INDIRECTE = "INDIRECTE"
    RENFORCEE = "INDIRECTE_RENFORCEE"


class Usage(StrEnum):
    NORMAL = "normal"
    BRIS_DE_GLACE = "bris_de_glace"
    CENTRE_15 = "centre_15"


@dataclass(frozen=True, slots=True)
class Ins:
    """A patient as the DMP knows one: the matricule and the authority that gave it."""

    valeur: str
    oid: str

    @property
    def cx(self) -> str:
        return f"{self.valeur}^^^&{self.oid}&ISO^NH"


@dataclass(frozen=True, slots=True)
class Vihf:
    """The content of one assertion. ``patient`` is absent for TD0.4; dates are aware."""

    id: str
    emis: datetime
    issuer: str
    acteur: str
    connexion: datetime
    classe_contexte: str
    pas_avant: datetime | None
    avant: datetime | None
    version: str
    mode: Mode
    structure: str
    secteur: str
    sujet: str
    roles: tuple[Code, ...]
    patient: Ins | None
    usage: Usage
    motif: str
    secret: bool
    logiciel: str

    @property
    def profession(self) -> Code:
        return self.roles[0]


def read_cx(text: str) -> Ins | None:
    """``INS^^^&OID&ISO^NH``, with the effective date that older software still appends."""
    match = _CX.fullmatch(text.strip())
    if match is None or match.group(2) not in OIDS_INS:
        return None
    return Ins(match.group(1), match.group(2))


def read_vihf(assertion: etree._Element) -> Vihf:
    """Raises ``Refus`` with the rule of the first thing that is missing or not readable."""
    attributs = _attributes(assertion)
    if assertion.find(f".//{q(SAML, 'AudienceRestriction')}") is not None:
        raise refuse("vihf.audience")
    conditions = assertion.find(q(SAML, "Conditions"))
    statement = assertion.find(q(SAML, "AuthnStatement"))
    if statement is None:
        raise refuse("vihf.attribut", "AuthnStatement")
    emis, connexion = _moment(assertion.get("IssueInstant")), _moment(statement.get("AuthnInstant"))
    if connexion > emis:
        raise refuse("vihf.dates", "AuthnInstant")
    version = _one(attributs, "VIHF_Version")
    if version not in {"3.0", "4.0"}:
        raise refuse("vihf.version")
    if _one(attributs, "Ressource_URN") != "urn:dmp":
        raise refuse("vihf.ressource")
    mode = _mode(attributs)
    usage, motif = _usage(attributs)
    return Vihf(
        id=assertion.get("ID", ""),
        emis=emis,
        issuer=_text(assertion, q(SAML, "Issuer"), "Issuer"),
        acteur=_text(assertion, f"{q(SAML, 'Subject')}/{q(SAML, 'NameID')}", "NameID"),
        connexion=connexion,
        classe_contexte=_text(
            statement, f"{q(SAML, 'AuthnContext')}/{q(SAML, 'AuthnContextClassRef')}", "AuthnContextClassRef"
        ),
        pas_avant=_optional_moment(conditions, "NotBefore"),
        avant=_optional_moment(conditions, "NotOnOrAfter"),
        version=version,
        mode=mode,
        structure=_one(attributs, "Identifiant_Structure"),
        secteur=_sector(attributs),
        sujet=_one(attributs, _SUJET) if mode is not Mode.DIRECTE else _maybe(attributs, _SUJET),
        roles=_roles(attributs),
        patient=_patient(attributs),
        usage=usage,
        motif=motif,
        secret=_secret(attributs),
        logiciel=" ".join(_one(attributs, name) for name in ("LPS_Nom", "LPS_Version", "LPS_ID_HOMOLOGATION_DMP")),
    )


_Attributs = dict[str, list[etree._Element]]  # noqa: SLF001 - lxml names its element so


def _attributes(assertion: etree._Element) -> _Attributs:
    found: _Attributs = {}
    for attribute in assertion.iterfind(f"{q(SAML, 'AttributeStatement')}/{q(SAML, 'Attribute')}"):
        name = attribute.get("Name", "")
        # both spellings are on the wire: Authentification_Mode and Authentification_mode
        key = "Authentification_Mode" if name.lower() == "authentification_mode" else name
        if key in found:
            raise refuse("vihf.attribut_repete", key)
        found[key] = attribute.findall(q(SAML, "AttributeValue"))
    return found


def _one(attributs: _Attributs, name: str) -> str:
    value = _maybe(attributs, name)
    if not value:
        raise refuse("vihf.attribut", name)
    return value


def _maybe(attributs: _Attributs, name: str) -> str:
    values = attributs.get(name, [])
    if len(values) > 1:
        raise refuse("vihf.attribut_repete", name)
    return (values[0].text or "").strip() if values else ""


def _text(parent: etree._Element, path: str, name: str) -> str:
    value = (parent.findtext(path) or "").strip()
    if not value:
        raise refuse("vihf.attribut", name)
    return value


def _moment(text: str | None) -> datetime:
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError as error:
        raise refuse("vihf.dates") from error
    if moment.tzinfo is None:
        raise refuse("vihf.dates", "UTC")
    return moment


def _optional_moment(conditions: etree._Element | None, name: str) -> datetime | None:
    value = conditions.get(name) if conditions is not None else None
    return _moment(value) if value is not None else None


def _mode(attributs: _Attributs) -> Mode:
    text = _maybe(attributs, "Authentification_Mode") or Mode.DIRECTE
    if text not in set(Mode):
        raise refuse("vihf.mode")
    return Mode(text)


def _sector(attributs: _Attributs) -> str:
    code, _, system = _one(attributs, "Secteur_Activite").partition("^")
    if system != _SYSTEME_SECTEUR or not re.fullmatch(r"SA\d\d", code):
        raise refuse("vihf.secteur")
    return code


def _roles(attributs: _Attributs) -> tuple[Code, ...]:
    values = attributs.get(_ROLE, [])
    if not values:
        raise refuse("vihf.attribut", _ROLE)
    roles = [value.find(q(HL7, "Role")) for value in values]
    if len(roles) > _MAX_ROLES:
        raise refuse("vihf.role")
    codes = [
        Code(role.get("code", ""), role.get("codeSystem", ""), role.get("displayName", ""))
        for role in roles
        if role is not None
    ]
    if len(codes) != len(values) or not all(code.code and code.system for code in codes):
        raise refuse("vihf.role")
    return tuple(codes)


def _patient(attributs: _Attributs) -> Ins | None:
    text = _maybe(attributs, _PATIENT)
    if not text:
        return None
    patient = read_cx(text)
    if patient is None:
        raise refuse("vihf.patient")
    return patient


def _usage(attributs: _Attributs) -> tuple[Usage, str]:
    values = attributs.get(_USAGE, [])
    purpose = values[0].find(q(HL7, "PurposeOfUse")) if len(values) == 1 else None
    if purpose is None:
        raise refuse("vihf.attribut", _USAGE)
    code = purpose.get("code", "")
    if purpose.get("codeSystem") != _SYSTEME_USAGE or code not in set(Usage):
        raise refuse("vihf.usage")
    return Usage(code), (purpose.findtext(q(HL7, "originalText")) or "").strip()


def _secret(attributs: _Attributs) -> bool:
    for name in _SECRET:
        if value := _maybe(attributs, name):
            if value != "INVISIBLE_REPRESENTANTS_LEGAUX^1.2.250.1.213.1.1.4.13":
                raise refuse("vihf.confidentialite")
            return True
    return False
