"""A machine that several people share: each one's agent answers their own browser."""

from __future__ import annotations

import http.client
import os
import socket
import sys
from contextlib import closing
from pathlib import Path

import pytest

from opensegur.cps.testing import LecteursVirtuels
from opensegur.poste import voisins
from opensegur.poste.jumelage import Carnet
from opensegur.poste.materiel_cps import MaterielCps
from opensegur.poste.serveur import ServeurPoste
from opensegur.poste.service import Agent

_TABLE = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:A302 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1 1 0 100 0 0 10 0
   1: 0100007F:C001 0100007F:A302 01 00000000:00000000 00:00000000 00000000  1001        0 2 1 0 100 0 0 10 0
   2: 0100007F:A302 0100007F:C001 01 00000000:00000000 00:00000000 00000000  1000        0 3 1 0 100 0 0 10 0
"""
HERE = ("127.0.0.1", 41730)

little = pytest.mark.skipif(sys.byteorder != "little", reason="the table is that of a little-endian machine")
linux = pytest.mark.skipif(sys.platform != "linux", reason="Linux alone tells")


@little
@pytest.mark.parametrize(
    ("peer", "owner"), [(("127.0.0.1", 0xC001), 1001), (("127.0.0.1", 0xC002), None)], ids=["known", "gone"]
)
def test_the_end_of_the_browser_is_what_counts(peer: tuple[str, int], owner: int | None) -> None:
    assert voisins.owner_of(_TABLE, peer, HERE) == owner
    assert voisins.owner_of("", peer, HERE) is None


@linux
@pytest.mark.parametrize(("family", "host"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")], ids=["ipv4", "ipv6"])  # fmt: skip
def test_the_system_says_that_a_connection_of_ours_is_ours(family: socket.AddressFamily, host: str) -> None:
    with (
        socket.create_server((host, 0), family=family) as listener,
        socket.create_connection(listener.getsockname()[:2]) as client,
    ):
        peer, here = client.getsockname(), client.getpeername()
        table = Path("/proc/net", "tcp6" if ":" in host else "tcp").read_text(encoding="ascii")
        assert voisins.owner_of(table, peer, here) == os.getuid()
        assert not voisins.is_neighbour(peer, here)


@linux
def test_a_neighbour_is_not_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voisins, "owner_of", lambda *_: os.getuid() + 1)

    def build(port: int) -> Agent:
        return Agent(Carnet(tmp_path / "j.json"), MaterielCps(LecteursVirtuels), port)

    with (
        ServeurPoste(build, (0,)) as serveur,
        closing(http.client.HTTPConnection("127.0.0.1", serveur.port, timeout=20)) as connection,
    ):
        connection.request("GET", "/")
        response = connection.getresponse()
        assert response.status == 403
        assert b"POSTE_VOISIN" in response.read()
        assert response.getheader("access-control-allow-origin") is None
