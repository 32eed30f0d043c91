"""Whether a certificate is to be trusted: its chain up to given anchors, and its dates.

The anchors are always given: the roots of the IGC-Santé are in no public store. Revocation is asked apart
(``foundation.revocation``), since it needs the network. Source: RFC 5280 §6.1, without policies nor name constraints:
an authority that carries these as critical is refused rather than half read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa

from opensegur.foundation.echeance import Niveau, time_left
from opensegur.foundation.errors import ConfigurationError, OpenSegurError

_MAX_PATH: Final = 5
_MIN_RSA: Final = 2048
_HASHES: Final = frozenset({"sha256", "sha384", "sha512"})
_PROCESSED: Final = (x509.BasicConstraints, x509.KeyUsage, x509.ExtendedKeyUsage, x509.SubjectAlternativeName)


class CertificatRefuse(OpenSegurError):
    """A certificate that must not be believed.

    Codes: CERT_CHAINE, CERT_EXPIRE, CERT_PAS_ENCORE, CERT_FAIBLE, CERT_EXTENSION, CERT_REVOQUE.
    """


@dataclass(frozen=True, slots=True)
class Autorites:
    """Whom one believes: ``ancres`` for themselves, ``intermediaires`` only under them."""

    ancres: tuple[x509.Certificate, ...]
    intermediaires: tuple[x509.Certificate, ...] = ()


def load_authorities(path: Path) -> Autorites:
    """The roots of a PEM file as anchors and its other certificates under them; all are anchors when none is a root.

    Raises ``ConfigurationError`` TLS_ANCRES.
    """
    try:
        found = tuple(x509.load_pem_x509_certificates(path.read_bytes()))
    except (OSError, ValueError, UnsupportedAlgorithm) as error:
        raise ConfigurationError(
            "TLS_ANCRES",
            "Le fichier des autorités de confiance est introuvable ou illisible.",
            conseil="Donnez un fichier PEM qui contient les certificats racines.",
            detail=path.name,
        ) from error
    roots = tuple(each for each in found if each.subject == each.issuer)
    return Autorites(roots, tuple(each for each in found if each not in roots)) if roots else Autorites(found)


def check_chain(
    certificate: x509.Certificate, autorites: Autorites, moment: datetime
) -> tuple[x509.Certificate, ...]:
    """The path from ``certificate`` to an anchor, each of them believable at ``moment``, ends included.

    Raises ``CertificatRefuse``.
    """
    _check_dates(certificate, moment)
    _check_shape(certificate)
    found = _path(certificate, autorites, moment, 0)
    if found is None:
        raise CertificatRefuse(
            "CERT_CHAINE",
            "Ce certificat n’est pas émis par une autorité reconnue ici.",
            conseil="Vérifiez que les autorités configurées sont celles de ce certificat (test, ou production).",
            detail=certificate.issuer.rfc4514_string(),
        )
    return (certificate, *found)


def _path(
    certificate: x509.Certificate, autorites: Autorites, moment: datetime, below: int
) -> tuple[x509.Certificate, ...] | None:
    """The authorities above ``certificate``; ``below`` counts those under the next one, for its path length."""
    for anchor in autorites.ancres:
        if _issued(certificate, anchor) and _is_authority(anchor, moment, below):
            return (anchor,)
    if below + 1 >= _MAX_PATH:
        return None
    for issuer in autorites.intermediaires:
        if issuer != certificate and _issued(certificate, issuer) and _is_authority(issuer, moment, below):
            above = _path(issuer, autorites, moment, below + 1)
            if above is not None:
                return (issuer, *above)
    return None


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    algorithm = certificate.signature_hash_algorithm
    if algorithm is not None and algorithm.name not in _HASHES:
        return False
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _is_authority(certificate: x509.Certificate, moment: datetime, below: int) -> bool:
    if not time_left(certificate, moment).niveau.valable:
        return False
    try:
        _check_shape(certificate)
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
    except (CertificatRefuse, x509.ExtensionNotFound):
        return False
    if not constraints.ca or (constraints.path_length is not None and below > constraints.path_length):
        return False
    try:
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign
    except x509.ExtensionNotFound:
        return True


def _check_dates(certificate: x509.Certificate, moment: datetime) -> None:
    found = time_left(certificate, moment)
    if found.niveau is Niveau.PAS_ENCORE:
        raise CertificatRefuse(
            "CERT_PAS_ENCORE",
            f"Le certificat n’est pas encore valable. {found.phrase}",
            conseil="Vérifiez la date et l’heure de cet ordinateur.",
        )
    if found.niveau is Niveau.EXPIRE:
        raise CertificatRefuse(
            "CERT_EXPIRE",
            f"Le certificat n’est plus valable. {found.phrase}",
            conseil="Demandez son renouvellement, ou une nouvelle carte.",
        )


def _check_shape(certificate: x509.Certificate) -> None:
    """A key of a decent size, and no critical extension that we would pass over (RFC 5280 §4.2)."""
    try:
        public, extensions = certificate.public_key(), certificate.extensions
    except (ValueError, UnsupportedAlgorithm, x509.DuplicateExtension) as error:
        raise CertificatRefuse(
            "CERT_EXTENSION", "Ce certificat est illisible.", detail=type(error).__name__
        ) from error
    if isinstance(public, rsa.RSAPublicKey) and public.key_size < _MIN_RSA:
        raise CertificatRefuse("CERT_FAIBLE", "La clé de ce certificat est trop courte.", detail=str(public.key_size))
    for extension in extensions:
        if extension.critical and not isinstance(extension.value, (*_PROCESSED, x509.CertificatePolicies)):
            raise CertificatRefuse(
                "CERT_EXTENSION",
                "Ce certificat porte une contrainte que ce logiciel ne sait pas appliquer.",
                conseil="Signalez-le à l’éditeur.",
                detail=extension.oid.dotted_string,
            )
