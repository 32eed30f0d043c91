"""Coverage of the Ségur's requirements by the tests, per couloir.

Reads the index of requirements (``biologie/segur/exigences_index.csv`` of the fixtures folder) and the
``@pytest.mark.exigence("…")`` marks of the tests. Exits non-zero when a test names one that the index lacks.
"""

from __future__ import annotations

import ast
import csv
import os
import re
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
_INDEX = "biologie/segur/exigences_index.csv"
_REGLES = ("EXI ", "RECO ")


@dataclass(frozen=True, slots=True)
class Exigence:
    reference: str
    modal: str
    fonction: str
    couloirs: tuple[str, ...]
    anciennes: tuple[str, ...] = ()


def read_index(path: Path) -> dict[str, Exigence]:
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter=";")
        return {
            row["reference"]: Exigence(
                row["reference"],
                row["modal"],
                row["fonction"],
                tuple(re.findall(r"([A-Z_]+):", row["couloirs_statut"])),
                tuple(filter(None, row["reference_vague1"].split("|"))),
            )
            for row in rows
        }


def read_marks(folder: Path) -> dict[str, set[str]]:
    """Requirement → the tests that show it, as ``path::function``."""
    marks: dict[str, set[str]] = defaultdict(set)
    for path in sorted(folder.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                for reference in _references(node):
                    marks[reference].add(f"{path.relative_to(folder.parent).as_posix()}::{node.name}")
    return marks


def _references(node: ast.FunctionDef | ast.ClassDef) -> list[str]:
    return [
        argument.value
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith("mark.exigence")
        for argument in decorator.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]


def main() -> int:
    fixtures = Path(os.environ.get("OPENSEGUR_FIXTURES", _ROOT.parent / "shared" / "fixtures"))
    index_path = fixtures / _INDEX
    if not index_path.is_file():
        print(f"L'index des exigences est introuvable : {_INDEX} (réglez OPENSEGUR_FIXTURES).")
        return 2
    index, marks = read_index(index_path), read_marks(_ROOT / "tests")
    shown = {
        reference: exigence
        for reference, exigence in index.items()
        if reference in marks or any(old in marks for old in exigence.anciennes)
    }
    for reference, exigence in sorted(shown.items()):
        print(f"{reference:16} {exigence.modal:5} {exigence.fonction}")
        for test in sorted(marks.get(reference, set()).union(*(marks.get(old, set()) for old in exigence.anciennes))):
            print(f"{'':17}{test}")
    print("\nRègles du guide INS et du RNIV, hors de l'index :")
    for rule in sorted(mark for mark in marks if mark.startswith(_REGLES)):
        print(f"{rule:16} {', '.join(sorted(marks[rule]))}")
    totals: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for exigence in index.values():
        for couloir in exigence.couloirs:
            totals[couloir][1] += 1
            totals[couloir][0] += exigence.reference in shown
    print("\nCouloir   montrées / exigences")
    for couloir, (count, total) in sorted(totals.items()):
        print(f"{couloir:9} {count:4} / {total}")
    known = {*index, *(old for exigence in index.values() for old in exigence.anciennes)}
    unknown = sorted(mark for mark in marks if mark not in known and not mark.startswith(_REGLES))
    for reference in unknown:
        print(f"Inconnue de l'index : {reference} ({', '.join(sorted(marks[reference]))})", file=sys.stderr)
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
