"""A service that speaks to Pro Santé Connect by hand: httpx for the wire, PyJWT for the signatures."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest

REALM = "/auth/realms/esante-wallet"
CALLBACK = "http://localhost:9000/retour?page=1"
VERIFIER = "v" * 50
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
ASKED = {
    "response_type": "code",
    "client_id": "opensegur-demo",
    "redirect_uri": CALLBACK,
    "scope": "openid scope_all",
    "acr_values": "eidas1",
    "state": "etat-1",
    "nonce": "nonce-1",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}
SECRET = "secret-public-de-demonstration"


@dataclass
class Fs:
    """The relying party and its user's browser; ``asked`` is the authorization request."""

    http: Any
    asked: dict[str, str] = field(default_factory=lambda: dict(ASKED))

    @property
    def metadata(self) -> dict[str, Any]:
        return self.http.get(f"{REALM}/.well-known/wallet-openid-configuration").json()

    def ask(self, **changes: str | None) -> Any:
        asked = {name: value for name, value in {**self.asked, **changes}.items() if value is not None}
        return self.http.get("/auth", params=asked)

    def choose(self, page: Any, identite: str = "899700500012|e-CPS", decision: str = "accepter") -> Any:
        number = re.search(r'name="demande" value="([^"]+)"', page.text)
        assert number, page.text
        return self.http.post("/auth", data={"demande": number[1], "identite": identite, "decision": decision})

    @staticmethod
    def returned(answer: Any) -> dict[str, str]:
        """What came back on the redirection address."""
        assert answer.status_code == 302, answer.text
        parts = urlsplit(answer.headers["location"])
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == "http://localhost:9000/retour"
        return {name: values[0] for name, values in parse_qs(parts.query).items()}

    def login(self, identite: str = "899700500012|e-CPS", **changes: str | None) -> str:
        """The code of a successful identification."""
        return self.returned(self.choose(self.ask(**changes), identite))["code"]

    def token(self, code: str = "", *, basic: bool = True, **changes: str) -> Any:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
            **changes,
        }
        if basic:
            return self.http.post(
                f"{REALM}/protocol/openid-connect/token", data=form, auth=("opensegur-demo", SECRET)
            )
        form = {"client_id": "opensegur-demo", "client_secret": SECRET, **form}
        return self.http.post(f"{REALM}/protocol/openid-connect/token", data=form)

    def refresh(self, token: str) -> Any:
        return self.http.post(
            f"{REALM}/protocol/openid-connect/token",
            data={"grant_type": "refresh_token", "refresh_token": token},
            auth=("opensegur-demo", SECRET),
        )

    def back(self, path: str, **form: str) -> Any:
        """One of the other back-channel addresses."""
        return self.http.post(f"{REALM}/protocol/openid-connect/{path}", data=form, auth=("opensegur-demo", SECRET))

    def userinfo(self, token: str) -> Any:
        return self.http.get(
            f"{REALM}/protocol/openid-connect/userinfo", headers={"authorization": f"Bearer {token}"}
        )

    def verified(self, token: str, **options: Any) -> dict[str, Any]:
        """The claims of a token, its signature checked with the published key."""
        keys = jwt.PyJWKSet.from_dict(self.http.get(f"{REALM}/protocol/openid-connect/certs").json())
        kid = jwt.get_unverified_header(token)["kid"]
        key = next(item for item in keys.keys if item.key_id == kid)
        return jwt.decode(token, key, algorithms=["RS256"], issuer=self.metadata["issuer"], **options)


@pytest.fixture
def fs(client: Any) -> Fs:
    return Fs(client)
