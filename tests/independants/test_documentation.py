"""What the documentation tells to type exists."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

_TOOL = Path(__file__).parents[2] / "tools/docs.py"


@pytest.fixture(scope="module")
def docs():
    spec = importlib.util.spec_from_file_location("outil_docs", _TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_command_link_and_block_of_the_documentation_is_right(docs):
    assert [problem for path in docs.documents() for problem in docs.problems_of(path)] == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("```\nopensegur dmp submit cr.xml --acteurs a.json\n```\n", "no option --acteurs"),
        ("```\nopensegur dmp envoyer cr.xml\n```\n", "does not exist"),
        ("```\npython docs/integration/absent.py\n```\n", "does not exist"),
        ("```json\n{'a': 1}\n```\n", "no JSON"),
        ("[ici](absent.md)\n", "leads nowhere"),
        ("`opensegur sandbox --porte 3`\n", "no option --porte"),
    ],
)
def test_what_is_wrong_is_found(docs, tmp_path, text, problem):
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    found = list(docs.problems_of(page))
    assert len(found) == 1
    assert problem in found[0]


def test_what_is_right_is_left_alone(docs, tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "```\nopensegur sandbox --http 0 reset --scenario vide   # un commentaire\nmake demo\n```\n", "utf-8"
    )
    assert list(docs.problems_of(page)) == []
