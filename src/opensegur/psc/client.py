"""The relying party: authorization code with PKCE, then userinfo, refresh and logout.

Sources: RFC 6749, RFC 7636, OIDC Core; PSC integration guide (scope_all, acr_values=eidas1).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

import jwt

from opensegur.foundation.errors import TransportError
from opensegur.foundation.points import PointPsc
from opensegur.foundation.ports import Clock, HttpRequest, HttpResponse, Transport
from opensegur.psc.claims import Userinfo, read_userinfo
from opensegur.psc.decouverte import Fournisseur, read_discovery, read_json
from opensegur.psc.errors import error_of_return, psc_error
from opensegur.psc.jetons import ACR, Jetons, check_id_token, check_signature, read_tokens

_SCOPE = "openid scope_all"
_OK = 200
_REFUSALS = {
    "invalid_grant": "PSC_SESSION",
    "invalid_client": "PSC_CLIENT",
    "unauthorized_client": "PSC_CLIENT",
    "access_denied": "PSC_ACCESS_DENIED",
}
_SERVER_ERROR = 500
_TOO_MANY = 429


@dataclass(frozen=True, slots=True)
class Demande:
    """A login begun: send the browser to ``url`` and keep the rest until it comes back, bound to its session."""

    url: str
    state: str
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SessionPsc:
    """A person identified. ``moyen``: CARD, MOBILE, or "" when PSC does not say. Tokens stay in memory."""

    userinfo: Userinfo
    emetteur: str
    authentifie_le: datetime
    moyen: str
    jetons: Jetons = field(repr=False)


class PscClient:
    """One service declared at Pro Santé Connect. Discovery and keys are read once, and keys again for a new ``kid``.

    ``transport`` presents the client's certificate when there is no secret. Every method raises ``PscError``.
    """

    def __init__(self, transport: Transport, point: PointPsc, clock: Clock) -> None:
        self._transport = transport
        self._point = point
        self._clock = clock
        self._provider: Fournisseur | None = None
        self._keys: Mapping[str, Any] = {}

    def begin(self) -> Demande:
        """Prepare a login."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        query = {
            "response_type": "code",
            "client_id": self._point.client_id,
            "redirect_uri": self._point.redirection,
            "scope": _SCOPE,
            "acr_values": ACR,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return Demande(_with_query(self._known().autorisation, query), state, nonce, verifier)

    def complete(self, demande: Demande, retour: Mapping[str, str]) -> SessionPsc:
        """Turn what the browser brought back into a person. ``retour``: the query of the redirection address."""
        provider = self._known()
        if not hmac.compare_digest(retour.get("state", "").encode(errors="replace"), demande.state.encode()):
            raise psc_error("PSC_STATE")
        if retour.get("iss", provider.emetteur) != provider.emetteur:
            raise psc_error("PSC_ISSUER")
        if "error" in retour:
            raise error_of_return(retour["error"])
        code = retour.get("code")
        if not code:
            raise psc_error("PSC_STATE", "no code")
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._point.redirection,
            "code_verifier": demande.verifier,
        }
        return self._session(self._tokens(form), demande.nonce)

    def refresh(self, session: SessionPsc) -> SessionPsc:
        """New tokens and fresh claims; the old refresh token is spent. PSC_SESSION when PSC ended the session."""
        if not session.jetons.rafraichissement:
            raise psc_error("PSC_SESSION")
        form = {"grant_type": "refresh_token", "refresh_token": session.jetons.rafraichissement}
        again = self._session(self._tokens(form), None)
        if again.userinfo.sujet != session.userinfo.sujet:
            raise psc_error("PSC_SESSION", "another sub after a refresh")  # OIDC Core §12.2
        # only a new login moves the hour of the login, on which the limit of four hours rests
        return replace(again, authentifie_le=session.authentifie_le, moyen=session.moyen)

    def logout_url(self, id_token: str, retour: str, state: str = "") -> str:
        """Where to send the browser to leave PSC; "" when PSC offers none. It may come back without ``state``."""
        end = self._known().fin_de_session
        if not end:
            return ""
        query = {"id_token_hint": id_token, "post_logout_redirect_uri": retour}
        return _with_query(end, query | ({"state": state} if state else {}))

    def _session(self, jetons: Jetons, nonce: str | None) -> SessionPsc:
        provider, now = self._known(), self._clock.now()
        claims = check_id_token(
            jetons.identite,
            key_of=self._key,
            emetteur=provider.emetteur,
            client_id=self._point.client_id,
            nonce=nonce,
            now=now,
        )
        userinfo = read_userinfo(self._userinfo(jetons.acces))
        if userinfo.sujet != claims["sub"]:
            raise psc_error("PSC_USERINFO", "sub of userinfo differs from the ID token's")
        amr = claims.get("amr")
        moyen = str(amr[0]) if isinstance(amr, list) and amr else ""
        return SessionPsc(userinfo, provider.emetteur, _login_time(claims.get("auth_time"), now), moyen, jetons)

    def _tokens(self, form: Mapping[str, str]) -> Jetons:
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        if self._point.client_secret:
            # RFC 6749 §2.3.1: both parts are form-encoded before the Basic scheme
            pair = f"{quote(self._point.client_id, safe='')}:{quote(self._point.client_secret, safe='')}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        else:
            form = {**form, "client_id": self._point.client_id}
        answer = self._send(HttpRequest("POST", self._known().jetons, headers, urlencode(form).encode()))
        if answer.status != _OK:
            error = str(read_json(answer.body, "PSC_TOKEN").get("error", answer.status))
            raise psc_error(_REFUSALS.get(error, "PSC_TOKEN"), error if error in _REFUSALS else "")
        return read_tokens(answer.body, self._clock.now())

    def _userinfo(self, access: str) -> Mapping[str, Any]:
        headers = {"Authorization": f"Bearer {access}", "Accept": "application/json"}
        answer = self._send(HttpRequest("GET", self._known().userinfo, headers))
        if answer.status != _OK:
            raise psc_error("PSC_USERINFO", f"HTTP {answer.status}")
        if answer.content_type.partition(";")[0].strip().lower() != "application/jwt":
            return read_json(answer.body, "PSC_USERINFO")
        # signed when the client was declared so at the ANS
        return check_signature(
            answer.body.decode("ascii", "replace").strip(),
            key_of=self._key,
            emetteur=self._known().emetteur,
            client_id=self._point.client_id,
        )

    def _key(self, kid: str) -> Any:
        if kid not in self._keys:
            self._keys = _read_keys(self._get(self._known().cles))
        if kid not in self._keys:
            raise psc_error("PSC_ID_TOKEN", "unknown kid")
        return self._keys[kid]

    def _known(self) -> Fournisseur:
        if self._provider is None:
            self._provider = read_discovery(self._get(self._point.decouverte))
        return self._provider

    def _get(self, url: str) -> bytes:
        answer = self._send(HttpRequest("GET", url, {"Accept": "application/json"}))
        if answer.status != _OK:
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


def _with_query(address: str, query: Mapping[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"


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
