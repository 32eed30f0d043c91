"""The provider's signing key, kept in the data folder, and what it signs."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from jwt.algorithms import RSAAlgorithm

from opensegur.foundation.errors import ConfigurationError
from opensegur.sandbox.pki.gabarits import new_key

_ALGORITHM = "RS256"


class SigningKey:
    """One RSA key; ``kid`` is its thumbprint (RFC 7638)."""

    def __init__(self, key: rsa.RSAPrivateKey) -> None:
        self._key = key
        public = json.loads(RSAAlgorithm.to_jwk(key.public_key()))
        members = {name: public[name] for name in ("e", "kty", "n")}
        thumbprint = hashlib.sha256(json.dumps(members, separators=(",", ":"), sort_keys=True).encode()).digest()
        self.kid = base64.urlsafe_b64encode(thumbprint).decode().rstrip("=")
        self.jwk = {"kid": self.kid, "alg": _ALGORITHM, "use": "sig", **members}

    @classmethod
    def open(cls, path: Path) -> SigningKey:
        """Read the key, or make it at the first start. Raises ``ConfigurationError``."""
        try:
            if not path.is_file():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(new_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
            key = load_pem_private_key(path.read_bytes(), None)
        except (OSError, ValueError) as error:
            raise _unusable(path) from error
        if not isinstance(key, rsa.RSAPrivateKey):
            raise _unusable(path)
        return cls(key)

    def sign(self, claims: Mapping[str, Any]) -> str:
        return jwt.encode(dict(claims), self._key, algorithm=_ALGORITHM, headers={"kid": self.kid})

    def read(self, token: str, *, kind: str, issuer: str, moment: datetime | None) -> dict[str, Any] | None:
        """The claims of a token that we signed, of this ``typ``; None when it is not, or expired at ``moment``."""
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._key.public_key(),
                algorithms=[_ALGORITHM],
                # the sandbox has its own clock: the moment is compared below
                options={"verify_exp": False, "verify_iat": False, "verify_nbf": False, "verify_aud": False},
                issuer=issuer,
            )
        except jwt.InvalidTokenError:
            return None
        if claims.get("typ") != kind or (moment is not None and moment.timestamp() >= float(claims.get("exp", 0))):
            return None
        return claims


def half_hash(token: str) -> str:
    """``at_hash`` (OIDC Core §3.1.3.6)."""
    digest = hashlib.sha256(token.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest[: len(digest) // 2]).decode().rstrip("=")


def _unusable(path: Path) -> ConfigurationError:
    return ConfigurationError(
        "SANDBOX_PSC_KEY",
        "La clé de signature du Pro Santé Connect simulé est illisible.",
        conseil="Effacez-la de son dossier de données : une autre sera créée.",
        detail=path.name,
    )
