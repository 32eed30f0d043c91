"""What an installation's configuration gives to the client: its transport, its signer, its settings.

Two certificates, never exchanged: one authenticates the connection (ORG AUTH_CLI), the other signs (ORG SIGN).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from opensegur.foundation.certificates import SoftwareSigner
from opensegur.foundation.configuration import Configuration
from opensegur.foundation.errors import ConfigurationError
from opensegur.foundation.points import PointDmp, Profil, given, missing
from opensegur.foundation.ports import HashName
from opensegur.foundation.tls import client_context
from opensegur.foundation.transport import HttpTransport


@dataclass(frozen=True, slots=True)
class DmpSettings:
    """What is not the same everywhere: the version of the VIHF and the hash of the signatures.

    ``profil`` keeps test matricules out of production; without one nothing is fenced off.
    """

    version_vihf: str = "3.0"
    hash_name: HashName = "sha256"
    profil: Profil | None = None

    @property
    def processing_code(self) -> str:
        """What TD0.2 says of itself: P in production, D elsewhere."""
        return "P" if self.profil in {None, Profil.PRODUCTION} else "D"


def dmp_transport(configuration: Configuration) -> HttpTransport:
    """HTTP with the authentication certificate of ``[dmp]``: close it, or use it as a context manager.

    Raises ``ConfigurationError``: CONFIG_MANQUE, TLS_ANCRES, TLS_CERTIFICAT.
    """
    point = dmp_point(configuration)
    return HttpTransport(
        client_context(
            certificate=given(point.certificat, "dmp.certificat"),
            key=point.cle,
            password=point.mot_de_passe or None,
            anchors=point.ancres,
        )
    )


def dmp_signer(configuration: Configuration) -> SoftwareSigner:
    """The signature certificate of ``[dmp]``. Raises ``ConfigurationError``: CONFIG_MANQUE, CERT_…."""
    point = dmp_point(configuration)
    return SoftwareSigner.from_pem(
        _read(given(point.certificat_signature, "dmp.certificat_signature"), "certificat_signature"),
        _read(given(point.cle_signature, "dmp.cle_signature"), "cle_signature"),
        point.mot_de_passe_signature or None,
    )


def dmp_point(configuration: Configuration) -> PointDmp:
    """The section ``[dmp]``. Raises ``ConfigurationError`` CONFIG_MANQUE."""
    if configuration.dmp is None:
        raise missing("dmp.url", ", l’adresse du DMP")
    return configuration.dmp


def _read(path: Path, key: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            "CERT_FICHIER",
            "Le certificat de signature du DMP ou sa clé est introuvable ou interdit en lecture.",
            conseil=f"Vérifiez « {key} » dans la section [dmp] de la configuration.",
            detail=path.name,
        ) from error
