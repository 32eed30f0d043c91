"""The authorization server of an API: a token of PSC for one of its own, with a certificate of the structure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from opensegur.foundation.ports import FixedClock, HttpRequest, HttpResponse
from opensegur.psc import Api, exchange, is_bound_to
from opensegur.sandbox.context import SandboxContext
from opensegur.sandbox.population.acteurs import CABINET

from .conftest import Fs

TOKEN = "/auth/realms/api-bac-a-sable/protocol/openid-connect/token"
GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"
KIND = "urn:ietf:params:oauth:token-type:access_token"


@pytest.fixture
def structure(tls_client: Callable[..., Any], contexte: SandboxContext) -> Any:
    """The back end of a structure, with its certificate."""
    return tls_client(contexte.pki.dmp_auth(CABINET.id_nat))


def asked(token: str, **changes: str) -> dict[str, str]:
    return {
        "grant_type": GRANT,
        "subject_token": token,
        "subject_token_type": KIND,
        "subject_issuer": "psc",
        "scope": "dossier.lire",
        **changes,
    }


def access(fs: Fs) -> str:
    return str(fs.token(fs.login()).json()["access_token"])


def test_the_library_obtains_a_token_bound_to_the_certificate(
    fs: Fs, structure: Any, contexte: SandboxContext
) -> None:
    class Transport:
        def send(self, request: HttpRequest) -> HttpResponse:
            answer = structure.post(request.url, content=request.body, headers=request.headers)
            return HttpResponse(answer.status_code, dict(answer.headers), answer.content)

    der = x509.load_pem_x509_certificates(contexte.pki.dmp_auth(CABINET.id_nat).certificat.read_bytes())[
        0
    ].public_bytes(Encoding.DER)
    clock = FixedClock(contexte.clock.now())

    found = exchange(Transport(), Api(TOKEN), access(fs), ["dossier.lire"], clock=clock, certificat=der)

    assert found.perimetres == ("dossier.lire",)
    assert found.expire_le == clock.now() + timedelta(hours=1)
    assert not is_bound_to(found.acces, b"autre")


def test_without_a_certificate_nothing_is_given(fs: Fs) -> None:
    answer = fs.http.post(TOKEN, data=asked(access(fs)))

    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"grant_type": "authorization_code"}, "unsupported_grant_type"),
        ({"subject_token_type": "urn:ietf:params:oauth:token-type:refresh_token"}, "invalid_request"),
        ({"subject_issuer": "autre"}, "invalid_request"),
        ({"scope": ""}, "invalid_scope"),
        ({"scope": "tout"}, "invalid_scope"),
        ({"subject_token": "faux"}, "invalid_grant"),
    ],
)
def test_what_is_asked_wrongly_is_refused(fs: Fs, structure: Any, changes: dict[str, str], error: str) -> None:
    answer = structure.post(TOKEN, data=asked(access(fs), **changes))

    assert (answer.status_code, answer.json()["error"]) == (400, error)


def test_a_token_of_three_minutes_ago_is_worth_nothing(fs: Fs, structure: Any, contexte: SandboxContext) -> None:
    token = access(fs)
    contexte.clock.advance(timedelta(seconds=121))

    assert structure.post(TOKEN, data=asked(token)).json()["error"] == "invalid_grant"


def test_a_certificate_that_signs_does_not_authenticate(
    fs: Fs, tls_client: Callable[..., Any], contexte: SandboxContext
) -> None:
    signer = tls_client(contexte.pki.dmp_sign(CABINET.id_nat))

    assert signer.post(TOKEN, data=asked(access(fs))).json()["error"] == "invalid_client"
