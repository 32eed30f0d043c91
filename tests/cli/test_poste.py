"""``opensegur poste`` in a terminal: its state, its start with the session, its pairing undone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from opensegur.poste.jumelage import Carnet, Jumelage

_COMMANDE = [sys.executable, "-c", "from opensegur.cli import main; main()", "poste"]


def run(folder: Path, *arguments: str, **variables: str) -> tuple[int, str]:
    """Nobody's session: neither a remote one, nor a library of cards."""
    known = {name: value for name, value in os.environ.items() if not name.startswith(("SSH_", "OPENSEGUR_"))}
    environ = {**known, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder / "config"), **variables}
    command = [*_COMMANDE, "--dossier", str(folder), *arguments]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, encoding="utf-8", timeout=120, env=environ
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


def test_the_state_says_what_is_missing_and_what_to_do(tmp_path: Path) -> None:
    code, text = run(tmp_path, "etat", OPENSEGUR_PKCS11=str(tmp_path / "absente.so"))
    assert code == 1
    assert "Jumelage : aucun" in text
    assert "[absent] Lecteur de cartes : La Cryptolib CPS n’est pas installée" in text
    assert "→ Installez la Cryptolib CPS" in text


def test_a_remote_session_is_told(tmp_path: Path) -> None:
    _, text = run(tmp_path, "etat", SSH_CONNECTION="192.168.1.2 50000 192.168.1.3 22")
    assert "[attention] Session : L’agent a été lancé par SSH" in text


@pytest.mark.skipif(sys.platform != "linux", reason="the autostart of Linux")
def test_it_starts_with_the_session(tmp_path: Path) -> None:
    code, text = run(tmp_path, "installer", "--montrer")
    assert code == 0
    assert not (tmp_path / "config" / "autostart").exists()
    assert run(tmp_path, "installer")[0] == 0
    written = (tmp_path / "config" / "autostart" / "opensegur-poste.desktop").read_text(encoding="utf-8")
    assert written in text
    assert '"poste" "--dossier"' in written
    assert "ne démarrera plus" in run(tmp_path, "installer", "--retirer")[1]
    assert "ne démarrait pas" in run(tmp_path, "installer", "--retirer")[1]


def test_the_pairing_is_forgotten(tmp_path: Path) -> None:
    paired = Jumelage("https://cabinet.lan", "3f1c8a52-7d0e-4d0b-9a44-5b8f2f1f6f10", bytes(32), "Cabinet")
    Carnet(tmp_path / "jumelage.json").write(paired)
    assert "Jumelage : https://cabinet.lan" in run(tmp_path, "etat")[1]
    assert "Jumelage oublié" in run(tmp_path, "oublier")[1]
    assert "n’était pas jumelé" in run(tmp_path, "oublier")[1]


@pytest.mark.usefixtures("ports_of_agents")
def test_it_runs_until_it_is_told_to_stop(tmp_path: Path) -> None:
    command = [*_COMMANDE, "--dossier", str(tmp_path), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Agent du poste : http://127.0.0.1:")
        assert "Pas encore jumelé" in process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
