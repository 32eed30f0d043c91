"""TLS contexts for the national services: 1.2 or later, own trust anchors, a certificate on both sides.

Source: PDT-INF-579 (the DMP's admitted suites: ECDHE with AES-GCM, ChaCha20 or AES-256-CBC-SHA384).
"""

from __future__ import annotations

import ssl
from pathlib import Path

from opensegur.foundation.errors import ConfigurationError

_CIPHERS = "ECDHE+CHACHA20:ECDHE+AESGCM:ECDHE-RSA-AES256-SHA384"


def client_context(
    *, certificate: Path | None, key: Path | None, password: str | None, anchors: Path
) -> ssl.SSLContext:
    """A client's context that trusts only the PEM file ``anchors`` and presents ``certificate`` when given.

    ``key`` may be ``None`` when the certificate's PEM file holds it. Raises ``ConfigurationError`` TLS_ANCRES or
    TLS_CERTIFICAT.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    _harden(context, anchors)
    if certificate is not None:
        _present(context, certificate, key, password)
    return context


def server_context(
    *, certificate: Path, key: Path | None, password: str | None, anchors: Path, required: bool = False
) -> ssl.SSLContext:
    """A server's context that requests a client certificate issued under ``anchors``.

    A client without one is let in unless ``required``: the service above then refuses it in its own words.
    Raises ``ConfigurationError`` TLS_ANCRES or TLS_CERTIFICAT.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _harden(context, anchors)
    context.verify_mode = ssl.CERT_REQUIRED if required else ssl.CERT_OPTIONAL
    _present(context, certificate, key, password)
    return context


def _harden(context: ssl.SSLContext, anchors: Path) -> None:
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(_CIPHERS)
    try:
        context.load_verify_locations(cafile=anchors)
    except (OSError, ValueError) as error:
        raise ConfigurationError(
            "TLS_ANCRES",
            "Le fichier des autorités de confiance est introuvable ou illisible.",
            conseil="Donnez un fichier PEM qui contient les certificats racines (IGC-Santé, ou ceux du bac à sable).",
            detail=anchors.name,
        ) from error


def _present(context: ssl.SSLContext, certificate: Path, key: Path | None, password: str | None) -> None:
    try:
        # without a password OpenSSL would ask for it on the terminal
        context.load_cert_chain(certificate, key, password=lambda: password or "")
    except (OSError, ValueError) as error:
        raise ConfigurationError(
            "TLS_CERTIFICAT",
            "Le certificat d’authentification, sa clé ou son mot de passe n’est pas utilisable.",
            conseil="Vérifiez que les fichiers PEM existent, vont ensemble, et que le mot de passe est le bon.",
            detail=f"{certificate.name}: {getattr(error, 'reason', None) or type(error).__name__}",
        ) from error
