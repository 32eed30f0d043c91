"""What is asked in clear goes to https, at a name that is ours."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from opensegur.cabinet.reseau.redirection import Redirection

OURS = ("cabinet.lan", "192.168.1.20", "fd00::2")


def location(host: str, path: bytes = b"/patients/", query: bytes = b"", port: int = 443) -> str:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        raise AssertionError("the body is not read")

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"host", host.encode())] if host else []
    scope = {"type": "http", "raw_path": path, "query_string": query, "headers": headers}
    asyncio.run(Redirection(lambda: OURS, port)(scope, receive, send))
    assert sent[0]["status"] == 308
    return dict(sent[0]["headers"])[b"location"].decode()


@pytest.mark.parametrize(
    ("host", "arrives"),
    [
        ("cabinet.lan", "https://cabinet.lan/patients/"),
        ("CABINET.lan:80", "https://cabinet.lan/patients/"),
        ("192.168.1.20:8080", "https://192.168.1.20/patients/"),
        ("[fd00::2]:80", "https://[fd00::2]/patients/"),
        ("voleur.example", "https://cabinet.lan/patients/"),
        ("cabinet.lan@voleur.example", "https://cabinet.lan/patients/"),
        ("", "https://cabinet.lan/patients/"),
    ],
    ids=["name", "capitals and port", "address", "ipv6", "another site", "userinfo", "no host"],
)
def test_the_name_asked_is_kept_only_when_it_is_ours(host: str, arrives: str) -> None:
    assert location(host) == arrives


def test_the_question_and_the_port_go_along() -> None:
    assert location("cabinet.lan", b"/a/%C3%A9", b"x=1&y=2", 8443) == "https://cabinet.lan:8443/a/%C3%A9?x=1&y=2"


@pytest.mark.parametrize(
    "path", [b"http://voleur.example/", b".voleur.example/", b"*"], ids=["absolute", "suffix", "star"]
)
def test_a_target_that_is_no_path_cannot_lengthen_the_host(path: bytes) -> None:
    assert location("cabinet.lan", path) == "https://cabinet.lan/"
