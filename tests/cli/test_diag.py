"""``opensegur diag`` on an installation that reaches nothing yet."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

_PREPARER = """
import sys
from pathlib import Path
from opensegur.cabinet.installation import prepare
prepare(Path(sys.argv[1]))
"""


@pytest.fixture(scope="module")
def donnees(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("diag") / "donnees"
    subprocess.run([sys.executable, "-c", _PREPARER, str(folder)], check=True, capture_output=True, timeout=120)
    return folder


def run(*arguments: str) -> tuple[int, str]:
    command = [sys.executable, "-c", "from opensegur.cli import main; main()", "diag", *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True, encoding="utf-8", timeout=120)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


def test_what_is_to_be_mended_is_an_exit_code_and_a_sentence(donnees: Path) -> None:
    code, text = run("--donnees", str(donnees))

    assert code == 1
    assert "[à réparer] Configuration" in text
    assert "[bon] Base des dossiers" in text


def test_a_program_reads_it(donnees: Path) -> None:
    _, text = run("--donnees", str(donnees), "--json")

    assert {"sujet", "niveau", "dit", "remede"} == set(json.loads(text)[0])


def test_a_structure_of_elsewhere_is_told(donnees: Path) -> None:
    code, text = run("--donnees", str(donnees), "--structure", "1999999999")

    assert code == 2
    assert "n’est pas de cette installation" in text
