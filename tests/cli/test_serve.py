"""``opensegur serve``: from an empty folder to a practice on its network, and what stops it from starting."""

from __future__ import annotations

import http.client
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

_COMMANDE = [sys.executable, "-c", "from opensegur.cli import main; main()", "serve"]
_INSTALLER = (  # noqa: SIM905 - as it is typed
    "--structure 300000099200016 --secteur SA07 --code-postal 18340 --ville LEVET --role medecin --prenom Ana "
    "--nom DURAND --id-nat 899700500012 --savoir-faire SM26 --identifiant ana.durand"
).split()


def run(*arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [*_COMMANDE, *arguments], check=False, capture_output=True, text=True, encoding="utf-8", timeout=120
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def donnees(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("serve")
    secret = folder / "mot-de-passe.txt"
    secret.write_text("trois-lapins-bleus\n", encoding="utf-8")
    code, text = run(
        "installer", "--donnees", str(folder / "donnees"), "--nom-structure", "Cabinet des Tilleuls", *_INSTALLER,
        "--mot-de-passe-fichier", str(secret),
    )  # fmt: skip
    assert code == 0, text
    assert "Ana DURAND y entre avec « ana.durand »" in text
    return folder / "donnees"


@dataclass(frozen=True)
class Served:
    https: int
    clair: int
    process: subprocess.Popen[str]


@pytest.fixture(scope="module")
def served(donnees: Path) -> Iterator[Served]:
    """On free ports, which the two lines that it prints give."""
    command = [*_COMMANDE, "--donnees", str(donnees), "--hote", "127.0.0.1", "--port", "0", "--http", "0"]
    command += ["--nom", "cabinet.lan"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if "Ctrl+C" in line:
                break
        https = int(lines[0].strip().rpartition(":")[2])
        clair = int(next(line for line in lines if "renvoie" in line).split()[2])
        yield Served(https, clair, process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        assert "Arrêté." in process.stdout.read()


def ask(served: Served, authority: Path, name: str, host: str = "") -> tuple[int, str]:
    """As a workstation that trusts the practice's authority alone: the status and the cookie of the login page."""
    context = ssl.create_default_context(cafile=authority)
    with closing(http.client.HTTPSConnection(name, served.https, timeout=30)) as connection:
        raw = socket.create_connection(("127.0.0.1", served.https), timeout=30)
        connection.sock = context.wrap_socket(raw, server_hostname=name)
        connection.request("GET", "/compte/connexion/", headers={"Host": host or name})
        response = connection.getresponse()
        return response.status, response.getheader("Set-Cookie") or ""


@pytest.fixture(scope="module")
def authority(donnees: Path, served: Served, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("poste") / "autorite.crt"
    code, text = run("autorite", "--donnees", str(donnees), str(file))
    assert code == 0
    assert "certutil -addstore -f Root" in text
    assert "Firefox" in text
    return file


@pytest.mark.parametrize("name", ["cabinet.lan", "localhost"])
def test_a_workstation_that_trusts_the_authority_comes_in(served: Served, authority: Path, name: str) -> None:
    status, cookie = ask(served, authority, name)
    assert status == 200
    assert cookie.startswith("__Host-opensegur_csrf=")
    assert "Path=/;" in cookie
    assert "Secure" in cookie


def test_another_name_is_refused_by_the_server(served: Served, authority: Path) -> None:
    assert ask(served, authority, "localhost", "voleur.example")[0] == 400


def test_what_is_asked_in_clear_is_only_sent_on(served: Served) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", served.clair, timeout=30)) as connection:
        connection.request("GET", "/compte/connexion/", headers={"Host": f"cabinet.lan:{served.clair}"})
        response = connection.getresponse()
        assert (response.status, response.read()) == (308, b"")
        assert response.getheader("Location") == f"https://cabinet.lan:{served.https}/compte/connexion/"


def test_a_port_that_is_taken_is_said_with_its_option(served: Served, donnees: Path) -> None:
    code, text = run("--donnees", str(donnees), "--hote", "127.0.0.1", "--port", str(served.https))
    assert code == 1
    assert "PORT_OCCUPE" in text
    assert "--port" in text
    code, text = run("--donnees", str(donnees), "--hote", "127.0.0.1", "--port", "0", "--http", str(served.clair))
    assert code == 1
    assert "--http" in text


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--nom", "cabinet.example"], 1, "AUTORITE_NOM"),
        (["--nom", "pas un nom"], 2, "n’est pas un nom de machine"),
        (["--certificat", "absent.pem"], 2, "vont ensemble"),
        (["--certificat", "absent.pem", "--cle", "absente.pem"], 1, "SERVEUR_FICHIER"),
        (["--hote", "192.0.2.77", "--port", "0"], 1, "HOTE_INCONNU"),
    ],
    ids=["name", "no name", "half a pair", "no file", "not here"],
)
def test_what_is_wrong_is_said_before_anything_listens(
    served: Served, donnees: Path, arguments: list[str], code: int, said: str
) -> None:
    found, text = run("--donnees", str(donnees), *arguments)
    assert (found, said in text) == (code, True), text


def test_a_folder_without_a_practice_is_not_served(tmp_path: Path) -> None:
    code, text = run("--donnees", str(tmp_path / "rien"))
    assert (code, "CABINET_ABSENT" in text) == (1, True)
    (tmp_path / "rien").mkdir()
    code, text = run("--donnees", str(tmp_path / "rien"), "--hote", "127.0.0.1", "--port", "0", "--sans-http")
    assert (code, "CABINET_SANS_COMPTE" in text) == (1, True)
    assert "opensegur serve installer" in text


def test_the_installation_is_made_once(donnees: Path) -> None:
    secret = donnees.parent / "mot-de-passe.txt"
    code, text = run(
        "installer", "--donnees", str(donnees), "--nom-structure", "Autre", *_INSTALLER,
        "--mot-de-passe-fichier", str(secret),
    )  # fmt: skip
    assert (code, "CABINET_EXISTE" in text) == (1, True)


def test_the_service_of_the_system_is_written(tmp_path: Path) -> None:
    unit, task = tmp_path / "opensegur.service", tmp_path / "opensegur.xml"
    folder = str(tmp_path / "donnees")
    code, text = run("service", "--donnees", folder, "--sortie", str(unit), "--", "--nom", "cabinet.lan")
    assert (code, "systemctl enable --now" in text) == (0, True)
    assert "--nom cabinet.lan" in unit.read_text(encoding="utf-8")
    code, text = run("service", "--windows", "--donnees", folder, "--sortie", str(task))
    assert (code, "schtasks /Create" in text) == (0, True)
    assert "<ExecutionTimeLimit>PT0S<" in task.read_text(encoding="utf-16")
