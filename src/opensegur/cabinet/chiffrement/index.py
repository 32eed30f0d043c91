"""The blind index: find an encrypted value by equality without storing it in clear."""

from __future__ import annotations

import hashlib
import hmac

from opensegur.cabinet.chiffrement.trousseau import trousseau


def blind_index(domaine: str, valeur: str) -> str:
    """64 hexadecimal characters; empty for an empty value.

    ``domaine`` (such as ``patients.matricule``) keeps equal values of two columns from being linked.
    """
    if not valeur:
        return ""
    message = f"{domaine}\x00{valeur}".encode()
    return hmac.new(trousseau().index, message, hashlib.sha256).hexdigest()
