"""The certificate under which the practice is served: the one that was given, or our own authority's.

Both are looked at again while the server works (``refresh``): a new one serves the next connections.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from opensegur.cabinet.reseau.autorite import open_authority
from opensegur.cabinet.reseau.fichiers import write_certificates, write_key
from opensegur.cabinet.reseau.machine import LOOPBACK, Adresse, Machine
from opensegur.foundation.certificates import check_period
from opensegur.foundation.errors import ConfigurationError

_AVANT = timedelta(days=30)


class Certificat(Protocol):
    """``hotes``: the names and addresses for which it is good, the one to give people first."""

    @property
    def hotes(self) -> tuple[str, ...]: ...

    @property
    def contexte(self) -> ssl.SSLContext: ...

    def refresh(self, now: datetime) -> bool:
        """Take what has changed; say whether something has. Raises ``ConfigurationError``, and keeps what it had."""
        ...


@dataclass
class CertificatDonne:
    """Files of the administrator's own. Raises ``ConfigurationError`` (SERVEUR_CERTIFICAT, SERVEUR_CLE…)."""

    certificat: Path
    cle: Path
    now: datetime
    noms: tuple[str, ...] = ()
    hotes: tuple[str, ...] = field(init=False, default=())
    contexte: ssl.SSLContext = field(init=False)
    _vu: bytes = field(init=False, default=b"")

    def __post_init__(self) -> None:
        self.contexte = _server_context()
        self.refresh(self.now)

    def refresh(self, now: datetime) -> bool:
        leaf, seen = check_pair(self.certificat, self.cle, now)
        if seen == self._vu:
            return False
        hosts = _hosts_of(leaf, self.noms)
        _load(self.contexte, self.certificat, self.cle)
        self.hotes, self._vu = hosts, seen
        return True


@dataclass
class CertificatPropre:
    """Under the authority in ``dossier``, for ``noms`` and for what the machine is now.

    Raises ``ConfigurationError``.
    """

    dossier: Path
    machine: Callable[[], Machine]
    now: datetime
    noms: tuple[str, ...] = ()
    hotes: tuple[str, ...] = field(init=False, default=())
    contexte: ssl.SSLContext = field(init=False)

    def __post_init__(self) -> None:
        self.contexte = _server_context()
        self._paire = (self.dossier / "serveur.pem", self.dossier / "serveur.cle.pem")
        if not self.refresh(self.now):
            _load(self.contexte, *self._paire)

    def refresh(self, now: datetime) -> bool:
        machine = self.machine()
        authority = open_authority(self.dossier, machine, self.noms, now)
        names, addresses = self._wanted(authority.admits, machine)
        self.hotes = (*names, *(str(each) for each in addresses))
        if self._still_good(authority.certificat, set(self.hotes), now):
            return False
        certificate, key = authority.issue(names, addresses, now)
        write_key(self._paire[1], key)
        write_certificates(self._paire[0], [certificate])
        _load(self.contexte, *self._paire)
        return True

    def _wanted(
        self, admits: Callable[[str | Adresse], bool], machine: Machine
    ) -> tuple[tuple[str, ...], tuple[Adresse, ...]]:
        for name in self.noms:
            if not admits(name):
                raise ConfigurationError(
                    "AUTORITE_NOM",
                    f"L’autorité du cabinet n’a pas été faite pour le nom « {name} ».",
                    conseil="Donnez un certificat de ce nom (--certificat, --cle) ; ou retirez le dossier « tls » : "
                    "une autre autorité sera faite, à installer sur chaque poste.",
                )
        names = (*self.noms, *machine.noms, "localhost")
        addresses = (*machine.adresses, *LOOPBACK)
        return (
            tuple(dict.fromkeys(name for name in names if admits(name))),
            tuple(dict.fromkeys(each for each in addresses if admits(each))),
        )

    def _still_good(self, authority: x509.Certificate, wanted: set[str], now: datetime) -> bool:
        try:
            leaf, _ = check_pair(*self._paire, now)
            leaf.verify_directly_issued_by(authority)
        except (ConfigurationError, ValueError, TypeError) as error:
            return isinstance(error, ConfigurationError) and error.code == "CERT_NOT_YET"
        end = min(leaf.not_valid_after_utc, authority.not_valid_after_utc)
        last = leaf.not_valid_after_utc == authority.not_valid_after_utc
        return wanted <= set(_names_of(leaf)) and (last or end - now > _AVANT)


