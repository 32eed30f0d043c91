"""A token of Pro Santé Connect becomes that of an API, bound to the certificate of the structure."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opensegur.foundation.errors import TransportError
from opensegur.foundation.ports import FixedClock, HttpRequest, HttpResponse
from opensegur.psc import Api, PscError, exchange, is_bound_to

API = Api("https://api.exemple.invalid/token", "lps-1")
CERTIFICAT = b"un certificat en DER"
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
EMPREINTE = hashlib.sha256(CERTIFICAT)


class Serveur:
    """An authorization server that answers what it is told, and keeps what it was asked."""

    def __init__(self, status: int = 200, **said: Any) -> None:
        self.status, self.said, self.asked = status, said, {}

    def send(self, request: HttpRequest) -> HttpResponse:
        self.asked = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        return HttpResponse(self.status, {"content-type": "application/json"}, json.dumps(self.said).encode())


def jeton(**claims: Any) -> str:
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"e30.{body}.x"


def ask(server: Any, clock: FixedClock, **options: Any) -> Any:
    return exchange(server, API, "jeton-psc", ["dossier.lire", "dossier.ecrire"], clock=clock, **options)


def test_what_is_asked_and_what_is_given(clock: FixedClock) -> None:
    server = Serveur(access_token=jeton(), expires_in=3600, scope="dossier.lire")

    found = ask(server, clock)

    assert server.asked == {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token": "jeton-psc",
        "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
        "requested_token_type": "urn:ietf:params:oauth:token-type:access_token",
        "scope": "dossier.lire dossier.ecrire",
        "subject_issuer": "psc",
        "client_id": "lps-1",
    }
    assert (found.perimetres, found.expire_le) == (("dossier.lire",), clock.now() + timedelta(hours=1))
    assert found.acces not in repr(found)


@pytest.mark.parametrize(
    "written",
    [
        base64.urlsafe_b64encode(EMPREINTE.digest()).rstrip(b"=").decode(),
        base64.b64encode(EMPREINTE.hexdigest().encode()).decode(),
        base64.b64encode(EMPREINTE.hexdigest().upper().encode()).decode(),
    ],
    ids=["RFC 8705", "EDC", "EDC, capitals"],
)
def test_the_binding_is_read_in_each_of_its_writings(clock: FixedClock, written: str) -> None:
    server = Serveur(access_token=jeton(cnf={"x5t#S256": written}))

    assert ask(server, clock, certificat=CERTIFICAT).acces
    with pytest.raises(PscError) as refused:
        ask(server, clock, certificat=b"un autre")
    assert refused.value.code == "API_LIEN"


@pytest.mark.fixtures
def test_the_token_of_the_edc_is_read(official: Path) -> None:
    claims = json.loads((official / "psc" / "tokens" / "api-access-token-claims-edc.json").read_text())
    said = json.loads((official / "psc" / "tokens" / "token-exchange-response-edc.json").read_text())
    token = jeton(**claims)

    assert not is_bound_to(token, CERTIFICAT)
    server = Serveur(**(said | {"access_token": token}))
    assert exchange(server, API, "x", ["openid"], clock=FixedClock(_EPOCH)).perimetres == tuple(said["scope"].split())


@pytest.mark.parametrize(
    ("status", "error", "code"),
    [
        (401, "invalid_client", "API_CLIENT"),
        (400, "invalid_grant", "PSC_SESSION"),
        (401, "invalid_token", "PSC_SESSION"),
        (400, "invalid_scope", "API_PERIMETRE"),
        (400, "anything", "API_REPONSE"),
        (503, "", "PSC_UNAVAILABLE"),
        (429, "", "PSC_UNAVAILABLE"),
    ],
)
def test_each_refusal_has_its_words(clock: FixedClock, status: int, error: str, code: str) -> None:
    with pytest.raises(PscError) as refused:
        ask(Serveur(status, error=error), clock)

    assert refused.value.code == code
    assert refused.value.conseil


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"access_token": ""},
        {"access_token": 3},
        {"access_token": "x", "token_type": "mac"},
        {"access_token": "x", "issued_token_type": "urn:ietf:params:oauth:token-type:refresh_token"},
    ],
)
def test_an_answer_that_opens_nothing_is_refused(clock: FixedClock, said: dict[str, Any]) -> None:
    with pytest.raises(PscError) as refused:
        ask(Serveur(**said), clock)
    assert refused.value.code == "API_REPONSE"


def test_a_server_that_does_not_answer_may_be_asked_again(clock: FixedClock) -> None:
    class Muet:
        def send(self, request: HttpRequest) -> HttpResponse:
            raise TransportError("TRANSPORT_DELAI", "Pas de réponse.", retryable=True)

    with pytest.raises(PscError) as refused:
        ask(Muet(), clock)
    assert refused.value.retryable


@pytest.mark.parametrize("life", [None, "3600", True, -5, 10**12])
def test_a_strange_lifetime_never_lasts_more_than_a_day(clock: FixedClock, life: Any) -> None:
    found = ask(Serveur(access_token=jeton(), expires_in=life), clock)
    assert clock.now() <= found.expire_le <= clock.now() + timedelta(days=1)


@given(st.text())
def test_any_text_for_a_token_is_no_crash(text: str) -> None:
    assert is_bound_to(text, CERTIFICAT) in {True, False}
