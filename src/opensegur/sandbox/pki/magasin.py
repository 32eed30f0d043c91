"""The authorities and certificates of the sandbox in files, made at the first start and read afterwards.

``racine.pem`` is what a client trusts; ``clients/<identifiant>/<usage>.pem`` and ``<usage>.cle.pem`` are what it
presents. Keys are in clear: they open nothing but the sandbox.
"""

from __future__ import annotations

import ipaddress
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from opensegur.foundation.errors import ConfigurationError
from opensegur.sandbox.pki.confiance import Confiance
from opensegur.sandbox.pki.gabarits import (
    Autorite,
    Publication,
    Revoque,
    Usage,
    authority_name,
    card_name,
    issue,
    issue_authority,
    revocation_list,
    structure_name,
)
from opensegur.sandbox.population.acteurs import PROFESSIONNELS, STRUCTURES, TITRES

ROOT_NAME: Final = "AC SANDBOX OPENSEGUR RACINE"
ORGANISATIONS_NAME: Final = "TEST AC IGC-SANTE ELEMENTAIRE ORGANISATIONS"
PERSONS_NAME: Final = "TEST AC IGC-SANTE FORT PERSONNES"
ORGANISATIONS: Final = "organisations"
PERSONNES: Final = "personnes"
AUTORITES: Final = {ORGANISATIONS: ORGANISATIONS_NAME, PERSONNES: PERSONS_NAME}
ESSAIS: Final = "essais"
_AUTHORITY_DAYS = 3650
_DAYS = 1095
_CPS = 0  # TRE_G02
_AUTHORITIES = "autorites"
_RENEW_BEFORE = timedelta(days=90)
_DONE = "complet-2"  # with the keys of the authorities, without which nothing is revoked


@dataclass(frozen=True, slots=True)
class Paire:
    """A certificate and its key, as PEM files; the certificate is followed by its authority's."""

    certificat: Path
    cle: Path


@dataclass(frozen=True, slots=True)
class Pki:
    """What the folder holds. ``insi``, ``dmp_auth``, ``dmp_sign`` give the pairs of one structure by Struct_IdNat."""

    folder: Path
    confiance: Confiance

    @property
    def racine(self) -> Path:
        return self.folder / "racine.pem"

    @property
    def ancres(self) -> Path:
        """The root and the intermediates: what the server verifies clients against."""
        return self.folder / "ancres.pem"

    @property
    def serveur(self) -> Paire:
        return _pair(self.folder / "serveur", "localhost")

    def insi(self, structure: str) -> Paire:
        return self.client(structure, "insi")

    def dmp_auth(self, structure: str) -> Paire:
        return self.client(structure, "dmp-auth")

    def dmp_sign(self, structure: str) -> Paire:
        return self.client(structure, "dmp-sign")

    def autorite(self, nom: str, http_url: str) -> Autorite:
        """One of ``AUTORITES`` with its key, publishing at ``http_url``. Raises ``ConfigurationError``."""
        pair = _pair(self.folder / _AUTHORITIES, nom)
        try:
            key = load_pem_private_key(pair.cle.read_bytes(), None)
            certificate = x509.load_pem_x509_certificates(pair.certificat.read_bytes())[0]
        except (OSError, ValueError) as error:
            raise ConfigurationError(
                "SANDBOX_PKI",
                "La clé d’une autorité du bac à sable est illisible.",
                conseil="Effacez le dossier pki de ses données, puis démarrez-le de nouveau.",
                detail=nom,
            ) from error
        assert isinstance(key, rsa.RSAPrivateKey)
        return Autorite(certificate, key, publication_of(nom, http_url))

    def initially_revoked(self) -> tuple[Revoque, ...]:
        """What was revoked when the authorities were made."""
        crl = x509.load_pem_x509_crl((self.folder / "revocations.pem").read_bytes())
        return tuple(
            Revoque(each.serial_number, each.revocation_date_utc, x509.ReasonFlags.superseded) for each in crl
        )

    def issued(self) -> Iterator[tuple[str, str, x509.Certificate]]:
        """The certificates of the clients: whose folder, which usage, and the certificate."""
        for path in sorted((self.folder / "clients").glob("*/*.pem")):
            if not path.name.endswith(".cle.pem"):
                yield path.parent.name, path.stem, x509.load_pem_x509_certificates(path.read_bytes())[0]

    def client(self, identifiant: str, usage: str) -> Paire:
        """One pair by its folder and its name.

        Those of a structure are insi, dmp-auth and dmp-sign, of a professional cps-auth and cps-sign, of ``ESSAIS``
        expire, revoque and autre-cn. Raises ``ConfigurationError``.
        """
        pair = _pair(self.folder / "clients" / identifiant, usage)
        if not pair.certificat.is_file():
            raise ConfigurationError(
                "SANDBOX_CERTIFICAT",
                "Le bac à sable n’a pas de certificat de ce nom.",
                conseil="Regardez dans le dossier pki/clients de ses données.",
                detail=f"{identifiant}/{usage}",
            )
        return pair


def publication_of(autorite: str, http_url: str) -> Publication:
    """Where the authority publishes in a sandbox that answers at ``http_url``."""
    return Publication(
        lcr=f"{http_url}/igc/lcr/{autorite}.crl",
        ocsp=f"{http_url}/igc/ocsp/{autorite}",
        certificat=f"{http_url}/igc/autorites/{autorite}.cer",
    )


