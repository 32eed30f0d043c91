"""The terminal speaks French, helps, and says what is wrong with a command."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Callable
from typing import Any

import pytest

from opensegur.cli import main


def _run(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    captured = capsys.readouterr()
    return int(caught.value.code or 0), captured.out + captured.err


@pytest.mark.parametrize(
    "command", ["insi search", "cda wrap", "cda validate", "dmp submit", "sandbox", "demo", "journal verify"]
)
def test_every_help_is_in_french(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, text = _run([*command.split(), "--help"], capsys)
    assert code == 0
    assert text.startswith("Utilisation : opensegur")
    for english in ("Usage:", "Options:", "[required]", "Show this message", "[default:"):
        assert english not in text


def test_the_commands_are_listed_without_loading_them(capsys: pytest.CaptureFixture[str]) -> None:
    code, text = _run(["--help"], capsys)
    assert code == 0
    for command in ("ins", "cda", "dmp", "sandbox", "demo", "journal"):
        assert f"\n  {command} " in text


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["ins", "search"], "il manque"),
        (["ins", "search", "--nam", "X"], "l’option --nam n’existe pas"),
        (["ins", "search", "--nom"], "attend une valeur"),
        (["demo", "--port", "abc"], "valeur refusée"),
    ],
)
def test_a_wrong_command_says_what_is_wrong(
    arguments: list[str], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, text = _run(arguments, capsys)
    assert code == 2
    assert expected in text
    assert "Aide : opensegur" in text


def test_a_command_without_its_library_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in sys.modules if name.startswith(("opensegur.cli.demo", "opensegur.cli.montage"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr("builtins.__import__", _without("uvicorn"))
    code, text = _run(["demo", "--check"], capsys)
    assert code == 1
    assert "opensegur[demo]" in text
    assert "Traceback" not in text


def _without(library: str) -> Callable[..., Any]:
    genuine = builtins.__import__

    def guarded(name: str, *arguments: Any, **options: Any) -> Any:
        if name == "opensegur.sandbox.client":
            raise ModuleNotFoundError(f"No module named {library!r}", name=library)
        return genuine(name, *arguments, **options)

    return guarded
