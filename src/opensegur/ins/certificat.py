"""What INSi expects of the client certificate: told before the service says it with a fault.

Source: Guide d'intégration INSi (certificat logiciel): CN exactly INSI-AUTO or INSI-MANU; sender = subject OU.
"""

from __future__ import annotations

from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import NameOID

from opensegur.foundation.certificates import load_certificate
from opensegur.foundation.errors import ConfigurationError
from opensegur.foundation.findings import Finding, Severity

_NAMES = ("INSI-AUTO", "INSI-MANU")


def emetteur_of(certificate: x509.Certificate) -> str:
    """The sender to write in the contexts: the subject's OU; raises ``ConfigurationError`` (INSI_EMETTEUR)."""
    values = _values(certificate, NameOID.ORGANIZATIONAL_UNIT_NAME)
    if not values:
        raise ConfigurationError(
            "INSI_EMETTEUR",
            "Le certificat de l’INSi ne porte pas l’identifiant de la structure (OU).",
            conseil="Utilisez un certificat d’organisation de l’IGC-Santé.",
        )
    return values[0]


def read_certificate(path: Path) -> x509.Certificate:
    """The certificate in the file ``path``; raises ``ConfigurationError``: CERT_FICHIER, CERT_UNREADABLE."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            "CERT_FICHIER",
            "Le fichier du certificat de l’INSi est introuvable ou interdit en lecture.",
            conseil="Vérifiez « certificat » dans la section [insi] de la configuration.",
            detail=path.name,
        ) from error
    return load_certificate(data)


def check_certificate(certificate: x509.Certificate) -> list[Finding]:
    """A warning INSI.certificat when the name is not one of the two that INSi takes."""
    if set(_values(certificate, NameOID.COMMON_NAME)) & set(_NAMES):
        return []
    return [
        Finding(
            "INSI.certificat",
            "Le nom (CN) du certificat n’est ni INSI-AUTO ni INSI-MANU : l’INSi refusera les appels (desir_560).",
            path="insi.certificat",
            repair="Demandez à l’ANS un certificat logiciel d’organisation pour l’INSi.",
            source="Guide d’intégration INSi, certificat logiciel",
            severity=Severity.WARNING,
        )
    ]


def _values(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> list[str]:
    return [str(attribute.value) for attribute in certificate.subject.get_attributes_for_oid(oid)]
