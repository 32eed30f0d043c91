"""Whether a certificate is to be trusted: issued by ours, in its period, not revoked, made for this use.

Source: RFC 5280 §6. It serves where TLS has not already refused: on the sandbox's own clock, in-process tests,
signatures.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509.oid import ExtendedKeyUsageOID

_MAX_PATH = 4


class Defaut(StrEnum):
    """What is wrong with a certificate, the most serious first."""

    CHAINE = "chaine"
    EXPIRE = "expire"
    REVOQUE = "revoque"
    USAGE = "usage"


@dataclass(frozen=True, slots=True)
class Confiance:
    """The authorities of the sandbox, and the serial numbers that they revoked."""

    autorites: tuple[x509.Certificate, ...]
    revoques: Container[int]

    def fault_of_authentication(self, certificate: x509.Certificate, moment: datetime) -> Defaut | None:
        return self.fault(certificate, moment) or (None if is_authentication(certificate) else Defaut.USAGE)

    def fault_of_signature(self, certificate: x509.Certificate, moment: datetime) -> Defaut | None:
        return self.fault(certificate, moment) or (None if is_signature(certificate) else Defaut.USAGE)

    def fault(self, certificate: x509.Certificate, moment: datetime) -> Defaut | None:
        """What is wrong whatever the use."""
        if _is_authority(certificate) or not self._chains(certificate, moment):
            return Defaut.CHAINE
        if not certificate.not_valid_before_utc <= moment <= certificate.not_valid_after_utc:
            return Defaut.EXPIRE
        return Defaut.REVOQUE if certificate.serial_number in self.revoques else None

    def _chains(self, certificate: x509.Certificate, moment: datetime, depth: int = 0) -> bool:
        issuers = [item for item in self.autorites if _issued(certificate, item) and _is_authority(item)]
        return depth < _MAX_PATH and any(
            issuer.not_valid_before_utc <= moment <= issuer.not_valid_after_utc
            and (issuer.subject == issuer.issuer or self._chains(issuer, moment, depth + 1))
            for issuer in issuers
        )


def is_signature(certificate: x509.Certificate) -> bool:
    """The signature pair: non-repudiation, and never client authentication."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        return False
    return usage.content_commitment and not is_authentication(certificate)


def is_authentication(certificate: x509.Certificate) -> bool:
    try:
        extended = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        return False
    return ExtendedKeyUsageOID.CLIENT_AUTH in extended


def names(certificate: x509.Certificate, kind: x509.ObjectIdentifier) -> tuple[str, ...]:
    """The values of one part of the subject."""
    return tuple(str(attribute.value) for attribute in certificate.subject.get_attributes_for_oid(kind))


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, ValueError):
        return False
