"""A client ready to call, from an installation's configuration: the two certificates, TLS, the right settings."""

from __future__ import annotations

from opensegur.dmp.client import DmpClient, DmpSettings
from opensegur.foundation.certificates import SoftwareSigner
from opensegur.foundation.configuration import Configuration
from opensegur.foundation.errors import ConfigurationError
from opensegur.foundation.points import PointDmp, Profil, missing
from opensegur.foundation.ports import Clock, SystemClock
from opensegur.foundation.tls import client_context
from opensegur.foundation.transport import HttpTransport


def open_client(configuration: Configuration, clock: Clock | None = None) -> DmpClient:
    """The DMP of ``configuration``, spoken to with the structure's certificates.

    Raises ``ConfigurationError``: CONFIG_MANQUE without a ``[dmp]`` section, TLS_…, CERT_….
    """
    point = configuration.dmp
    if point is None:
        raise missing("dmp.url")
    return DmpClient(
        open_transport(point),
        point.url,
        open_signer(point),
        configuration.structure,
        configuration.lps,
        clock or SystemClock(),
        DmpSettings(processing_code="P" if configuration.profil is Profil.PRODUCTION else "D"),
    )


def open_transport(point: PointDmp) -> HttpTransport:
    """The transport that presents the authentication certificate (ORG AUTH_CLI)."""
    return HttpTransport(
        client_context(
            certificate=point.certificat,
            key=point.cle,
            password=point.mot_de_passe or None,
            anchors=point.ancres,
        )
    )


def open_signer(point: PointDmp) -> SoftwareSigner:
    """The signature certificate (ORG SIGN) with its key."""
    try:
        certificate, key = point.certificat_signature.read_bytes(), point.cle_signature.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            "CONFIG_FICHIER",
            "Le certificat de signature du DMP ou sa clé est illisible.",
            conseil="Vérifiez les chemins et les droits donnés dans la section [dmp].",
            detail=type(error).__name__,
        ) from error
    return SoftwareSigner.from_pem(certificate, key, point.mot_de_passe_signature or None)
