"""The way to the official tree."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from opensegur.cda.officiel import ENVIRONMENT


@pytest.fixture(scope="session")
def official_tree_folder() -> Path:
    """The published validation tree of the ANS, which stays outside the repository."""
    pytest.importorskip("saxonche", reason="needs opensegur[conformance]")
    folder = os.environ.get(ENVIRONMENT, "")
    if not folder or not Path(folder).is_dir():
        pytest.skip(f"the ANS validation tree is not on this machine (set {ENVIRONMENT})")
    return Path(folder)
