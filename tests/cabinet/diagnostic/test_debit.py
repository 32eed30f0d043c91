"""How fast the network is, and whether somebody works behind the pages."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.utils import timezone

from opensegur.cabinet.diagnostic import debit
from opensegur.cabinet.diagnostic.constat import Constat, Niveau
from opensegur.cabinet.diagnostic.debit import check_throughput
from opensegur.cabinet.diagnostic.installation import check_installation
from opensegur.cabinet.envois.models import OuvrierVu
from opensegur.cabinet.envois.ouvrier import Ouvrier

BIG, SMALL = 2_000_000, 1000


class _Fichiers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        sizes = {"/grand": BIG, "/petit": SMALL}
        self.send_response(200 if self.path in sizes else 404)
        self.end_headers()
        self.wfile.write(bytes(sizes.get(self.path, 0)))

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def serveur() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Fichiers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_the_throughput_is_measured_by_a_download(serveur: str) -> None:
    found = check_throughput(f"{serveur}/grand")
    assert found.niveau is Niveau.VERT
    assert "Mbit/s" in found.dit


def test_a_slow_line_is_red(serveur: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debit, "_download", lambda _url: (1_000_000, 4.0))
    found = check_throughput(f"{serveur}/grand")
    assert (found.niveau, found.dit) == (Niveau.ROUGE, "2 Mbit/s en réception, pour 5 nécessaires.")


@pytest.mark.parametrize(("path", "niveau"), [("/petit", Niveau.ORANGE), ("/absent", Niveau.ROUGE)])
def test_what_cannot_be_measured_is_said(serveur: str, path: str, niveau: Niveau) -> None:
    assert check_throughput(serveur + path).niveau is niveau


def test_without_an_address_or_a_server_nothing_is_invented() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        unreachable = check_throughput(f"http://127.0.0.1:{nobody.getsockname()[1]}/")
    assert unreachable.niveau is Niveau.ROUGE
    assert check_throughput("").niveau is Niveau.ORANGE


def _workers(settings) -> Constat:
    found = check_installation(settings.REGLAGES.donnees, timezone.now())
    return next(each for each in found if each.sujet == "Travail de fond")


@pytest.mark.django_db(databases=["default", "journal"])
def test_a_worker_is_seen_and_missed_when_it_stops(settings) -> None:
    assert _workers(settings).dit == "Aucun ouvrier."
    Ouvrier()._show_up()
    Ouvrier()._show_up()
    assert _workers(settings).dit == "2 ouvrier(s) au travail."
    OuvrierVu.objects.update(vu_le=timezone.now() - timedelta(minutes=3))
    missed = _workers(settings)
    assert missed.niveau is Niveau.ROUGE
    assert missed.dit.startswith("Aucun ouvrier depuis le")


@pytest.mark.django_db(databases=["default", "journal"])
def test_a_worker_gone_for_a_day_is_forgotten() -> None:
    OuvrierVu.objects.create(nom="ancien", depuis=timezone.now(), vu_le=timezone.now() - timedelta(days=2))
    Ouvrier()._show_up()
    assert not OuvrierVu.objects.filter(nom="ancien").exists()
