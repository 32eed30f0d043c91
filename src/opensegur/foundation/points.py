"""Where the national services are, what an installation presents to them, and the fence around production."""

from __future__ import annotations

import ipaddress
import uuid
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from opensegur.foundation.errors import ConfigurationError, InvalidValue
from opensegur.foundation.identifiers import check_oid

OIDS_DE_TEST = frozenset({"1.2.250.1.213.1.4.10", "1.2.250.1.213.1.4.11"})
"""The matricule's authorities of test (NIR-TEST) and of demonstration (NIR-DEMO)."""

_NATIONAL_HOSTS = ("ameli.fr", "gouv.fr")


class Profil(StrEnum):
    """What an installation works for. Only ``PRODUCTION`` may hold real patients."""

    BAC_A_SABLE = "bac-a-sable"
    TEST = "test"
    PRODUCTION = "production"


@dataclass(frozen=True, slots=True)
class Lps:
    """The software as the services know it.

    ``oid`` identifies the installation, ``instance`` is its UUID (INSi), ``idam`` the authorisation number of the
    CNDA (INSi) and ``homologation`` the DMP's one.
    """

    nom: str
    version: str
    oid: str
    instance: str = ""
    idam: str = ""
    homologation: str = ""

    def __post_init__(self) -> None:
        if not self.nom.strip() or not self.version.strip():
            raise InvalidValue("LPS_NOM", "Le logiciel n’a pas de nom ou pas de version.")
        check_oid(self.oid)
        if self.instance:
            try:
                uuid.UUID(self.instance)
            except ValueError as error:
                raise InvalidValue(
                    "LPS_INSTANCE",
                    "L’identifiant de l’instance n’est pas un UUID.",
                    conseil="Il s’écrit comme 123e4567-e89b-12d3-a456-426614174000.",
                ) from error


@dataclass(frozen=True, slots=True)
class PointInsi:
    """The INSi teleservice, reached with a software certificate. ``ancres`` is a PEM file of trusted roots."""

    url: str
    certificat: Path
    cle: Path
    ancres: Path
    mot_de_passe: str = field(default="", repr=False)
    mot_de_passe_fichier: Path | None = None

    def __post_init__(self) -> None:
        check_url("insi.url", self.url)


@dataclass(frozen=True, slots=True)
class PointApcv:
    """The appli carte Vitale service, reached with a certificate of the structure."""

    url: str
    certificat: Path
    cle: Path
    ancres: Path
    mot_de_passe: str = field(default="", repr=False)
    mot_de_passe_fichier: Path | None = None

    def __post_init__(self) -> None:
        check_url("apcv.url", self.url)


@dataclass(frozen=True, slots=True)
class PointVitale:
    """The virtual reader of cartes Vitale: ``cartes`` is the folder of its cards. Never in production."""

    cartes: Path


@dataclass(frozen=True, slots=True)
class PointCarte:
    """Coming in with a card of professional: ``ancres`` is a PEM file of the authorities that issue them."""

    ancres: Path


@dataclass(frozen=True, slots=True)
class PointDmp:
    """The DMP: ``url`` is the base of its services; authentication and signature have one certificate each."""

    url: str
    certificat: Path
    cle: Path
    certificat_signature: Path
    cle_signature: Path
    ancres: Path
    mot_de_passe: str = field(default="", repr=False)
    mot_de_passe_fichier: Path | None = None
    mot_de_passe_signature: str = field(default="", repr=False)
    mot_de_passe_signature_fichier: Path | None = None

    def __post_init__(self) -> None:
        check_url("dmp.url", self.url)
        if self.certificat == self.certificat_signature:
            raise ConfigurationError(
                "CONFIG_DMP_CERTIFICATS",
                "Le certificat d’authentification et celui de signature du DMP sont le même fichier.",
                conseil="Donnez dans [dmp] le certificat ORG AUTH_CLI (certificat) et le certificat ORG SIGN "
                "(certificat_signature).",
            )


