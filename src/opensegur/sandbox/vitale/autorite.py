"""The authority that certifies the chips of the virtual cards: apart from the one that clients are trusted by."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from opensegur.sandbox.pki.confiance import Confiance
from opensegur.sandbox.pki.gabarits import Autorite, Usage, authority_name, issue, issue_authority

NAME: Final = "TEST AC VITALE OPENSEGUR"
_AUTHORITY_DAYS = 3650
_CARD_DAYS = 1825


def open_authority(folder: Path) -> Autorite:
    """Read the authority of ``folder``, made at the first use."""
    certificate, key = folder / "ac.pem", folder / "ac.cle.pem"
    if not (certificate.is_file() and key.is_file()):
        made = issue_authority(NAME, None, _yesterday(), _AUTHORITY_DAYS)
        folder.mkdir(parents=True, exist_ok=True)
        key.write_bytes(_pem(made.cle))
        certificate.write_bytes(made.certificat.public_bytes(Encoding.PEM))
        return made
    loaded = load_pem_private_key(key.read_bytes(), None)
    assert isinstance(loaded, rsa.RSAPrivateKey)
    return Autorite(x509.load_pem_x509_certificate(certificate.read_bytes()), loaded)


def issue_chip(authority: Autorite, serie: str) -> tuple[bytes, bytes]:
    """The certificate and the key, in PEM, of the chip of the card ``serie``."""
    certificate, key = issue(authority_name(serie), Usage.SIGNATURE, authority, _yesterday(), _CARD_DAYS)
    return certificate.public_bytes(Encoding.PEM), _pem(key)


def trust_of(authority: Autorite) -> Confiance:
    return Confiance((authority.certificat,), frozenset())


def _yesterday() -> datetime:
    return datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)


def _pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