def open_pki(folder: Path, http_url: str = "") -> Pki:
    """Read the authorities of ``folder``; make them first when they are absent, incomplete or about to expire.

    What is made then says where its authority publishes, when ``http_url`` is known. Raises ``ConfigurationError``.
    """
    try:
        if not _is_usable(folder):
            shutil.rmtree(folder, ignore_errors=True)
            _make(folder, datetime.now(UTC).replace(microsecond=0), http_url)
        authorities = tuple(x509.load_pem_x509_certificates((folder / "ancres.pem").read_bytes()))
        revoked = x509.load_pem_x509_crl((folder / "revocations.pem").read_bytes())
    except (OSError, ValueError) as error:
        raise ConfigurationError(
            "SANDBOX_PKI",
            "Les certificats du bac à sable ne peuvent être ni lus ni créés.",
            conseil="Vérifiez les droits sur son dossier de données, ou effacez-y le dossier pki.",
            detail=f"{type(error).__name__}: {folder.name}",
        ) from error
    return Pki(folder, Confiance(authorities, frozenset(item.serial_number for item in revoked)))


def _is_usable(folder: Path) -> bool:
    if not (folder / _DONE).is_file():
        return False
    try:
        server = x509.load_pem_x509_certificates((folder / "serveur" / "localhost.pem").read_bytes())[0]
    except (OSError, ValueError):
        return False
    return server.not_valid_after_utc - _RENEW_BEFORE > datetime.now(UTC)


def _make(folder: Path, now: datetime, http_url: str) -> None:
    start = now - timedelta(days=1)
    root = issue_authority(ROOT_NAME, None, start, _AUTHORITY_DAYS)
    organisations, persons = (
        replace(
            issue_authority(name, root, start, _AUTHORITY_DAYS),
            publication=publication_of(autorite, http_url) if http_url else None,
        )
        for autorite, name in AUTORITES.items()
    )
    _write_pair(folder / _AUTHORITIES, ORGANISATIONS, root, (organisations.certificat, organisations.cle))
    _write_pair(folder / _AUTHORITIES, PERSONNES, root, (persons.certificat, persons.cle))
    _write(folder / "racine.pem", root.certificat)
    _write(folder / "ancres.pem", root.certificat, organisations.certificat, persons.certificat)
    _write_pair(
        folder / "serveur",
        "localhost",
        organisations,
        issue(
            authority_name("localhost"),
            Usage.SERVEUR,
            replace(organisations, publication=None),
            start,
            _DAYS,
            names=(
                x509.DNSName("localhost"),
                x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
                x509.IPAddress(ipaddress.ip_address("::1")),
            ),
        ),
    )
    clients = folder / "clients"
    for identifiant, usage, authority, made in _clients(organisations, persons, start):
        _write_pair(clients / identifiant, usage, authority, made)
    _make_tests(folder, organisations, start)
    (folder / _DONE).write_text(f"{now:%Y-%m-%d}\n", encoding="utf-8")


def _clients(
    organisations: Autorite, persons: Autorite, start: datetime
) -> Iterator[tuple[str, str, Autorite, tuple[x509.Certificate, rsa.RSAPrivateKey]]]:
    for structure in STRUCTURES:
        for usage, kind, common_name in (
            ("insi", Usage.AUTHENTIFICATION, "INSI-MANU"),
            ("dmp-auth", Usage.AUTHENTIFICATION, "DMP AUTH_CLI"),
            ("dmp-sign", Usage.SIGNATURE, "DMP SIGN"),
        ):
            subject = structure_name(structure, common_name)
            yield structure.id_nat, usage, organisations, issue(subject, kind, organisations, start, _DAYS)
    for person in PROFESSIONNELS:
        if person.rpps:
            subject = card_name(person, TITRES[person.profession])
            for usage, kind in (("cps-auth", Usage.AUTHENTIFICATION), ("cps-sign", Usage.SIGNATURE)):
                yield person.id_nat, usage, persons, issue(subject, kind, persons, start, _DAYS, card=_CPS)


def _make_tests(folder: Path, authority: Autorite, start: datetime) -> None:
    """Certificates that are to be refused: expired, revoked, with another CN than INSi's."""
    structure, tests = STRUCTURES[0], folder / "clients" / ESSAIS
    good = structure_name(structure, "INSI-MANU")
    expired = issue(good, Usage.AUTHENTIFICATION, authority, start - timedelta(days=400), 365)
    revoked = issue(good, Usage.AUTHENTIFICATION, authority, start, _DAYS)
    other = issue(structure_name(structure, "INSI-AUTRE"), Usage.AUTHENTIFICATION, authority, start, _DAYS)
    for usage, made in (("expire", expired), ("revoque", revoked), ("autre-cn", other)):
        _write_pair(tests, usage, authority, made)
    line = Revoque(revoked[0].serial_number, start, x509.ReasonFlags.superseded)
    crl = revocation_list(authority, (line,), start, timedelta(days=_DAYS))
    (folder / "revocations.pem").write_bytes(crl.public_bytes(Encoding.PEM))


def _write_pair(
    folder: Path, name: str, authority: Autorite, made: tuple[x509.Certificate, rsa.RSAPrivateKey]
) -> None:
    certificate, key = made
    pair = _pair(folder, name)
    _write(pair.certificat, certificate, authority.certificat)
    pair.cle.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def _write(path: Path, *certificates: x509.Certificate) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(certificate.public_bytes(Encoding.PEM) for certificate in certificates))


def _pair(folder: Path, name: str) -> Paire:
    return Paire(folder / f"{name}.pem", folder / f"{name}.cle.pem")
