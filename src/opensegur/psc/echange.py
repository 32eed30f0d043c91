"""From a token of Pro Santé Connect to that of an API, at the API's own authorization server.

Source: RFC 8693 (token exchange), RFC 8705 §3 (tokens bound to a certificate); CI-SIS, couche transport API REST Pro
Santé Connectée 1.2.0.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from opensegur.foundation.errors import TransportError
from opensegur.foundation.ports import Clock, HttpRequest, Transport
from opensegur.psc.decouverte import read_json
from opensegur.psc.errors import psc_error
from opensegur.psc.jetons import read_seconds

_GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"
_ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105 - the name of a kind
_OK, _SERVER_ERROR, _TOO_MANY = 200, 500, 429
_DEFAULT_LIFE = 300
_LONGEST = 24 * 3600
_REFUSALS = {
    "invalid_client": "API_CLIENT",
    "unauthorized_client": "API_CLIENT",
    "invalid_grant": "PSC_SESSION",
    "invalid_token": "PSC_SESSION",
    "invalid_scope": "API_PERIMETRE",
    "invalid_target": "API_PERIMETRE",
}


@dataclass(frozen=True, slots=True)
class JetonApi:
    """What opens the API, for the time that it gives. In memory only."""

    acces: str = field(repr=False)
    expire_le: datetime
    perimetres: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Api:
    """The authorization server of an API: its token address, our ``client_id`` there when it wants one."""

    jetons: str
    client_id: str = ""
    emetteur: str = "psc"


def exchange(
    transport: Transport,
    api: Api,
    acces: str,
    perimetres: Sequence[str],
    *,
    clock: Clock,
    certificat: bytes | None = None,
) -> JetonApi:
    """The token of the API for the person of ``acces``, an access token of PSC that lives two minutes.

    ``transport`` presents the structure's certificate (mutual TLS); ``certificat``, the same in DER, is compared with
    the one that the token is bound to. Raises ``PscError``: PSC_SESSION (the token no longer serves), API_CLIENT,
    API_PERIMETRE, API_LIEN, API_REPONSE, PSC_UNAVAILABLE.
    """
    form = {
        "grant_type": _GRANT,
        "subject_token": acces,
        "subject_token_type": _ACCESS_TOKEN,
        "requested_token_type": _ACCESS_TOKEN,
        "scope": " ".join(perimetres),
        "subject_issuer": api.emetteur,
        "client_id": api.client_id,
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    body = urlencode({name: value for name, value in form.items() if value}).encode()
    try:
        answer = transport.send(HttpRequest("POST", api.jetons, headers, body))
    except TransportError as error:
        raise psc_error("PSC_UNAVAILABLE", error.code) from error
    if answer.status >= _SERVER_ERROR or answer.status == _TOO_MANY:
        raise psc_error("PSC_UNAVAILABLE", f"HTTP {answer.status}")
    said = read_json(answer.body, "API_REPONSE")
    if answer.status != _OK:
        refused = str(said.get("error", ""))
        raise psc_error(_REFUSALS.get(refused, "API_REPONSE"), refused if refused in _REFUSALS else "")
    return _read(said, perimetres, clock.now(), certificat)


def is_bound_to(token: str, certificat: bytes) -> bool:
    """Whether the token says that it serves with ``certificat`` (DER), or says nothing of it.

    The digest is written as RFC 8705 wants (base64url of its bytes), or as the EDC does: in base64 of its hexadecimal
    text, whose case varies.
    """
    confirmation = _claims(token).get("cnf")
    bound = confirmation.get("x5t#S256") if isinstance(confirmation, Mapping) else None
    if bound is None:
        return True
    digest = hashlib.sha256(certificat)
    accepted = (
        base64.urlsafe_b64encode(digest.digest()).rstrip(b"="),
        base64.b64encode(digest.hexdigest().encode()).rstrip(b"="),
        base64.b64encode(digest.hexdigest().upper().encode()).rstrip(b"="),
    )
    given = str(bound).encode().rstrip(b"=")
    return any(hmac.compare_digest(given, each) for each in accepted)


def _read(said: Mapping[str, Any], asked: Sequence[str], now: datetime, certificat: bytes | None) -> JetonApi:
    access, kind = said.get("access_token"), said.get("issued_token_type", _ACCESS_TOKEN)
    bearer = str(said.get("token_type", "Bearer")).lower() == "bearer"
    if not isinstance(access, str) or not access or kind != _ACCESS_TOKEN or not bearer:
        raise psc_error("API_REPONSE", "no access token")
    if certificat is not None and not is_bound_to(access, certificat):
        raise psc_error("API_LIEN")
    life = timedelta(seconds=read_seconds(said.get("expires_in"), _DEFAULT_LIFE, _LONGEST))
    given = said.get("scope")
    granted = tuple(given.split()) if isinstance(given, str) else tuple(asked)
    return JetonApi(access, now + life, granted)


def _claims(token: str) -> Mapping[str, Any]:
    """What a JWT says, unverified: it is for the API to believe it or not. Nothing of a token that is no JWT."""
    parts = token.split(".")
    try:
        body = base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
        found = json.loads(body)
    except (IndexError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
