"""What the scanners say of our code and of our dependencies (``make securite``)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import opensegur
import scanners

_FOLDERS = sorted(
    path for path in Path(opensegur.__file__).parent.iterdir() if path.is_dir() and path.name != "__pycache__"
)


@pytest.mark.parametrize("folder", _FOLDERS, ids=lambda path: path.name)
def test_bandit_finds_nothing(folder: Path) -> None:
    assert scanners.bandit(str(folder)) == []


def _known(name: str, *flaws: str) -> dict[str, Any]:
    return {"name": name, "version": "1", "vulns": [{"id": flaw, "fix_versions": ["2"]} for flaw in flaws]}


_UNKNOWN = {"name": "a", "version": "1", "skip_reason": "not found"}


def test_an_advisory_is_told_with_the_version_that_mends() -> None:
    report = {"dependencies": [_known("a", "PYSEC-1"), _known("b")]}
    assert scanners.audit(lambda service: report) == ["a 1: PYSEC-1, corrigé en 2"]


@pytest.mark.parametrize("report", [None, {"dependencies": [_UNKNOWN]}], ids=["silent", "knows nothing"])
def test_a_service_that_knows_nothing_is_no_proof(report: dict[str, Any] | None) -> None:
    assert scanners.audit(lambda service: report) is None


def test_the_second_service_is_asked_when_the_first_knows_nothing() -> None:
    answers = {"pypi": {"dependencies": [_UNKNOWN]}, "osv": {"dependencies": [_known("a")]}}
    assert scanners.audit(answers.get) == []
