"""The two listeners for real: TLS, certificates, faults on the wire, restart, the terminal."""

from __future__ import annotations

import json
import socket
from dataclasses import replace

import pytest
import urllib3
from click.testing import CliRunner

from opensegur.cli.sandbox import sandbox as command
from opensegur.foundation.configuration import load_configuration
from opensegur.foundation.errors import ConfigurationError
from opensegur.foundation.tls import client_context
from opensegur.sandbox.client import export_client_configuration, write_addresses
from opensegur.sandbox.exchanges import Issue
from opensegur.sandbox.faults import Fault, Nature
from opensegur.sandbox.pki.magasin import ESSAIS
from opensegur.sandbox.population.acteurs import CABINET, OFFICINE
from opensegur.sandbox.server import SandboxServer
from opensegur.sandbox.settings import SandboxSettings


@pytest.fixture
def server(donnees):
    server = SandboxServer(donnees)
    with server as addresses:
        yield server, addresses


def ask(server, url, pair=None, method="GET"):
    pki = server.context.pki
    tls = client_context(
        certificate=pair and pair.certificat, key=pair and pair.cle, password=None, anchors=pki.racine
    )
    with urllib3.PoolManager(ssl_context=tls, retries=False) as pool:
        return pool.request(method, url)


def test_browsers_in_clear_and_services_in_tls(server):
    running, addresses = server
    assert ask(running, addresses.console).status == 200
    assert ask(running, addresses.psc_decouverte).status == 200
    assert ask(running, f"{addresses.insi}?wsdl").status == 200


def test_the_certificate_reaches_the_service(server):
    running, addresses = server
    pair = running.context.pki.insi(CABINET.id_nat)
    ask(running, addresses.insi, pair, "POST")
    found = running.context.exchanges.search(limit=1)[0]
    assert "OU=300000099200016" in found.pair
    ask(running, addresses.insi, None, "POST")
    assert running.context.exchanges.search(limit=1)[0].verdict.refus[0].regle.id == "tls.absent"


def test_a_refusal_by_tls_itself_is_kept_with_its_rule(server):
    running, addresses = server
    with pytest.raises(urllib3.exceptions.HTTPError):
        ask(running, addresses.insi, running.context.pki.client(ESSAIS, "expire"), "POST")
    found = running.context.exchanges.search(service="tls")[0]
    assert found.verdict.refus[0].regle.id == "tls.expire"


def test_a_service_that_is_not_there(server):
    running, addresses = server
    running.context.faults.order(Fault("insi", Nature.UNAVAILABLE, secondes=7))
    answer = ask(running, addresses.insi, method="POST")
    assert (answer.status, answer.headers["retry-after"]) == (503, "7")
    assert running.context.exchanges.search(limit=1)[0].verdict.issue is Issue.PANNE


def test_an_answer_cut_in_the_middle(server):
    running, addresses = server
    running.context.faults.order(Fault("insi", Nature.CUT))
    with pytest.raises(urllib3.exceptions.HTTPError):
        ask(running, addresses.insi, method="POST")
    assert ask(running, addresses.insi, method="POST").status == 500


def test_a_slow_service_still_answers(server):
    running, addresses = server
    running.context.faults.order(Fault("insi", Nature.SLOW, secondes=0.05))
    assert ask(running, addresses.insi, method="POST").status == 500
    assert running.context.exchanges.search(limit=1)[0].duree_ms >= 50


def test_the_state_and_the_certificates_survive_a_restart(donnees):
    server = SandboxServer(donnees)
    with server as addresses:
        ask(server, addresses.insi, method="POST")
        root = server.context.pki.racine.read_bytes()
    with server:
        assert len(server.context.exchanges.search()) == 1
        assert server.context.pki.racine.read_bytes() == root


def test_a_taken_port_is_said_in_french(donnees):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ConfigurationError) as refused:
            SandboxServer(donnees, http_port=taken.getsockname()[1]).start()
    assert refused.value.code == "SANDBOX_PORT"


def test_the_settings_are_taken_with_the_folder_of_the_server(donnees):
    server = SandboxServer(donnees, settings=SandboxSettings(donnees / "autre", strict=False))
    with server:
        assert not server.context.switches.strict
        assert server.context.data_dir == donnees


def test_a_client_configuration_is_ready_to_be_read(server, tmp_path):
    running, addresses = server
    made = export_client_configuration(tmp_path / "c", addresses, running.context.pki, OFFICINE)
    found = load_configuration(made.fichier, {})
    assert found.structure == OFFICINE
    assert found.insi.url == addresses.insi
    assert found.psc.client_secret == "secret-public-de-demonstration"
    assert replace(found, psc=None, insi=None, dmp=None) == replace(made.configuration, psc=None, insi=None, dmp=None)
    assert "secret-public" not in made.fichier.read_text(encoding="utf-8")
    assert json.loads(write_addresses(tmp_path, addresses).read_text(encoding="utf-8"))["insi"] == addresses.insi


def test_the_terminal_resets(donnees):
    result = CliRunner().invoke(command, ["--donnees", str(donnees), "reset", "--scenario", "vide"])
    assert result.exit_code == 0, result.output
    assert "vide" in result.output


def test_the_terminal_explains_itself_in_french():
    result = CliRunner().invoke(command, ["--help"])
    assert "Démarrer le bac à sable" in result.output
    assert "--indulgent" in result.output
