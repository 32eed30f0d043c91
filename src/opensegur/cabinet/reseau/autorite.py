"""The installation's own certificate authority: made once, and only good for names of a local network.

Name constraints (RFC 5280 §4.2.1.10) keep it there: whoever stole its key could not pass for a site of the Internet
before the workstations that trust it.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from opensegur.cabinet.reseau.fichiers import write_certificates, write_key
from opensegur.cabinet.reseau.machine import Adresse, Machine
from opensegur.foundation.errors import ConfigurationError

_DUREE = timedelta(days=3650)
# beyond 398 days Apple's systems refuse a server
_DUREE_SERVEUR = timedelta(days=397)
_DOMAINES = ("localhost", "local", "lan", "home", "internal", "home.arpa")
_RESEAUX = (
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8",
    "fc00::/7", "fe80::/10", "::1/128",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Autorite:
    """A certificate and its key."""

    certificat: x509.Certificate
    cle: ec.EllipticCurvePrivateKey

    @property
    def empreinte(self) -> str:
        """What a person compares on both screens."""
        digest = self.certificat.fingerprint(hashes.SHA256()).hex().upper()
        return ":".join(digest[start : start + 2] for start in range(0, len(digest), 2))

    def admits(self, name: str | Adresse) -> bool:
        """Whether its constraints let it vouch for ``name``."""
        constraints = self.certificat.extensions.get_extension_for_class(x509.NameConstraints).value
        return any(_within(name, allowed) for allowed in constraints.permitted_subtrees or ())

    def issue(
        self, names: Iterable[str], addresses: Iterable[Adresse], now: datetime
    ) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
        """A server's certificate with its new key."""
        key, named = _new_key(), [*names]
        alternatives: list[x509.GeneralName] = [x509.DNSName(name) for name in named]
        alternatives += [x509.IPAddress(address) for address in addresses]
        end = min(now + _DUREE_SERVEUR, self.certificat.not_valid_after_utc)
        # an hour before: the clock of a workstation is often late
        builder = _builder(_name(named[0][:64]), self.certificat.subject, key, now - timedelta(hours=1), end)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(_usage(authority=False), critical=True)
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        builder = builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(self.cle.public_key()), critical=False
        )
        return builder.sign(self.cle, hashes.SHA256()), key


def open_authority(folder: Path, machine: Machine, names: Iterable[str], now: datetime) -> Autorite:
    """The one of ``folder``, made at the first call for ``machine`` and ``names``. Raises ``ConfigurationError``."""
    certificate, key = folder / "autorite.pem", folder / "autorite.cle.pem"
    if not certificate.exists() and not key.exists():
        made = _make((*names, *machine.noms), now)
        write_key(key, made.cle)
        write_certificates(certificate, [made.certificat])
    return read_authority(folder)


def read_authority(folder: Path) -> Autorite:
    """Raises ``ConfigurationError`` AUTORITE_ABSENTE, AUTORITE_ILLISIBLE."""
    if not folder.is_dir():
        raise ConfigurationError(
            "AUTORITE_ABSENTE",
            "Ce cabinet n’a pas d’autorité à lui.",
            conseil="Elle est faite au premier « opensegur serve » sans certificat fourni.",
        )
    try:
        certificate = x509.load_pem_x509_certificate((folder / "autorite.pem").read_bytes())
        key = load_pem_private_key((folder / "autorite.cle.pem").read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise _unreadable(type(error).__name__) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        raise _unreadable("key of another certificate")
    return Autorite(certificate, key)


def _make(names: Iterable[str], now: datetime) -> Autorite:
    key, named = _new_key(), [*dict.fromkeys((*names, *_DOMAINES))]
    subject = _name(f"OpenSégur, autorité de {named[0]}"[:64])
    permitted: list[x509.GeneralName] = [x509.DNSName(name) for name in named]
    permitted += [x509.IPAddress(ipaddress.ip_network(network)) for network in _RESEAUX]
    builder = _builder(subject, subject, key, now - timedelta(hours=1), now + _DUREE)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(authority=True), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    builder = builder.add_extension(x509.NameConstraints(permitted, None), critical=True)
    return Autorite(builder.sign(key, hashes.SHA256()), key)


def _within(name: str | Adresse, allowed: x509.GeneralName) -> bool:
    if isinstance(name, str):
        return isinstance(allowed, x509.DNSName) and f".{name}".endswith(f".{allowed.value}")
    return isinstance(allowed, x509.IPAddress) and name in allowed.value  # type: ignore[operator]


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, begin: datetime, end: datetime
) -> x509.CertificateBuilder:
    return x509.CertificateBuilder(
        subject_name=subject,
        issuer_name=issuer,
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=begin,
        not_valid_after=end,
    ).add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _unreadable(detail: str) -> ConfigurationError:
    return ConfigurationError(
        "AUTORITE_ILLISIBLE",
        "L’autorité de certification du cabinet est absente ou abîmée.",
        conseil="Reprenez le dossier « tls » d’une sauvegarde ; ou retirez-le : une autre sera faite, à installer de "
        "nouveau sur chaque poste.",
        detail=detail,
    )