@dataclass(frozen=True, slots=True)
class PointPsc:
    """Pro Santé Connect: ``decouverte`` is the address of its OpenID configuration document.

    The client proves itself with ``client_secret`` or, when ``certificat`` is given, by mutual TLS.
    """

    decouverte: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    client_secret_fichier: Path | None = None
    redirection: str = ""
    ancres: Path | None = None
    certificat: Path | None = None
    cle: Path | None = None
    mot_de_passe: str = field(default="", repr=False)
    mot_de_passe_fichier: Path | None = None

    def __post_init__(self) -> None:
        check_url("psc.decouverte", self.decouverte)
        if self.redirection:
            check_url("psc.redirection", self.redirection)
        if (self.certificat is None) != (self.cle is None):
            raise missing("psc.cle" if self.cle is None else "psc.certificat")


def check_url(key: str, url: str) -> None:
    """Raise ``ConfigurationError`` CONFIG_URL unless ``url`` is https, or http on this very machine."""
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and not parts.username and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable or not (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(url))):
        raise ConfigurationError(
            "CONFIG_URL",
            f"L’adresse « {key} » n’est pas valable.",
            conseil="Elle commence par https:// (http:// n’est admis que pour cet ordinateur même).",
        )


def is_loopback(url: str) -> bool:
    """Whether ``url`` names this very machine."""
    host = (urlsplit(url).hostname or "").rstrip(".").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def check_fence(profil: Profil, key: str, url: str) -> None:
    """Keep the profiles apart: production never speaks to this machine, the sandbox never to a national service.

    Raises ``ConfigurationError`` CONFIG_CLOISON.
    """
    host = (urlsplit(url).hostname or "").rstrip(".").lower()
    if profil is Profil.PRODUCTION and is_loopback(url):
        raise ConfigurationError(
            "CONFIG_CLOISON",
            f"Le profil « production » ne peut pas utiliser l’adresse locale donnée par « {key} ».",
            conseil="Donnez l’adresse du service national, ou choisissez le profil « bac-a-sable ».",
        )
    if profil is Profil.BAC_A_SABLE and any(host == name or host.endswith(f".{name}") for name in _NATIONAL_HOSTS):
        raise ConfigurationError(
            "CONFIG_CLOISON",
            f"Le profil « bac-a-sable » ne peut pas utiliser le service national donné par « {key} ».",
            conseil="Donnez l’adresse du bac à sable, ou choisissez le profil « test » ou « production ».",
        )


def check_matricule_oid(profil: Profil, oid: str) -> None:
    """Raise ``InvalidValue`` INS_OID_DE_TEST when a matricule of test or demonstration meets production.

    The other way cannot be told from the OID: INSi's own test service answers with the production OIDs.
    """
    if profil is Profil.PRODUCTION and oid in OIDS_DE_TEST:
        raise InvalidValue(
            "INS_OID_DE_TEST",
            "Ce matricule INS est un matricule de test : il est refusé en production.",
            conseil="Vérifiez d’où vient ce document ou cette identité, et ne l’intégrez pas.",
            detail=oid,
        )


def missing(key: str, why: str = "") -> ConfigurationError:
    """The error for an absent key, ``section.name``."""
    section, _, name = key.rpartition(".")
    where = f"« {name} = … » dans la section [{section}]" if section else f"« {name} = … » en tête"
    return ConfigurationError(
        "CONFIG_MANQUE",
        f"La configuration ne donne pas « {key} »{why}.",
        conseil=f"Ajoutez {where} du fichier, ou la variable {variable_of(key)}.",
        detail=key,
    )


def variable_of(key: str) -> str:
    """The environment variable that overrides ``key``: ``dmp.url`` gives ``OPENSEGUR_DMP_URL``."""
    return "OPENSEGUR_" + key.replace(".", "_").replace("-", "_").upper()
