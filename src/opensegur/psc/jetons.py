"""Tokens: reading the token endpoint's answer, and checking an ID token before believing a word of it.

Sources: OIDC Core §3.1.3.7; PSC: RS256 only, ``acr`` eidas1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import jwt

from opensegur.psc.decouverte import read_json
from opensegur.psc.errors import psc_error

ACR = "eidas1"
_ALGORITHMS = ("RS256",)
_TOLERANCE = timedelta(seconds=30)
_DEFAULT_LIFE = 120


@dataclass(frozen=True, slots=True)
class Jetons:
    """What the token endpoint gave. In memory only: never stored, never shown."""

    acces: str = field(repr=False)
    identite: str = field(repr=False)
    rafraichissement: str = field(default="", repr=False)
    expire_le: datetime | None = None
    rafraichissement_expire_le: datetime | None = None


def read_tokens(body: bytes, now: datetime) -> Jetons:
    """Raises ``PscError`` PSC_TOKEN."""
    answer = read_json(body, "PSC_TOKEN")
    access, identity = answer.get("access_token"), answer.get("id_token")
    if not isinstance(access, str) or not isinstance(identity, str):
        raise psc_error("PSC_TOKEN", "access_token or id_token missing")
    refresh = answer.get("refresh_token")
    return Jetons(
        acces=access,
        identite=identity,
        rafraichissement=refresh if isinstance(refresh, str) else "",
        expire_le=now + timedelta(seconds=_seconds(answer.get("expires_in"), _DEFAULT_LIFE)),
        rafraichissement_expire_le=now + timedelta(seconds=_seconds(answer.get("refresh_expires_in"), 0))
        if refresh
        else None,
    )


def check_id_token(
    token: str,
    *,
    key_of: Callable[[str], Any],
    emetteur: str,
    client_id: str,
    nonce: str | None,
    now: datetime,
) -> Mapping[str, Any]:
    """The claims of an ID token that holds: signature, iss, aud, azp, exp, iat, nonce, acr.

    ``key_of`` gives the public key of a ``kid``. ``nonce`` is None after a refresh, whose token carries none.
    Raises ``PscError`` PSC_ID_TOKEN or PSC_ACR.
    """
    try:
        header = jwt.get_unverified_header(token)
        claims = jwt.decode(
            token,
            key_of(str(header.get("kid", ""))),
            algorithms=_ALGORITHMS,
            audience=client_id,
            issuer=emetteur,
            # times are checked below against the caller's clock, not the machine's
            options={"require": ["exp", "iat", "sub"], "verify_exp": False, "verify_iat": False, "verify_nbf": False},
        )
    except (jwt.PyJWTError, TypeError, ValueError) as error:
        raise psc_error("PSC_ID_TOKEN", type(error).__name__) from error
    _check_times(claims, now)
    if claims.get("azp", client_id) != client_id:
        raise psc_error("PSC_ID_TOKEN", "azp")
    if nonce is not None and claims.get("nonce") != nonce:
        raise psc_error("PSC_ID_TOKEN", "nonce")
    if claims.get("acr") != ACR:
        raise psc_error("PSC_ACR")
    return claims


def _check_times(claims: Mapping[str, Any], now: datetime) -> None:
    moment, tolerance = now.timestamp(), _TOLERANCE.total_seconds()
    exp, iat = claims["exp"], claims["iat"]
    if not all(isinstance(value, int | float) for value in (exp, iat)):
        raise psc_error("PSC_ID_TOKEN", "exp or iat is no number")
    if moment >= exp + tolerance or iat > moment + tolerance:
        raise psc_error("PSC_ID_TOKEN", "exp or iat")


def _seconds(value: Any, default: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else default
