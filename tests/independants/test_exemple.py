"""The script of the guide, as an editor runs it: the sandbox in one process, the example in another."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

_RACINE = Path(__file__).parents[2]
_EXEMPLE = _RACINE / "docs/integration/exemple.py"
_COMMANDE = [sys.executable, "-c", "from opensegur.cli import main; main()"]
_CONFIGURATION = "clients/opensegur-300000099200016.toml"


@pytest.fixture
def configuration(tmp_path):
    """What ``opensegur sandbox`` writes for its demonstration practice."""
    command = [*_COMMANDE, "sandbox", "--donnees", str(tmp_path / "bac"), "--http", "0", "--https", "0"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=environment) as server:
        assert server.stdout
        try:
            for line in server.stdout:
                if "Ctrl+C" in line:
                    break
            yield tmp_path / "bac" / _CONFIGURATION
        finally:
            server.terminate()
            server.stdout.read()


def test_the_example_goes_from_an_identity_to_a_document_read_back(configuration):
    done = subprocess.run(
        [sys.executable, str(_EXEMPLE), str(configuration)], capture_output=True, text=True, encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith("identiques.")


def test_the_example_stays_short():
    lines = [line for line in _EXEMPLE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    assert len(lines) <= 30
