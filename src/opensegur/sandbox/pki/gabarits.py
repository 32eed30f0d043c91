"""Certificate templates: who may be certified for what, in the shapes of the IGC-Santé.

Sources: IGC-Santé, gabarits des certificats X.509 (subjects, multi-valued name of a card); RFC 5280.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from opensegur.foundation.acteurs import Professionnel, Structure

KEY_SIZE: Final = 2048
OID_CARD_TYPE: Final = x509.ObjectIdentifier("1.2.250.1.71.1.2.2")
OID_CATEGORY: Final = x509.ObjectIdentifier("1.2.250.1.71.1.2.5")
_CARD_OF_TEST: Final = 80  # TRE_G01


class Usage(StrEnum):
    """The two pairs that are never swapped, and the server's."""

    AUTHENTIFICATION = "authentification"
    SIGNATURE = "signature"
    SERVEUR = "serveur"


_EXTENDED: Final = {
    Usage.AUTHENTIFICATION: ExtendedKeyUsageOID.CLIENT_AUTH,
    Usage.SERVEUR: ExtendedKeyUsageOID.SERVER_AUTH,
}


@dataclass(frozen=True, slots=True)
class Publication:
    """Where an authority publishes: its revocation list, its OCSP responder, its own certificate."""

    lcr: str
    ocsp: str
    certificat: str


@dataclass(frozen=True, slots=True)
class Autorite:
    """A certificate authority with its key. What it issues says where it publishes, when that is known."""

    certificat: x509.Certificate
    cle: rsa.RSAPrivateKey
    publication: Publication | None = None


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=KEY_SIZE)


def authority_name(name: str) -> x509.Name:
    return _name(
        [(NameOID.COUNTRY_NAME, "FR")], [(NameOID.ORGANIZATION_NAME, "OPENSEGUR")], [(NameOID.COMMON_NAME, name)]
    )


def structure_name(structure: Structure, common_name: str) -> x509.Name:
    """An organisation's certificate: its Struct_IdNat in OU."""
    return _name(
        [(NameOID.COUNTRY_NAME, "FR")],
        [(NameOID.ORGANIZATION_NAME, structure.nom[:64])],
        [(NameOID.ORGANIZATIONAL_UNIT_NAME, structure.id_nat)],
        [(NameOID.COMMON_NAME, common_name)],
    )


def card_name(person: Professionnel, title: str) -> x509.Name:
    """A card's certificate: the PS_IdNat, the name and the given name in one multi-valued part."""
    return _name(
        [(NameOID.COUNTRY_NAME, "FR")],
        [(NameOID.TITLE, title)],
        [
            (NameOID.COMMON_NAME, person.id_nat),
            (NameOID.SURNAME, person.nom),
            (NameOID.GIVEN_NAME, person.prenom),
        ],
    )


def old_card_name(person: Professionnel, title: str) -> x509.Name:
    """The shape of before: the names in CN, the PS_IdNat in serialNumber."""
    return _name(
        [(NameOID.COUNTRY_NAME, "FR")],
        [(NameOID.TITLE, title)],
        [(NameOID.COMMON_NAME, f"{person.nom} {person.prenom}"), (NameOID.SERIAL_NUMBER, person.id_nat)],
    )


def issue_authority(name: str, issuer: Autorite | None, start: datetime, days: int) -> Autorite:
    """A root when ``issuer`` is None, an intermediate otherwise."""
    key = new_key()
    subject = authority_name(name)
    builder = _builder(subject, issuer.certificat.subject if issuer else subject, key, start, days)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0 if issuer else 1), critical=True)
    builder = builder.add_extension(_key_usage(key_cert_sign=True, crl_sign=True), critical=True)
    signer = issuer.cle if issuer else key
    builder = builder.add_extension(_issued_by(signer), critical=False)
    return Autorite(builder.sign(signer, hashes.SHA256()), key)


def issue(
    subject: x509.Name,
    usage: Usage,
    issuer: Autorite,
    start: datetime,
    days: int,
    *,
    names: tuple[x509.GeneralName, ...] = (),
    card: int | None = None,
) -> tuple[x509.Certificate, rsa.RSAPrivateKey]:
    """An end certificate with its new key; ``card`` is the kind (TRE_G02) of the card that will hold it."""
    key = new_key()
    builder = _builder(subject, issuer.certificat.subject, key, start, days)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    signature = usage is Usage.SIGNATURE
    builder = builder.add_extension(
        _key_usage(digital_signature=not signature, content_commitment=signature), critical=True
    )
    builder = builder.add_extension(_issued_by(issuer.cle), critical=False)
    if usage in _EXTENDED:
        builder = builder.add_extension(x509.ExtendedKeyUsage([_EXTENDED[usage]]), critical=False)
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    if card is not None:
        for oid, number in ((OID_CARD_TYPE, card), (OID_CATEGORY, _CARD_OF_TEST)):
            value = bytes((2, 1, number))  # a DER INTEGER
            builder = builder.add_extension(x509.UnrecognizedExtension(oid, value), critical=False)
    for extension in _published(issuer.publication):
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(issuer.cle, hashes.SHA256()), key


@dataclass(frozen=True, slots=True)
class Revoque:
    """One line of a revocation list."""

    serie: int
    moment: datetime
    motif: x509.ReasonFlags | None = None


def revocation_list(
    issuer: Autorite, revoked: tuple[Revoque, ...], start: datetime, life: timedelta
) -> x509.CertificateRevocationList:
    builder = x509.CertificateRevocationListBuilder(
        issuer_name=issuer.certificat.subject, last_update=start, next_update=start + life
    )
    for each in revoked:
        line = x509.RevokedCertificateBuilder(serial_number=each.serie, revocation_date=each.moment)
        if each.motif is not None:
            line = line.add_extension(x509.CRLReason(each.motif), critical=False)
        builder = builder.add_revoked_certificate(line.build())
    builder = builder.add_extension(x509.CRLNumber(int(start.timestamp())), critical=False)
    return builder.add_extension(_issued_by(issuer.cle), critical=False).sign(issuer.cle, hashes.SHA256())


def _builder(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPrivateKey, start: datetime, days: int
) -> x509.CertificateBuilder:
    return x509.CertificateBuilder(
        subject_name=subject,
        issuer_name=issuer,
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=start,
        not_valid_after=start + timedelta(days=days),
    ).add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)


def _published(publication: Publication | None) -> Iterator[x509.ExtensionType]:
    if publication is None:
        return
    lists = x509.DistributionPoint([x509.UniformResourceIdentifier(publication.lcr)], None, None, None)
    yield x509.CRLDistributionPoints([lists])
    yield x509.AuthorityInformationAccess(
        [
            x509.AccessDescription(kind, x509.UniformResourceIdentifier(address))
            for kind, address in (
                (AuthorityInformationAccessOID.OCSP, publication.ocsp),
                (AuthorityInformationAccessOID.CA_ISSUERS, publication.certificat),
            )
        ]
    )


def _issued_by(key: rsa.RSAPrivateKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())


def _key_usage(
    *,
    digital_signature: bool = False,
    content_commitment: bool = False,
    key_cert_sign: bool = False,
    crl_sign: bool = False,
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=content_commitment,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )


def _name(*parts: list[tuple[x509.ObjectIdentifier, str]]) -> x509.Name:
    return x509.Name(
        [x509.RelativeDistinguishedName([x509.NameAttribute(kind, value) for kind, value in part]) for part in parts]
    )