def check_pair(certificate: Path, key: Path, now: datetime) -> tuple[x509.Certificate, bytes]:
    """The first certificate of the file, and both files' bytes. Raises ``ConfigurationError``."""
    pem, secret = _read(certificate, "certificat"), _read(key, "clé")
    try:
        leaf = x509.load_pem_x509_certificates(pem)[0]
    except ValueError as error:
        raise ConfigurationError(
            "SERVEUR_CERTIFICAT",
            f"« {certificate.name} » n’est pas un certificat PEM.",
            conseil="Donnez le fichier PEM qui contient le certificat du serveur, puis ceux de ses autorités.",
        ) from error
    try:
        private = load_pem_private_key(secret, None)
    except (ValueError, TypeError) as error:
        raise ConfigurationError(
            "SERVEUR_CLE",
            f"La clé « {key.name} » est illisible, ou protégée par un mot de passe.",
            conseil="Donnez la clé PEM sans mot de passe, lisible du seul compte qui sert le cabinet.",
        ) from error
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if private.public_key().public_bytes(*form) != leaf.public_key().public_bytes(*form):
        raise ConfigurationError(
            "SERVEUR_PAIRE",
            f"La clé « {key.name} » n’est pas celle du certificat « {certificate.name} ».",
            conseil="Donnez les deux fichiers de la même demande ; le certificat du serveur vient en premier.",
        )
    check_period(leaf, now)
    return leaf, pem + secret


def _hosts_of(leaf: x509.Certificate, names: tuple[str, ...]) -> tuple[str, ...]:
    good = _names_of(leaf)
    for name in names:
        if name not in good and f"*.{name.partition('.')[2]}" not in good:
            raise ConfigurationError(
                "SERVEUR_NOM",
                f"Le certificat n’est pas fait pour « {name} ».",
                conseil=f"Il vaut pour : {', '.join(good) or 'aucun nom'}.",
            )
    found = tuple(dict.fromkeys((*names, *(name for name in good if not name.startswith("*")))))
    if not found:
        raise ConfigurationError(
            "SERVEUR_NOM",
            "Le certificat ne dit pas sous quel nom précis le cabinet est servi.",
            conseil="Donnez ce nom avec --nom.",
            detail=", ".join(good),
        )
    return found


def _names_of(leaf: x509.Certificate) -> tuple[str, ...]:
    try:
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    dns = names.get_values_for_type(x509.DNSName)
    return (*(name.lower() for name in dns), *(str(each) for each in names.get_values_for_type(x509.IPAddress)))


def _server_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _load(context: ssl.SSLContext, certificate: Path, key: Path) -> None:
    try:
        context.load_cert_chain(certificate, key)
    except (OSError, ValueError) as error:
        raise ConfigurationError(
            "SERVEUR_CERTIFICAT",
            "Le certificat du serveur ou sa clé n’est pas utilisable.",
            conseil="Demandez un certificat RSA d’au moins 2048 bits, ou ECDSA P-256.",
            detail=str(getattr(error, "reason", None) or type(error).__name__),
        ) from error


def _read(path: Path, what: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            "SERVEUR_FICHIER",
            f"Le fichier « {path.name} » ({what} du serveur) est introuvable ou interdit en lecture.",
            conseil="Vérifiez le chemin, et les droits du compte qui sert le cabinet.",
            detail=str(path),
        ) from error
