"""Installations of their own for workers in their own processes, on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

_SCRIPT = Path(__file__).with_name("installation.py")


class Installation:
    """A prepared data folder and a process that works on it: the test's own Django stays out of it."""

    def __init__(self, environ: dict[str, str]) -> None:
        self.environ = environ
        self._process = subprocess.Popen(
            [sys.executable, str(_SCRIPT)], env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def enqueue(self) -> str:
        return str(self._ask("enqueue"))

    def work(self, registry: Path) -> None:
        """Make every attempt that is due, as the next worker would."""
        self._ask("work", str(registry))

    def state_of(self, envoi_id: str) -> tuple[str, list[str]]:
        """The state of a delivery and the results of its attempts, in order."""
        state, attempts = self._ask("state", envoi_id)
        return state, attempts

    def close(self) -> None:
        self._process.communicate("")

    def _ask(self, *words: str) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def installation(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("installation")
    environ = {
        **os.environ,
        "OPENSEGUR_DONNEES": str(folder),
        "DJANGO_SETTINGS_MODULE": "opensegur.cabinet.site.settings",
    }
    if request.param == "postgresql":
        environ["OPENSEGUR_BASE"] = request.getfixturevalue("postgresql")
    made = Installation(environ)
    yield made
    made.close()
