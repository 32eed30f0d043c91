"""A worker killed at any step: the delivery arrives once, and nothing is lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

_SCRIPT = Path(__file__).with_name("ouvrier_tue.py")
STEPS = (
    "avant_reclamation",
    "apres_reclamation",
    "avant_tentative",
    "apres_tentative",
    "avant_envoi",
    "apres_envoi",
    "avant_cloture",
    "apres_cloture",
    "avant_journal",
    "apres_journal",
)


def _worker(step: str, registry: Path, environ: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(_SCRIPT), step, str(registry)], env=environ, stdout=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize("step", STEPS)
def test_a_killed_worker_loses_and_duplicates_nothing(step: str, installation, tmp_path: Path) -> None:
    registry = tmp_path / "service"
    registry.mkdir()
    envoi_id = installation.enqueue()

    killed = _worker(step, registry, installation.environ)
    assert killed.stdout is not None
    assert killed.stdout.readline().strip() == "pret"
    killed.kill()
    killed.wait()
    killed.stdout.close()

    installation.work(registry)

    assert len(list(registry.iterdir())) == 1
    state, attempts = installation.state_of(envoi_id)
    assert state == "depose"
    assert [result for result in attempts if result == "depose"] == ["depose"]
    assert all(attempts), "an attempt was left open"


def test_two_workers_share_the_queue_without_sending_twice(installation, tmp_path: Path) -> None:
    registry = tmp_path / "service"
    registry.mkdir()
    ids = [installation.enqueue() for _ in range(12)]
    workers = [_worker("aucun", registry, installation.environ) for _ in range(2)]
    for worker in workers:
        with worker:
            assert worker.wait() == 0
    assert len(list(registry.iterdir())) == len(ids)
    assert {installation.state_of(envoi_id)[0] for envoi_id in ids} == {"depose"}
