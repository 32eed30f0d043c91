"""The certificates of a card, read: who holds it, which kind it is, what each of the two is for.

Sources: IGC-Santé (one multi-valued part with CN, SN and GN; before it, CN in words and a serialNumber);
NOS TRE_G01 and TRE_G02 for the private extensions 1.2.250.1.71.1.2.x.
"""

from __future__ import annotations

import re
from typing import Final

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from opensegur.cps.carte import Porteur, TypeCarte
from opensegur.cps.errors import cps_error
from opensegur.foundation.errors import InvalidValue
from opensegur.nomenclature.words import words

OID_TYPE: Final = x509.ObjectIdentifier("1.2.250.1.71.1.2.2")
OID_CATEGORIE: Final = x509.ObjectIdentifier("1.2.250.1.71.1.2.5")

_MAX_DER = 64 * 1024
_TYPES = {0: TypeCarte.CPS, 1: TypeCarte.CPF, 2: TypeCarte.CPE, 3: TypeCarte.CPA}
_DIRECTEURS = {TypeCarte.CPE: TypeCarte.CDE, TypeCarte.CPA: TypeCarte.CDA}
# the codes 80, 82 and 83 of TRE_G01, whether written as a number, in its hexadecimal sense or as text
_CATEGORIES_TEST = frozenset({80, 82, 83, 0x80, 0x82, 0x83})
_INTEGER = 0x02
_ID_NAT = re.compile(r"(?:8\d{11}|0\w{9}|[13456]\w+/\w+)", re.ASCII)


def read_certificate(der: bytes) -> x509.Certificate:
    """Raises ``CpsError`` CPS_CERTIFICAT."""
    if len(der) > _MAX_DER:
        raise cps_error("CPS_CERTIFICAT", "too long")
    try:
        certificate = x509.load_der_x509_certificate(der)
        # what is only read when asked for must read too
        _ = (certificate.subject, certificate.issuer, certificate.extensions, certificate.public_key())
    except Exception as error:
        # a hostile certificate brings out ValueError, UnsupportedAlgorithm, and parsers' own
        raise cps_error("CPS_CERTIFICAT", type(error).__name__) from error
    return certificate


def read_porteur(certificate: x509.Certificate, savoir_faire: str = "") -> Porteur:
    """The holder named by the subject, in either shape. Raises ``CpsError`` CPS_CERTIFICAT."""
    common, serial = _first(certificate, NameOID.COMMON_NAME), _first(certificate, NameOID.SERIAL_NUMBER)
    nom, prenom = _first(certificate, NameOID.SURNAME), _first(certificate, NameOID.GIVEN_NAME)
    if _ID_NAT.fullmatch(common):
        id_nat = common
    elif _ID_NAT.fullmatch(serial):
        id_nat = serial
        if not nom:
            nom, _, prenom = common.rpartition(" ") if " " in common else (common, "", "")
    else:
        raise cps_error("CPS_CERTIFICAT", "no national identifier")
    try:
        return Porteur(id_nat, nom, prenom, _first(certificate, NameOID.TITLE), savoir_faire)
    except InvalidValue as error:
        raise cps_error("CPS_CERTIFICAT", error.code) from error


def read_type(certificate: x509.Certificate, porteur: Porteur) -> TypeCarte:
    """The kind: GipCardType where it is, else what the kind of identifier means. Raises ``CpsError``."""
    number = _extension_number(certificate, OID_TYPE)
    if number is None:
        found = TypeCarte.CPS if porteur.id_nat[0] in "08" else TypeCarte.CPE
    elif number in _TYPES:
        found = _TYPES[number]
    else:
        raise cps_error("CPS_CARTE_INCONNUE", f"GipCardType {number}")
    director = any(word.startswith("direct") for word in words(porteur.titre))
    return _DIRECTEURS.get(found, found) if director else found


def is_test(certificate: x509.Certificate) -> bool:
    """Whether it is of test: by its category (TRE_G01) or by the authority that issued it."""
    category = _extension_number(certificate, OID_CATEGORIE)
    issuers = certificate.issuer.get_attributes_for_oid(NameOID.COMMON_NAME)
    return category in _CATEGORIES_TEST or any("test" in words(str(each.value)) for each in issuers)


def is_for_signature(certificate: x509.Certificate) -> bool:
    """Non-repudiation, and never client authentication."""
    usage = _usage(certificate)
    return usage is not None and usage.content_commitment and not _is_client(certificate)


def is_for_authentication(certificate: x509.Certificate) -> bool:
    """Digital signature without non-repudiation; a client's where extended usages are told."""
    usage = _usage(certificate)
    return usage is not None and usage.digital_signature and not usage.content_commitment


def _usage(certificate: x509.Certificate) -> x509.KeyUsage | None:
    try:
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return None


def _is_client(certificate: x509.Certificate) -> bool:
    try:
        extended = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return ExtendedKeyUsageOID.CLIENT_AUTH in extended


def _first(certificate: x509.Certificate, kind: x509.ObjectIdentifier) -> str:
    found = certificate.subject.get_attributes_for_oid(kind)
    return " ".join(str(found[0].value).split()) if found else ""


def _extension_number(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> int | None:
    """A private extension that says a number: a DER integer, or digits in a string. ``None`` when absent or other."""
    try:
        value = certificate.extensions.get_extension_for_oid(oid).value
    except x509.ExtensionNotFound:
        return None
    raw = value.value if isinstance(value, x509.UnrecognizedExtension) else b""
    minimum = 3
    if len(raw) < minimum or raw[1] != len(raw) - 2:
        return None
    content = raw[2:]
    if raw[0] == _INTEGER:
        return int.from_bytes(content, "big")
    return int(content) if content.isdigit() else None
