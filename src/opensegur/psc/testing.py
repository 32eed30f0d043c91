"""A Pro Santé Connect in memory, for the tests of whoever uses this library: real messages, no network.

``MemoryPsc`` is a ``Transport``. It plays the browser too: ``approve`` follows the address of a ``Demande`` and gives
back what PSC would have put on the redirection address. It can be told to fail, to end sessions, to change its key.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from opensegur.foundation.errors import TransportError
from opensegur.foundation.points import PointPsc
from opensegur.foundation.ports import Clock, HttpRequest, HttpResponse

EMETTEUR = "https://auth.psc.exemple.invalid/auth/realms/esante-wallet"
PORTAIL = "https://wallet.psc.exemple.invalid/auth"
DECOUVERTE = f"{EMETTEUR}/.well-known/wallet-openid-configuration"
_OIDC = f"{EMETTEUR}/protocol/openid-connect"
_ACCESS_LIFE, _REFRESH_LIFE = 120, 1800
_CIBA = "urn:openid:params:grant-type:ciba"

POINT = PointPsc(
    decouverte=DECOUVERTE,
    client_id="cabinet-d-essai",
    client_secret="secret d'essai : + %",  # noqa: S106 a fictional secret, of characters that must be encoded
    redirection="https://cabinet.exemple.invalid/psc/retour",
)

MEDECIN: Mapping[str, Any] = {
    "sub": "f:550dc1c8:899700218896",
    "SubjectNameID": "899700218896",
    "preferred_username": "899700218896",
    "given_name": "Claude",
    "family_name": "ESSAI",
    "SubjectRole": ["10^1.2.250.1.213.1.1.5.5"],
    "SubjectRefPro": {
        "codeCivilite": "MME",
        "exercices": [
            {
                "codeProfession": "10",
                "codeCategorieProfessionnelle": "C",
                "codeCiviliteDexercice": "DR",
                "nomDexercice": "ESSAI",
                "prenomDexercice": "Claude",
                "codeTypeSavoirFaire": "S",
                "codeSavoirFaire": "SM26",
                "activities": [
                    {
                        "codeModeExercice": "L",
                        "codeSecteurDactivite": "SA07",
                        "numeroFinessSite": "750009995",
                        "raisonSocialeSite": "CABINET D'ESSAI",
                        "codePostal": "75009",
                    }
                ],
            }
        ],
    },
}
"""A fictional general practitioner with one practice."""


@dataclass(slots=True)
class _Code:
    query: Mapping[str, str]
    userinfo: Mapping[str, Any]
    moyen: str


@dataclass(slots=True)
class _Attente:
    """A demand of CIBA: ``userinfo`` once the person has accepted, ``refusal`` when they did not."""

    form: Mapping[str, str]
    userinfo: Mapping[str, Any] | None = None
    refusal: str = "authorization_pending"


@cache
def _key_pair(number: int) -> tuple[str, rsa.RSAPrivateKey]:
    return f"cle-{number}", rsa.generate_private_key(public_exponent=65537, key_size=2048)


class MemoryPsc:
    """``requests`` keeps what it was sent.

    ``id_claims``, ``token_answer``, ``ciba_answer`` and ``discovery`` overwrite what it says; ``None`` leaves a
    member out. ``known``: the national identifiers that have an active e-CPS.
    """

    def __init__(self, clock: Clock, point: PointPsc = POINT) -> None:
        self.requests: list[HttpRequest] = []
        self.id_claims: dict[str, Any] = {}
        self.token_answer: dict[str, Any] = {}
        self.discovery: dict[str, Any] = {}
        self.ciba_answer: dict[str, Any] = {}
        self.known = {MEDECIN["SubjectNameID"]}
        self.signed_userinfo = False
        self.algorithm = "RS256"
        self._clock = clock
        self._point = point
        self._key = 1
        self._codes: dict[str, _Code] = {}
        self._access: dict[str, Mapping[str, Any]] = {}
        self._refresh: dict[str, _Code] = {}
        self._waiting: dict[str, _Attente] = {}
        self._next: deque[HttpResponse | TransportError] = deque()

    def approve(self, url: str, userinfo: Mapping[str, Any] = MEDECIN, *, moyen: str = "MOBILE") -> dict[str, str]:
        """What the person brings back after a login begun at ``url``."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        code = secrets.token_urlsafe(16)
        self._codes[code] = _Code(query, userinfo, moyen)
        return {"code": code, "state": query["state"], "iss": EMETTEUR, "session_state": "s"}

    def deny(self, url: str, error: str = "access_denied") -> dict[str, str]:
        """What the person brings back after a refusal."""
        return {"error": error, "state": parse_qs(urlsplit(url).query)["state"][0], "iss": EMETTEUR}

    @property
    def asked(self) -> Mapping[str, str]:
        """The form of the last demand of CIBA: what the phone shows is its ``binding_message``."""
        return self._last.form

    def accept(self, userinfo: Mapping[str, Any] = MEDECIN) -> None:
        """The person accepts the last demand on the phone, or with the card."""
        self._last.userinfo = userinfo

    def decline(self, error: str = "access_denied") -> None:
        self._last.refusal = error

    @property
    def _last(self) -> _Attente:
        return next(reversed(self._waiting.values()))

    def answer_next(self, status: int, body: bytes = b"", content_type: str = "text/html") -> None:
        """Answer the next request with this, whatever it asks."""
        self._next.append(HttpResponse(status, {"content-type": content_type}, body))

    def cut_next(self) -> None:
        """Let the next request without an answer."""
        self._next.append(TransportError("TRANSPORT_DELAI", "Le service n’a pas répondu.", retryable=True))

    def rotate_key(self) -> None:
        """Sign with another key from now on, published under another ``kid``."""
        self._key += 1

    def end_sessions(self) -> None:
        """Refuse every refresh from now on."""
        self._refresh.clear()

    def send(self, request: HttpRequest) -> HttpResponse:
        self.requests.append(request)
        if self._next:
            planned = self._next.popleft()
            if isinstance(planned, TransportError):
                raise planned
            return planned
        routes = {
            DECOUVERTE: self._discover,
            f"{_OIDC}/certs": self._publish_keys,
            f"{_OIDC}/token": self._give_tokens,
            f"{_OIDC}/userinfo": self._tell_userinfo,
            f"{_OIDC}/token/introspect": self._introspect,
            f"{_OIDC}/revoke": self._revoke,
            f"{_OIDC}/logout": lambda _: HttpResponse(204),
            f"{_OIDC}/ext/ciba/auth": self._ask,
        }
        return routes[request.url](request)

    def _discover(self, _: HttpRequest) -> HttpResponse:
        return _json(
            {
                "issuer": EMETTEUR,
                "authorization_endpoint": PORTAIL,
                "token_endpoint": f"{_OIDC}/token",
                "userinfo_endpoint": f"{_OIDC}/userinfo",
                "jwks_uri": f"{_OIDC}/certs",
                "end_session_endpoint": f"{_OIDC}/logout",
                "introspection_endpoint": f"{_OIDC}/token/introspect",
                "revocation_endpoint": f"{_OIDC}/revoke",
                "backchannel_authentication_endpoint": f"{_OIDC}/ext/ciba/auth",
                "acr_values_supported": ["0", "0"],
            }
            | self.discovery
        )

    def _publish_keys(self, _: HttpRequest) -> HttpResponse:
        kid, key = _key_pair(self._key)
        published = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
        odd = {"kty": "EC", "kid": "courbe", "crv": "P-256"}
        return _json({"keys": [odd, {**published, "kid": kid, "use": "sig", "alg": "RS256"}]})

    def _give_tokens(self, request: HttpRequest) -> HttpResponse:
        form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        if not self._is_client(request, form):
            return _json({"error": "invalid_client"}, 401)
        if form["grant_type"] == _CIBA:
            return self._waited(form["auth_req_id"])
        if form["grant_type"] == "refresh_token":
            found, nonce = self._refresh.pop(form["refresh_token"], None), None
        else:
            found = self._codes.pop(form["code"], None)
            if found and not self._matches(found, form):
                found = None
            nonce = found.query["nonce"] if found else None
        return self._session(found, nonce) if found else _json({"error": "invalid_grant"}, 400)

    def _ask(self, request: HttpRequest) -> HttpResponse:
        form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        if not self._is_client(request, form):
            return _json({"error": "invalid_client"}, 401)
        if form["login_hint"] not in self.known:
            return _json({"error": "unknown_user_id"}, 400)
        reference = secrets.token_urlsafe(16)
        self._waiting[reference] = _Attente(form)
        return _json({"auth_req_id": reference, "expires_in": 120, "interval": 1} | self.ciba_answer)

    def _waited(self, reference: str) -> HttpResponse:
        waiting = self._waiting.get(reference)
        if waiting is None:
            return _json({"error": "invalid_grant"}, 400)
        if waiting.userinfo is None:
            return _json({"error": waiting.refusal}, 400)
        del self._waiting[reference]
        return self._session(_Code({}, waiting.userinfo, waiting.form["channel"]), None)

    def _introspect(self, request: HttpRequest) -> HttpResponse:
        token = parse_qs(request.body.decode())["token"][0]
        found = self._access.get(token)
        return _json({"active": True, "SubjectNameID": found["SubjectNameID"]} if found else {"active": False})

    def _revoke(self, request: HttpRequest) -> HttpResponse:
        self._access.pop(parse_qs(request.body.decode())["token"][0], None)
        return HttpResponse(200)

    def _is_client(self, request: HttpRequest, form: Mapping[str, str]) -> bool:
        if not self._point.client_secret:
            return form.get("client_id") == self._point.client_id
        pair = ":".join(quote(part, safe="") for part in (self._point.client_id, self._point.client_secret))
        return request.headers.get("Authorization") == "Basic " + base64.b64encode(pair.encode()).decode()

    def _matches(self, code: _Code, form: Mapping[str, str]) -> bool:
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        return challenge == code.query["code_challenge"] and form.get("redirect_uri") == code.query["redirect_uri"]

    def _session(self, code: _Code, nonce: str | None) -> HttpResponse:
        access, refresh = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        self._access[access] = code.userinfo
        self._refresh[refresh] = code
        answer = {
            "access_token": access,
            "expires_in": _ACCESS_LIFE,
            "refresh_token": refresh,
            "refresh_expires_in": _REFRESH_LIFE,
            "token_type": "Bearer",
            "id_token": self._id_token(code, nonce),
            "scope": "openid scope_all",
        } | self.token_answer
        return _json({name: value for name, value in answer.items() if value is not None})

    def _id_token(self, code: _Code, nonce: str | None) -> str:
        now = int(self._clock.now().timestamp())
        claims = {
            "iss": EMETTEUR,
            "aud": self._point.client_id,
            "azp": self._point.client_id,
            "sub": code.userinfo.get("sub", ""),
            "iat": now,
            "auth_time": now - 5,
            "exp": now + _ACCESS_LIFE,
            "nonce": nonce,
            "acr": "eidas1",
            "amr": [code.moyen],
        } | self.id_claims
        return self.sign({name: value for name, value in claims.items() if value is not None})

    def sign(self, claims: Mapping[str, Any]) -> str:
        """A token with ``claims``, signed by the present key."""
        kid, key = _key_pair(self._key)
        return jwt.encode(dict(claims), key, algorithm=self.algorithm, headers={"kid": kid})

    def _tell_userinfo(self, request: HttpRequest) -> HttpResponse:
        userinfo = self._access.get(request.headers.get("Authorization", "").removeprefix("Bearer "))
        if userinfo is None:
            return _json({"error": "invalid_token"}, 401)
        if self.signed_userinfo:
            token = self.sign({**userinfo, "iss": EMETTEUR, "aud": self._point.client_id})
            return HttpResponse(200, {"content-type": "application/jwt"}, token.encode())
        return _json(userinfo)


def _json(value: Mapping[str, Any], status: int = 200) -> HttpResponse:
    return HttpResponse(status, {"content-type": "application/json"}, json.dumps(value).encode())
