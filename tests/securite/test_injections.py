"""Languages inside Python: their sentences are ours, what people type is only ever a value. The sandbox apart."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import opensegur

_SOURCE = Path(opensegur.__file__).parent
# tables of ours, compiled; how deep a document may be, a number
_XPATH_MADE = {"cda/rules.py", "cda/rules_contexte.py", "foundation/xml.py"}
# a length read in our own table of GS1 identifiers
_RE_MADE = {"medicament/gs1.py"}
_RE = {"re.compile", "re.search", "re.match", "re.fullmatch", "re.sub", "re.findall", "re.split", "re.finditer"}


def calls() -> Iterator[tuple[str, str, ast.Call]]:
    for path in sorted(_SOURCE.rglob("*.py")):
        file = path.relative_to(_SOURCE).as_posix()
        if file.startswith("sandbox/") or "/migrations/" in file:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield file, ast.unparse(node.func), node


def is_ours(sentence: ast.expr) -> bool:
    """A text written there, or a constant of the module."""
    if isinstance(sentence, ast.BinOp):
        return is_ours(sentence.left) and is_ours(sentence.right)
    return isinstance(sentence, ast.Constant) or (isinstance(sentence, ast.Name) and sentence.id.strip("_").isupper())


def test_no_xpath_is_made_from_a_text() -> None:
    made = {
        file
        for file, name, call in calls()
        if name.endswith((".xpath", "XPath")) and call.args and not is_ours(call.args[0])
    }
    assert made == _XPATH_MADE


def test_no_regular_expression_is_made_from_a_text() -> None:
    made = {
        file
        for file, name, call in calls()
        if name in _RE and isinstance(call.args[0], ast.JoinedStr)
        and not all(_escaped(part) for part in call.args[0].values)
    }  # fmt: skip
    assert made == _RE_MADE


def _escaped(part: ast.expr) -> bool:
    """A constant of the module or what ``re.escape`` gives may stand in an expression."""
    if not isinstance(part, ast.FormattedValue):
        return True
    return is_ours(part.value) or ast.unparse(part.value).startswith("re.escape(")


def test_no_format_is_made_from_a_text() -> None:
    """``request.POST["x"].format(…)`` would read our objects."""
    for file, name, call in calls():
        if name.rpartition(".")[2] not in {"format", "format_map"} or not isinstance(call.func, ast.Attribute):
            continue
        template = ast.unparse(call.func.value)
        assert not any(word in template for word in ("request", "POST", "GET", "cleaned_data", "data[")), file
