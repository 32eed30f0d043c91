"""Certificates and keys in files: a key is never readable by another account, not even for an instant."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from opensegur.foundation.errors import ConfigurationError


def write_certificates(path: Path, certificates: Sequence[x509.Certificate]) -> None:
    _replace(path, b"".join(each.public_bytes(Encoding.PEM) for each in certificates), 0o644)


def write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    _replace(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), 0o600)


def _replace(path: Path, data: bytes, mode: int) -> None:
    """Whole or not at all."""
    new = path.with_name(f".{path.name}.nouveau")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new.unlink(missing_ok=True)
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        new.replace(path)
    except OSError as error:
        raise ConfigurationError(
            "TLS_ECRITURE",
            "Les certificats du cabinet ne peuvent pas être écrits dans le dossier des données.",
            conseil="Vérifiez les droits sur ce dossier et la place libre.",
            detail=f"{type(error).__name__}: {path.name}",
        ) from error
