"""How any service is served: failures, limits, faults, and what the console is told of them."""

from __future__ import annotations

import logging

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from opensegur.sandbox.exchanges import Issue, Verdict
from opensegur.sandbox.faults import Fault, Nature
from opensegur.sandbox.service import Call, Endpoint, Reply


@pytest.fixture
def serve(contexte):
    """Sends one request to a handler served as « insi »."""

    def failed(call: Call) -> Reply:
        return Reply(500, b"<panne/>", "text/xml", verdict=Verdict(Issue.ERREUR))

    def send(handler, **options):
        import asyncio

        application = Starlette(routes=[Route("/x", Endpoint(contexte, "insi", handler, failed), methods=["POST"])])

        async def ask():
            transport = httpx.ASGITransport(application)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost", trust_env=False) as client:
                return await client.post("/x", **options)

        return asyncio.run(ask())

    return send


def echo(call: Call) -> Reply:
    body = f"{call.method} {call.path}?{call.query} {len(call.body)} {call.too_large} {call.full}".encode()
    return Reply(200, body, "text/plain", "Écho", summary={"taille": str(len(call.body))})


def test_a_handler_sees_the_request_and_the_console_the_exchange(serve, contexte):
    answer = serve(
        echo, content=b"abc", params={"a": "1"}, headers={"authorization": "Bearer secret", "cookie": "c=1"}
    )
    assert answer.text == "POST /x?a=1 3 False False"
    found = contexte.exchanges.get(contexte.exchanges.search()[0].id)
    assert (found.operation, found.requete, found.reponse) == ("Écho", b"abc", answer.content)
    kept = dict(found.entetes_requete)
    assert kept["authorization"] == "Bearer …"
    assert kept["cookie"] == "…"


def test_a_failure_of_the_simulator_is_an_answer_never_a_traceback(serve, contexte, caplog):
    def broken(call: Call) -> Reply:
        raise ZeroDivisionError

    with caplog.at_level(logging.CRITICAL, logger="opensegur.sandbox"):
        answer = serve(broken)
    assert (answer.status_code, answer.content) == (500, b"<panne/>")
    assert contexte.exchanges.search()[0].verdict.issue is Issue.ERREUR


@pytest.mark.parametrize("size", [200_001, 700_000, 2_000_000])
def test_a_body_beyond_the_limit_is_not_kept(serve, contexte, size):
    answer = serve(echo, content=b"x" * size)
    assert " 0 True " in answer.text
    assert contexte.exchanges.get(contexte.exchanges.search()[0].id).requete == b""


def test_the_limit_itself_is_admitted(serve):
    assert " 200000 False " in serve(echo, content=b"x" * 200_000).text


@pytest.mark.parametrize(
    ("nature", "status", "text"),
    [
        (Nature.FULL, 200, "True"),
        (Nature.UNAVAILABLE, 503, "indisponible"),
        (Nature.SLOW, 200, "POST"),
    ],
)
def test_an_ordered_fault_is_suffered_once_and_named(serve, contexte, nature, status, text):
    contexte.faults.order(Fault("insi", nature))
    answer = serve(echo)
    assert answer.status_code == status
    assert text in answer.text
    found = contexte.exchanges.search()[0]
    assert found.verdict.issue is Issue.PANNE
    assert found.resume["Panne commandée"] == nature.libelle
    assert serve(echo).status_code == 200
    assert contexte.exchanges.search()[0].verdict.issue is Issue.ACCEPTEE
