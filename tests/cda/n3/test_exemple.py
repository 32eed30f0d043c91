"""The script of the guide, as an editor runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from opensegur.cda import read_document, validate_document
from opensegur.cda.validation import validate_official

_EXEMPLE = Path(__file__).parents[3] / "docs" / "integration" / "exemple_documents.py"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("documents")
    done = subprocess.run(
        [sys.executable, str(_EXEMPLE), str(folder)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {path.stem: path.read_bytes() for path in folder.glob("*.xml")}


def test_the_example_makes_three_documents_without_a_finding(made: dict[str, bytes]) -> None:
    assert set(made) == {"vsm", "vaccination", "biologie"}
    for document in made.values():
        assert validate_document(document).findings == ()
        assert read_document(document).patient.nom_naissance == "ADRTROIS"


def test_the_official_checks_find_nothing_in_them(made: dict[str, bytes], official_tree_folder: Path) -> None:
    for document in made.values():
        assert validate_official(document, official_tree_folder).findings == ()
