"""The back channel: what the service asks of Pro Santé Connect itself, the person's browser aside.

Sources: RFC 6749 §2.3.1 and §5, OIDC Core §5.3, RFC 7662, RFC 7009.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

import jwt

from opensegur.foundation.errors import TransportError
from opensegur.foundation.points import PointPsc
from opensegur.foundation.ports import Clock, HttpRequest, HttpResponse, Transport
from opensegur.psc.claims import Userinfo, read_userinfo
from opensegur.psc.decouverte import Fournisseur, read_discovery, read_json
from opensegur.psc.errors import psc_error
from opensegur.psc.jetons import Jetons, check_id_token, check_signature, read_tokens

OK = 200
_BAD_REQUEST = 400
_TOO_MANY = 429
_SERVER_ERROR = 500


@dataclass(frozen=True, slots=True)
class SessionPsc:
    """A person identified. ``moyen``: CARD, MOBILE, or "" when PSC does not say. Tokens stay in memory."""

    userinfo: Userinfo
    emetteur: str
    authentifie_le: datetime
    moyen: str
    jetons: Jetons = field(repr=False)


class Canal:
    """One service declared at Pro Santé Connect. Discovery and keys are read once, and keys again for a new ``kid``.

    ``transport`` presents the client's certificate when there is no secret. Every method raises ``PscError``.
    """

    def __init__(self, transport: Transport, point: PointPsc, clock: Clock) -> None:
        self.point = point
        self.clock = clock
        self._transport = transport
        self._provider: Fournisseur | None = None
        self._keys: Mapping[str, Any] = {}

    @property
    def provider(self) -> Fournisseur:
        if self._provider is None:
            self._provider = read_discovery(self._get(self.point.decouverte))
        return self._provider

    def post(self, address: str, form: Mapping[str, str]) -> HttpResponse:
        """``form`` with the proof of who the service is, whatever the answer says."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        if self.point.client_secret:
            # RFC 6749 §2.3.1: both parts are form-encoded before the Basic scheme
            pair = f"{quote(self.point.client_id, safe='')}:{quote(self.point.client_secret, safe='')}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        else:
            form = {**form, "client_id": self.point.client_id}
        return self._send(HttpRequest("POST", address, headers, urlencode(form).encode()))

    def refusal(self, answer: HttpResponse, meanings: Mapping[str, str], otherwise: str) -> Exception:
        """What an ``error`` of OAuth means for the person, by ``meanings``."""
        error = str(read_json(answer.body, otherwise).get("error", answer.status))
        return psc_error(meanings.get(error, otherwise), error if error in meanings else "")

    def tokens(self, answer: HttpResponse) -> Jetons:
        return read_tokens(answer.body, self.clock.now())

    def session(self, jetons: Jetons, nonce: str | None) -> SessionPsc:
        """The person of these tokens, which are checked first."""
        provider, now = self.provider, self.clock.now()
        claims = check_id_token(
            jetons.identite,
            key_of=self._key,
            emetteur=provider.emetteur,
            client_id=self.point.client_id,
            nonce=nonce,
            now=now,
        )
        userinfo = read_userinfo(self._userinfo(jetons.acces))
        if userinfo.sujet != claims["sub"]:
            raise psc_error("PSC_USERINFO", "sub of userinfo differs from the ID token's")
        amr = claims.get("amr")
        moyen = str(amr[0]) if isinstance(amr, list) and amr else ""
        return SessionPsc(userinfo, provider.emetteur, _login_time(claims.get("auth_time"), now), moyen, jetons)

    def _userinfo(self, access: str) -> Mapping[str, Any]:
        headers = {"Authorization": f"Bearer {access}", "Accept": "application/json"}
        answer = self._send(HttpRequest("GET", self.provider.userinfo, headers))
        if answer.status != OK:
            raise psc_error("PSC_USERINFO", f"HTTP {answer.status}")
        if answer.content_type.partition(";")[0].strip().lower() != "application/jwt":
            return read_json(answer.body, "PSC_USERINFO")
        # signed when the client was declared so at the ANS
        return check_signature(
            answer.body.decode("ascii", "replace").strip(),
            key_of=self._key,
            emetteur=self.provider.emetteur,
            client_id=self.point.client_id,
        )

    def _key(self, kid: str) -> Any:
        if kid not in self._keys:
            self._keys = _read_keys(self._get(self.provider.cles))
        if kid not in self._keys:
            raise psc_error("PSC_ID_TOKEN", "unknown kid")
        return self._keys[kid]

    def _get(self, url: str) -> bytes:
        answer = self._send(HttpRequest("GET", url, {"Accept": "application/json"}))
        if answer.status != OK:
            raise psc_error("PSC_CONFIGURATION", f"HTTP {answer.status}")
        return answer.body

    def _send(self, request: HttpRequest) -> HttpResponse:
        try:
            answer = self._transport.send(request)
        except TransportError as error:
            raise psc_error("PSC_UNAVAILABLE", error.code) from error
        if answer.status >= _SERVER_ERROR or answer.status == _TOO_MANY:
            raise psc_error("PSC_UNAVAILABLE", f"HTTP {answer.status}")
        return answer


def _login_time(auth_time: Any, now: datetime) -> datetime:
    # a moment to come would lengthen the session
    usable = isinstance(auth_time, int) and not isinstance(auth_time, bool) and 0 < auth_time <= now.timestamp()
    return datetime.fromtimestamp(auth_time, UTC) if usable else now


def _read_keys(body: bytes) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    keys = read_json(body, "PSC_CONFIGURATION").get("keys")
    for key in keys if isinstance(keys, list) else ():
        if isinstance(key, dict) and key.get("kty") == "RSA" and key.get("use", "sig") == "sig":
            try:
                found[str(key.get("kid", ""))] = jwt.PyJWK(key, algorithm="RS256").key
            except jwt.PyJWTError:
                continue  # a key that we cannot read is one that we do not trust
    return found
