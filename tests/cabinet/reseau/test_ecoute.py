"""Listening over TLS: a certificate renewed while the server works serves the next connection."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings

from opensegur.cabinet.reseau.certificats import CertificatPropre
from opensegur.cabinet.reseau.ecoute import Ecoute, listen
from opensegur.cabinet.reseau.machine import LOOPBACK, Machine
from opensegur.cabinet.serveur import CabinetServer
from opensegur.foundation.errors import OpenSegurError
from opensegur.foundation.ports import FixedClock


async def nothing(scope: Any, _receive: Any, send: Any) -> None:
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})


@pytest.fixture
def machine() -> list[Machine]:
    return [Machine(("tilleuls",))]


@pytest.fixture
def certificat(tmp_path: Path, machine: list[Machine]) -> CertificatPropre:
    return CertificatPropre(tmp_path / "tls", lambda: machine[0], datetime.now(UTC))


@pytest.fixture
def port(certificat: CertificatPropre) -> Iterator[int]:
    listener = listen("127.0.0.1", 0)
    ecoute = Ecoute(nothing, listener, "essai", certificat.contexte)
    assert ecoute.start(30)
    yield listener.getsockname()[1]
    ecoute.stop(30)


def serial(port: int, certificat: CertificatPropre, name: str = "tilleuls") -> str:
    context = ssl.create_default_context(cafile=certificat.dossier / "autorite.pem")
    with (
        socket.create_connection(("127.0.0.1", port), timeout=20) as raw,
        context.wrap_socket(raw, server_hostname=name) as connection,
    ):
        return str(connection.getpeercert()["serialNumber"])  # type: ignore[index]


def test_a_renewed_certificate_serves_the_next_connection(port: int, certificat: CertificatPropre) -> None:
    before = serial(port, certificat)
    assert serial(port, certificat) == before
    assert certificat.refresh(datetime.now(UTC) + timedelta(days=370))
    # the new one begins later: what matters is that it is not the former one any more
    with pytest.raises(ssl.SSLCertVerificationError, match="not yet valid"):
        serial(port, certificat)


def test_an_address_lent_today_is_served_at_once(
    port: int, certificat: CertificatPropre, machine: list[Machine]
) -> None:
    machine[0] = Machine(("tilleuls", "tilleuls.lan"), (LOOPBACK[0],))
    assert certificat.refresh(datetime.now(UTC))
    assert serial(port, certificat, "tilleuls.lan")


def test_nothing_in_clear_is_answered_on_the_port_of_https(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as raw:
        raw.sendall(b"GET / HTTP/1.1\r\nHost: tilleuls\r\n\r\n")
        with suppress(ConnectionResetError):
            assert not raw.recv(100).startswith(b"HTTP")


def test_the_names_that_come_with_it_are_admitted(certificat: CertificatPropre, machine: list[Machine]) -> None:
    with override_settings(ALLOWED_HOSTS=["tilleuls"]):
        server = CabinetServer(port=0, certificat=certificat, horloge=FixedClock(datetime.now(UTC)))
        machine[0] = Machine(("tilleuls", "tilleuls.lan"))
        server.look_at_certificate()
        assert "tilleuls.lan" in settings.ALLOWED_HOSTS
        server._socket.close()


def test_what_cannot_be_renewed_goes_on_serving(
    port: int, certificat: CertificatPropre, machine: list[Machine], caplog: pytest.LogCaptureFixture
) -> None:
    server = CabinetServer(port=0, certificat=certificat, horloge=FixedClock(datetime.now(UTC)))
    (certificat.dossier / "autorite.cle.pem").unlink()
    machine[0] = Machine(("tilleuls", "tilleuls.lan"))
    server.look_at_certificate()
    server._socket.close()
    assert "AUTORITE_ILLISIBLE" in caplog.text
    assert serial(port, certificat)


@pytest.mark.parametrize(("hote", "code"), [("192.0.2.77", "HOTE_INCONNU"), ("pas.un.hote.invalid", "HOTE_INCONNU")])
def test_an_address_of_elsewhere_is_not_listened_on(hote: str, code: str) -> None:
    with pytest.raises(OpenSegurError) as caught:
        listen(hote, 0)
    assert caught.value.code == code
