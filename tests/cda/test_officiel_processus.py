"""The official checks apart: warm from one document to the next, their errors told, their death survived."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from opensegur.cda.officiel_processus import ControleOfficiel
from opensegur.cda.testing import sample_n1
from opensegur.foundation.errors import ConfigurationError


def workers(control: ControleOfficiel) -> list[int]:
    assert control._pool is not None
    return list(control._pool._processes)


def test_a_folder_that_is_not_the_tree_is_told_as_in_the_same_process(tmp_path: Path) -> None:
    with ControleOfficiel(tmp_path) as control:
        with pytest.raises(ConfigurationError) as refusal:
            control.judge(sample_n1())
        assert refusal.value.code == "CDA_OFFICIEL_ABSENT"
        assert "schematrons" in refusal.value.conseil


def test_the_same_process_judges_every_document(tmp_path: Path) -> None:
    with ControleOfficiel(tmp_path) as control:
        seen = set()
        for _ in range(3):
            with pytest.raises(ConfigurationError):
                control.judge(sample_n1())
            seen.add(tuple(workers(control)))
        assert len(seen) == 1
        [[pid]] = seen
        assert pid != os.getpid()


def test_a_process_that_dies_is_replaced(tmp_path: Path) -> None:
    with ControleOfficiel(tmp_path) as control:
        with pytest.raises(ConfigurationError):
            control.judge(sample_n1())
        assert control._pool is not None
        for process in control._pool._processes.values():
            process.kill()
        with pytest.raises(ConfigurationError) as stopped:
            control.judge(sample_n1())
        assert stopped.value.code == "CDA_OFFICIEL_ARRETE"
        with pytest.raises(ConfigurationError) as again:
            control.judge(sample_n1())
        assert again.value.code == "CDA_OFFICIEL_ABSENT"


def test_one_that_does_not_answer_is_stopped(tmp_path: Path) -> None:
    with ControleOfficiel(tmp_path, seconds=0) as control:
        with pytest.raises(ConfigurationError) as stopped:
            control.judge(sample_n1())
        assert stopped.value.code == "CDA_OFFICIEL_ARRETE"
        assert control._pool is None


def test_a_valid_document_has_no_finding(official_tree_folder: Path) -> None:
    with ControleOfficiel(official_tree_folder) as control:
        assert control.judge(sample_n1()).findings == ()
