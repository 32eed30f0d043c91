"""Check the documentation against the program: ``make docs``.

Every ``opensegur`` command of a code block has to exist with its options, every relative link to lead to a file,
every script that a block runs to be there, every JSON block to be JSON. Prints what is wrong; exits 1.
"""

from __future__ import annotations

import json
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from opensegur.cli import application

_ROOT = Path(__file__).resolve().parent.parent
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`(opensegur [^`]+)`")
_LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


def main() -> int:
    problems = [
        f"{path.relative_to(_ROOT).as_posix()}: {problem}" for path in documents() for problem in problems_of(path)
    ]
    print("\n".join(problems) or "The documentation agrees with the program.")
    return 1 if problems else 0


def documents() -> list[Path]:
    return [*sorted(_ROOT.glob("*.md")), *sorted((_ROOT / "docs").rglob("*.md"))]


def problems_of(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    for target in _LINK.findall(text):
        if not (path.parent / target).exists():
            yield f"the link to {target} leads nowhere"
    for language, block in _BLOCK.findall(text):
        if language == "json":
            yield from _json_problems(block)
        elif not language:
            for line in block.splitlines():
                yield from _line_problems(line)
    for command in _INLINE.findall(text):
        yield from _line_problems(command)


def _json_problems(block: str) -> Iterator[str]:
    try:
        json.loads(block)
    except ValueError as error:
        yield f"a block is no JSON: {error}"


def _line_problems(line: str) -> Iterator[str]:
    words = shlex.split(line, comments=True)
    if words[:1] == ["python"] and words[1:2] and words[1].endswith(".py") and not (_ROOT / words[1]).is_file():
        yield f"the script {words[1]} does not exist"
    if words[:1] == ["opensegur"]:
        yield from _command_problems(words[1:])


def _command_problems(words: list[str]) -> Iterator[str]:
    """Follow the groups down to the command, then look at its options: nothing is run."""
    command: click.Command = application
    context = click.Context(application, info_name="opensegur")
    known = _options(command, context)
    while words and isinstance(command, click.Group):
        word = words.pop(0)
        if word.startswith("-"):
            if word not in known:
                yield f"« {context.command_path} » has no option {word}"
            continue
        found = command.get_command(context, word)
        if found is None:
            if not command.invoke_without_command:
                yield f"« {context.command_path} {word} » does not exist"
            return
        command, context = found, click.Context(found, info_name=word, parent=context)
        known = _options(command, context)
    for word in words:
        if word.startswith("-") and word.partition("=")[0] not in known:
            yield f"« {context.command_path} » has no option {word}"


def _options(command: click.Command, context: click.Context) -> set[str]:
    return {name for parameter in command.get_params(context) for name in parameter.opts + parameter.secondary_opts}


if __name__ == "__main__":
    sys.exit(main())
