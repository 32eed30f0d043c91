"""A certified OpenID Connect provider that nobody here wrote, in the place of Pro Santé Connect (node-oidc-provider).

``OPENSEGUR_OIDC`` names the folder where ``npm install`` was run on ``fournisseur_oidc/package.json``.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest

from opensegur.foundation.points import PointPsc
from opensegur.foundation.ports import SystemClock
from opensegur.psc import DemandeCiba, MoyenPsc, PscClient, PscError, SessionPsc, psc_transport
from opensegur.psc.testing import MEDECIN

_SERVEUR = Path(__file__).parent / "fournisseur_oidc" / "serveur.mjs"
_RETOUR = "http://127.0.0.1:9/psc/retour/"
_CLIENT = {"id": "cabinet-d-essai", "secret": "un secret d'essai : + %"}
_MOI = {**MEDECIN, "sub": "f:federation:899700218896"}
_REFUS = {**MEDECIN, "sub": "f:federation:refus", "SubjectNameID": "899700427869", "refuse": True}
_PATIENCE = 15.0


@pytest.fixture(scope="module")
def adresse() -> Iterator[str]:
    installed = os.environ.get("OPENSEGUR_OIDC", "")
    if not installed or shutil.which("node") is None:
        pytest.skip("node-oidc-provider is not on this machine (set OPENSEGUR_OIDC)")
    asked = json.dumps({"identites": [_MOI, _REFUS], "client": _CLIENT, "retour": _RETOUR})
    command = ["node", str(_SERVEUR), installed, asked]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.terminate()


@pytest.fixture
def client(adresse: str) -> PscClient:
    point = PointPsc(
        f"{adresse}/auth/realms/esante-wallet/.well-known/wallet-openid-configuration",
        _CLIENT["id"],
        client_secret=_CLIENT["secret"],
        redirection=_RETOUR,
    )
    return PscClient(psc_transport(point), point, SystemClock())


@dataclass
class Navigateur:
    """The person's browser: it follows every redirection but the one that leads back to us."""

    http: httpx.Client

    def go(self, url: str) -> dict[str, str]:
        for _ in range(10):
            if url.startswith(_RETOUR):
                return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
            answer = self.http.get(url)
            assert answer.is_redirect, (answer.status_code, answer.text[:500])
            url = str(answer.next_request.url) if answer.next_request else ""
        raise AssertionError("the provider sends the browser round and round")


@pytest.fixture
def navigateur() -> Iterator[Navigateur]:
    with httpx.Client(trust_env=False) as http:
        yield Navigateur(http)


def _wait(client: PscClient, demande: DemandeCiba) -> SessionPsc:
    limit = time.monotonic() + _PATIENCE
    answer: SessionPsc | DemandeCiba = demande
    while isinstance(answer, DemandeCiba):
        assert time.monotonic() < limit, "nobody answered"
        answer = client.poll(answer)
    return answer


def _code(call: Any, *arguments: Any) -> str:
    with pytest.raises(PscError) as refused:
        call(*arguments)
    return refused.value.code


def test_a_person_comes_in_by_the_browser(client: PscClient, navigateur: Navigateur) -> None:
    demande = client.begin()
    session = client.complete(demande, navigateur.go(demande.url))

    assert (session.userinfo.sujet, session.userinfo.rpps) == (_MOI["sub"], "99700218896")
    assert session.userinfo.choices()


def test_a_code_serves_once_and_for_the_demand_that_it_answers(client: PscClient, navigateur: Navigateur) -> None:
    demande = client.begin()
    came_back = navigateur.go(demande.url)
    assert _code(client.complete, replace(demande, verifier="x" * 50), came_back) == "PSC_SESSION"

    other = client.begin()
    assert _code(client.complete, other, came_back) == "PSC_STATE"

    again = client.begin()
    came_back = navigateur.go(again.url)
    client.complete(again, came_back)
    assert _code(client.complete, again, came_back) == "PSC_SESSION"


def test_another_nonce_is_not_believed(client: PscClient, navigateur: Navigateur) -> None:
    demande = client.begin()

    assert _code(client.complete, replace(demande, nonce="autre"), navigateur.go(demande.url)) == "PSC_ID_TOKEN"


def test_tokens_are_renewed_and_the_former_are_spent(client: PscClient, navigateur: Navigateur) -> None:
    demande = client.begin()
    first = client.complete(demande, navigateur.go(demande.url))

    second = client.refresh(first)

    assert second.jetons.acces != first.jetons.acces
    assert second.authentifie_le == first.authentifie_le
    assert _code(client.refresh, first) == "PSC_SESSION"


def test_a_token_is_introspected_then_revoked(client: PscClient, navigateur: Navigateur) -> None:
    demande = client.begin()
    session = client.complete(demande, navigateur.go(demande.url))
    assert client.introspect(session.jetons.acces)["client_id"] == _CLIENT["id"]

    client.revoke(session.jetons.acces)

    assert client.introspect(session.jetons.acces) == {}


@pytest.mark.parametrize("moyen", MoyenPsc)
def test_a_person_comes_in_by_the_phone_or_the_card(client: PscClient, moyen: MoyenPsc) -> None:
    demande = client.ask(_MOI["SubjectNameID"], moyen)
    session = _wait(client, demande)

    assert (session.userinfo.id_nat, session.moyen) == (_MOI["SubjectNameID"], moyen.value)
    assert _code(client.poll, replace(demande, prochain_le=SystemClock().now())) == "PSC_CIBA_EXPIREE"


def test_a_refusal_on_the_phone(client: PscClient) -> None:
    assert _code(_wait, client, client.ask(_REFUS["SubjectNameID"])) == "PSC_ACCESS_DENIED"


def test_nobody_of_that_number(client: PscClient) -> None:
    assert _code(client.ask, "899700000001") == "PSC_CIBA_INCONNU"


def test_leaving_asks_the_provider_with_what_it_knows(client: PscClient, navigateur: Navigateur) -> None:
    demande = client.begin()
    session = client.complete(demande, navigateur.go(demande.url))
    url = client.logout_url(session.jetons.identite, _RETOUR, "etat")

    page = navigateur.http.get(url)

    # this provider asks the person to confirm: it has taken the token and the address
    assert page.status_code == 200
    assert "confirm" in page.text
    assert client.leave(session.jetons.identite)


def test_its_keys_are_those_that_it_publishes(client: PscClient, navigateur: Navigateur) -> None:
    demande = client.begin()
    session = client.complete(demande, navigateur.go(demande.url))

    header = jwt.get_unverified_header(session.jetons.identite)
    assert header["alg"] == "RS256"
    assert header["kid"]
