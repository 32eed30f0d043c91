"""AES-256-GCM over one field's value, bound to the column it belongs to.

Layout: one byte of format, one byte of key-name length, the key's name, 12 bytes of nonce, ciphertext and tag. The
column's name is the associated data, so that a value moved to another column does not decrypt.
"""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from opensegur.cabinet.chiffrement.trousseau import Trousseau
from opensegur.foundation.errors import OpenSegurError

_FORMAT = 1
_NONCE_BYTES = 12


class DecryptionError(OpenSegurError):
    """A stored value does not decrypt: wrong key ring, or a value altered or moved."""


def encrypt(trousseau: Trousseau, colonne: str, clair: bytes) -> bytes:
    name = trousseau.actuelle.encode("ascii")
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = AESGCM(trousseau.cles[trousseau.actuelle]).encrypt(nonce, clair, colonne.encode("utf-8"))
    return bytes((_FORMAT, len(name))) + name + nonce + sealed


def decrypt(trousseau: Trousseau, colonne: str, chiffre: bytes) -> bytes:
    """Raises ``DecryptionError``."""
    if len(chiffre) < 2 or chiffre[0] != _FORMAT:  # noqa: PLR2004
        raise _undecryptable("unknown format")
    end = 2 + chiffre[1]
    name = chiffre[2:end].decode("ascii", errors="replace")
    key = trousseau.cles.get(name)
    if key is None:
        raise _undecryptable("key not in the ring")
    nonce, sealed = chiffre[end : end + _NONCE_BYTES], chiffre[end + _NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, sealed, colonne.encode("utf-8"))
    except (InvalidTag, ValueError) as error:
        raise _undecryptable("authentication failed") from error


def key_of(chiffre: bytes) -> str:
    """The name of the key that encrypted; "" for what has no such name."""
    return chiffre[2 : 2 + chiffre[1]].decode("ascii", errors="replace") if len(chiffre) > 1 else ""


def _undecryptable(detail: str) -> DecryptionError:
    return DecryptionError(
        "CHIFFRE_ILLISIBLE",
        "Une donnée chiffrée ne peut pas être lue.",
        conseil="Vérifiez que le trousseau de clés est bien celui de cette base.",
        detail=detail,
    )
