from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from opensegur.cda.officiel import ENVIRONMENT


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    path = Path(__file__).resolve().parents[2] / "tools" / "conformance_cda.py"
    spec = importlib.util.spec_from_file_location("tools_conformance_cda", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_every_format_becomes_a_document(tool: ModuleType) -> None:
    assert set(tool.files()) == {"pdf", "jpeg", "tiff", "rtf", "txt"}


@pytest.mark.parametrize(
    "name", ["short", "complete, replacement", "without INS", "NIA", "no used name", "sex unknown"]
)
def test_variants_of_the_header_pass_the_official_checks(
    tool: ModuleType, official_tree_folder: Path, name: str
) -> None:
    document = tool.build_n1(tool.entetes()[name], b"Compte rendu fictif.", tool.TEXT)
    assert tool.judge(name, document, official_tree_folder).failed == 0


@pytest.mark.parametrize("kind", ["pdf", "jpeg", "tiff", "rtf", "txt"])
def test_each_format_passes_the_official_checks(tool: ModuleType, official_tree_folder: Path, kind: str) -> None:
    pdfa = tool.to_pdfa(tool.files()[kind], name=f"fictif.{kind}")
    document = tool.build_n1(tool.sample_entete(), pdfa.data, tool.PDF)
    assert tool.judge(kind, document, official_tree_folder).failed == 0


def test_without_the_tree_the_tool_says_so(
    tool: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    assert tool.main([]) == 2
    assert ENVIRONMENT in capsys.readouterr().err
    assert tool.main([str(tmp_path)]) == 2
