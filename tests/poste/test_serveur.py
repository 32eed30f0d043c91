"""The agent on the wire: loopback alone, the next port when one is taken, and nothing odd let through."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from opensegur.cps.testing import LecteursVirtuels, make_card
from opensegur.foundation.errors import ConfigurationError
from opensegur.poste.defis import seal_of
from opensegur.poste.jumelage import Carnet, Jumelage
from opensegur.poste.materiel_cps import MaterielCps
from opensegur.poste.serveur import ServeurPoste
from opensegur.poste.service import Agent
from poste.conftest import POSTE, SECRET, SERVEUR


@pytest.fixture
def serveur(tmp_path: Path) -> Iterator[ServeurPoste]:
    carnet = Carnet(tmp_path / "jumelage.json")
    carnet.write(Jumelage(SERVEUR, POSTE, SECRET, "Cabinet des Tilleuls"))
    with ServeurPoste(
        lambda port: Agent(carnet, MaterielCps(lambda: LecteursVirtuels(a=make_card())), port), (0,)
    ) as made:
        yield made


def ask(port: int, path: str, **headers: str) -> tuple[int, dict[str, str]]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("GET", path, headers={"Origin": SERVEUR, **headers})
        response = connection.getresponse()
        return response.status, json.loads(response.read())


def test_a_page_reads_the_state(serveur: ServeurPoste) -> None:
    status, hello = ask(serveur.port, "/v1/bonjour")
    assert (status, hello["poste"]) == (200, POSTE)
    seal = seal_of(SECRET, SERVEUR, hello["defi"])
    status, state = ask(serveur.port, "/v1/etat", Authorization=f"Bearer {hello['defi']}.{seal}")
    assert status == 200
    assert state["lecteurs"] == [{"nom": "a", "carte": True}]


def test_nothing_but_loopback_is_listened_to(serveur: ServeurPoste) -> None:
    addresses = {each.server_address[0] for each in serveur._serveurs}
    assert addresses <= {"127.0.0.1", "::1"}


def raw(port: int, text: str) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(text.replace("\n", "\r\n").encode())
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(4096), b""))


@pytest.mark.parametrize(
    "headers",
    [
        "Host: {h}\nHost: voleur.example\n",
        "Host: {h}\nOrigin: {o}\nOrigin: https://voleur.example\n",
        "Host: {h}\nContent-Length: 9999999\n",
        "Host: {h}\nContent-Length: -1\n",
        "Host: {h}\nTransfer-Encoding: chunked\n",
    ],
    ids=["two hosts", "two origins", "too long", "negative", "chunked"],
)
def test_what_could_be_read_in_two_ways_is_refused(serveur: ServeurPoste, headers: str) -> None:
    said = headers.format(h=f"127.0.0.1:{serveur.port}", o=SERVEUR)
    assert raw(serveur.port, f"GET /v1/bonjour HTTP/1.1\n{said}\n").startswith(b"HTTP/1.1 400")


def test_no_request_is_cached_nor_guessed(serveur: ServeurPoste) -> None:
    answer = raw(serveur.port, f"GET / HTTP/1.1\nHost: 127.0.0.1:{serveur.port}\nConnection: close\n\n")
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"cache-control: no-store" in answer
    assert b"x-content-type-options: nosniff" in answer
    assert b"server:" not in answer.lower().partition(b"\r\n\r\n")[0]


def _free(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def test_the_next_port_is_taken_when_the_first_is_another_programs(tmp_path: Path) -> None:
    first, second = _free(2)

    def build(port: int) -> Agent:
        return Agent(Carnet(tmp_path / "j.json"), MaterielCps(LecteursVirtuels), port)

    with ServeurPoste(build, (first, second)) as one:
        assert one.port == first
        with ServeurPoste(build, (first, second)) as two:
            assert two.port == second
            with pytest.raises(ConfigurationError) as caught:
                ServeurPoste(build, (first, second))
            assert caught.value.code == "POSTE_PORT"
