"""Tokens: reading the token endpoint's answer, and checking an ID token before believing a word of it.

Sources: OIDC Core §3.1.3.7; PSC: RS256 only, ``acr`` eidas1.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
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
_LONGEST_LIFE = 365 * 24 * 3600


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
        expire_le=now + timedelta(seconds=read_seconds(answer.get("expires_in"), _DEFAULT_LIFE)),
        rafraichissement_expire_le=now + timedelta(seconds=read_seconds(answer.get("refresh_expires_in"), 0))
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
    claims = check_signature(
        token, key_of=key_of, emetteur=emetteur, client_id=client_id, require=("exp", "iat", "sub")
    )
    _check_times(claims, now)
    # OIDC Core §3.1.3.7: a token for several audiences says for whom it was made
    alone = claims["aud"] in (client_id, [client_id])
    if claims.get("azp", client_id if alone else None) != client_id:
        raise psc_error("PSC_ID_TOKEN", "azp")
    if nonce is not None and claims.get("nonce") != nonce:
        raise psc_error("PSC_ID_TOKEN", "nonce")
    if claims.get("acr") != ACR:
        raise psc_error("PSC_ACR")
    return claims


def check_signature(
    token: str, *, key_of: Callable[[str], Any], emetteur: str, client_id: str, require: Sequence[str] = ("sub",)
) -> Mapping[str, Any]:
    """The claims of a token signed by PSC for us, without a word on its time. Raises ``PscError`` PSC_ID_TOKEN."""
    try:
        header = jwt.get_unverified_header(token)
        return jwt.decode(
            token,
            key_of(str(header.get("kid", ""))),
            algorithms=_ALGORITHMS,
            audience=client_id,
            issuer=emetteur,
            # times are checked against the caller's clock, not the machine's
            options={"require": list(require), "verify_exp": False, "verify_iat": False, "verify_nbf": False},
        )
    except (jwt.PyJWTError, TypeError, ValueError, RecursionError) as error:
        raise psc_error("PSC_ID_TOKEN", type(error).__name__) from error


def _check_times(claims: Mapping[str, Any], now: datetime) -> None:
    moment, tolerance = now.timestamp(), _TOLERANCE.total_seconds()
    exp, iat = claims["exp"], claims["iat"]
    if not all(isinstance(value, int | float) and math.isfinite(value) for value in (exp, iat)):
        raise psc_error("PSC_ID_TOKEN", "exp or iat is no number")
    if moment >= exp + tolerance or iat > moment + tolerance:
        raise psc_error("PSC_ID_TOKEN", "exp or iat")


def read_seconds(value: Any, default: int, longest: int = _LONGEST_LIFE) -> int:
    """A duration as an answer gives it: whole seconds, none of them negative, and not beyond reason."""
    usable = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return min(value, longest) if usable else default
