"""Certificates with their private keys in software, behind the ``Signer`` port."""

from __future__ import annotations

from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates

from opensegur.foundation.distinguished_names import format_dn, issuer_dn, same_dn, subject_dn
from opensegur.foundation.errors import ConfigurationError
from opensegur.foundation.ports import HashName

__all__ = ["SoftwareSigner", "check_period", "format_dn", "issuer_dn", "load_certificate", "same_dn", "subject_dn"]

_HASHES: dict[HashName, hashes.HashAlgorithm] = {"sha1": hashes.SHA1(), "sha256": hashes.SHA256()}  # noqa: S303 - the national signatures name it # nosec B303
_MIN_KEY_SIZE = 2048


class SoftwareSigner:
    """A ``Signer`` whose RSA key is in memory. The key is read once, never per signature."""

    def __init__(self, certificate: x509.Certificate, private_key: rsa.RSAPrivateKey) -> None:
        if certificate.public_key() != private_key.public_key():
            raise ConfigurationError(
                "CERT_KEY_MISMATCH",
                "La clé privée n’est pas celle du certificat.",
                conseil="Vérifiez que les deux fichiers viennent de la même demande de certificat.",
            )
        if private_key.key_size < _MIN_KEY_SIZE:
            raise ConfigurationError(
                "CERT_KEY_SIZE",
                "La clé privée est trop courte.",
                conseil=f"Demandez un certificat dont la clé RSA a au moins {_MIN_KEY_SIZE} bits.",
            )
        self._certificate = certificate
        self._private_key = private_key

    @classmethod
    def from_pem(cls, certificate: bytes, key: bytes, password: str | bytes | None = None) -> SoftwareSigner:
        """Read a PEM certificate (the first, when a chain follows) and its PEM private key.

        Raises ``ConfigurationError`` CERT_UNREADABLE, CERT_PASSWORD, CERT_KEY_TYPE, CERT_KEY_SIZE or
        CERT_KEY_MISMATCH.
        """
        loaded = load_certificate(certificate)
        try:
            private_key = load_pem_private_key(key, _secret(password))
        except TypeError as error:  # a password is missing, or one is given for a key in clear
            raise _wrong_password() from error
        except ValueError as error:
            raise (_wrong_password() if password else _unreadable("private key")) from error
        except UnsupportedAlgorithm as error:
            raise _unreadable("private key") from error
        return cls(loaded, _as_rsa(private_key))

    @classmethod
    def from_pkcs12(cls, data: bytes, password: str | bytes | None = None) -> SoftwareSigner:
        """Read a PKCS#12 file (``.p12``, ``.pfx``), as the IGC-Santé delivers them. Raises as ``from_pem``."""
        try:
            private_key, certificate, _ = load_key_and_certificates(data, _secret(password))
        except ValueError as error:
            raise _wrong_password() from error
        except UnsupportedAlgorithm as error:
            raise _unreadable("PKCS#12") from error
        if certificate is None or private_key is None:
            raise _unreadable("PKCS#12 without a key and its certificate")
        return cls(certificate, _as_rsa(private_key))

    @property
    def certificate(self) -> x509.Certificate:
        return self._certificate

    def sign(self, data: bytes, hash_name: HashName = "sha256") -> bytes:
        return self._private_key.sign(data, padding.PKCS1v15(), _HASHES[hash_name])


def load_certificate(data: bytes) -> x509.Certificate:
    """Read one certificate, PEM or DER. Raises ``ConfigurationError`` CERT_UNREADABLE."""
    try:
        if b"-----BEGIN" in data:
            return x509.load_pem_x509_certificates(data)[0]
        return x509.load_der_x509_certificate(data)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _unreadable("certificate") from error


def check_period(certificate: x509.Certificate, moment: datetime) -> None:
    """Raise ``ConfigurationError`` CERT_NOT_YET or CERT_EXPIRED when ``moment`` is outside the period of validity."""
    if moment < certificate.not_valid_before_utc:
        raise ConfigurationError(
            "CERT_NOT_YET",
            "Le certificat n’est pas encore valable.",
            conseil="Vérifiez la date et l’heure de cet ordinateur.",
        )
    if moment > certificate.not_valid_after_utc:
        raise ConfigurationError(
            "CERT_EXPIRED",
            f"Le certificat est expiré depuis le {certificate.not_valid_after_utc:%d/%m/%Y}.",
            conseil="Demandez son renouvellement, puis remplacez le fichier dans la configuration.",
        )


def _secret(password: str | bytes | None) -> bytes | None:
    return password.encode() if isinstance(password, str) else password


def _as_rsa(key: object) -> rsa.RSAPrivateKey:
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ConfigurationError(
            "CERT_KEY_TYPE",
            "La clé privée n’est pas une clé RSA.",
            conseil="Les services nationaux demandent un certificat RSA de l’IGC-Santé.",
            detail=type(key).__name__,
        )
    return key


def _wrong_password() -> ConfigurationError:
    return ConfigurationError(
        "CERT_PASSWORD",
        "Le mot de passe de la clé privée est absent ou faux, ou le fichier est abîmé.",
        conseil="Donnez le mot de passe reçu avec le certificat.",
    )


def _unreadable(what: str) -> ConfigurationError:
    return ConfigurationError(
        "CERT_UNREADABLE",
        "Le certificat ou sa clé est illisible.",
        conseil="Donnez un fichier PEM, DER ou PKCS#12 complet.",
        detail=what,
    )
