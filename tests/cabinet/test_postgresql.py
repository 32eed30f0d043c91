"""Everything that the application does on SQLite, it does on PostgreSQL: the same tests, run on a cluster of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.postgresql
def test_the_application_holds_on_postgresql(postgresql: str, tmp_path: Path) -> None:
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
        "OPENSEGUR_BASE": postgresql,
        "OPENSEGUR_DONNEES": str(tmp_path),
    }
    command = [sys.executable, "-m", "pytest", "tests/cabinet", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    command += [
        "-m",
        "not browser and not postgresql and not sqlite",
        "--ignore=tests/cabinet/envois/test_arret_brutal.py",
    ]
    done = subprocess.run(command, env=environ, cwd=_ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:]
    assert " passed" in done.stdout
