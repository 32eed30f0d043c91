"""Coverage of OWASP ASVS 5.0, levels 1 and 2, per chapter.

``tests/securite/asvs.tsv`` says of each requirement, in our words, which tests show it, or why it does not apply
(``sans_objet``) or is not held (``reserve``). ``chapitres.tsv`` beside it has the numbers of every chapter. A chapter
is looked at whole or not at all. ``--reserves`` prints what is not held.
"""

from __future__ import annotations

import ast
import csv
import sys
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
_TABLES = _ROOT / "tests" / "securite"
STATUTS = ("test", "sans_objet", "reserve")
_NOT_RUN = {"skip", "xfail"}  # skipif says on which machines; the CI compels them all


@dataclass(frozen=True, slots=True)
class Chapitre:
    numero: str
    titre: str
    niveau1: int
    niveau2: int
    exigences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exigence:
    """``preuve``: node ids of tests, or a reason."""

    numero: str
    niveau: str
    mots: str
    statut: str
    preuve: str

    @property
    def chapitre(self) -> str:
        return self.numero.partition(".")[0]

    @property
    def tests(self) -> tuple[str, ...]:
        return tuple(self.preuve.split()) if self.statut == "test" else ()


def read_chapters() -> list[Chapitre]:
    return [
        Chapitre(row["chapter"], row["title"], int(row["level1"]), int(row["level2"]), tuple(row["ids"].split()))
        for row in _rows("chapitres.tsv")
    ]


def read_requirements() -> list[Exigence]:
    return [
        Exigence(row["id"], row["level"], row["words"], row["status"], row["proof"] or "")
        for row in _rows("asvs.tsv")
    ]


def flaw_of(test: str) -> str:
    """Why ``tests/…/file.py::function`` proves nothing; "" when it runs."""
    file, _, function = test.partition("::")
    if not (_ROOT / file).is_file():
        return f"{file} does not exist"
    marks = _marks(file).get(function)
    if marks is None:
        return f"{file} has no test {function}"
    stopped = _NOT_RUN & marks
    return f"{test} is marked {', '.join(sorted(stopped))}" if stopped else ""


@cache
def _marks(file: str) -> dict[str, set[str]]:
    """Each test of a file with the marks of pytest that it bears, those of the whole file among them."""
    tree = ast.parse((_ROOT / file).read_text(encoding="utf-8"))
    everywhere = {
        mark
        for node in tree.body
        if isinstance(node, ast.Assign) and any(ast.unparse(target) == "pytestmark" for target in node.targets)
        for mark in _named(node.value)
    }
    return {
        node.name: everywhere.union(*map(_named, node.decorator_list))
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def _named(expression: ast.expr) -> set[str]:
    return {
        node.attr
        for node in ast.walk(expression)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value).endswith("pytest.mark")
    }


def _rows(name: str) -> list[dict[str, str]]:
    with (_TABLES / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


def main(arguments: list[str]) -> int:
    requirements = read_requirements()
    print("chapitre                             exigences  tests  sans objet  réserves")
    for chapter in read_chapters():
        counted = Counter(each.statut for each in requirements if each.chapitre == chapter.numero)
        total = len(chapter.exigences)
        told = "".join(f"{counted[name]:{width}}" for name, width in zip(STATUTS, (7, 12, 10), strict=True))
        print(f"{chapter.numero:4} {chapter.titre:32} {total:9}{told if counted else '  non examiné'}")
    if "--reserves" in arguments:
        for each in requirements:
            if each.statut == "reserve":
                print(f"\n{each.numero} (niveau {each.niveau}) {each.mots}\n  {each.preuve}")
    flaws = [flaw for each in requirements for test in each.tests if (flaw := flaw_of(test))]
    for flaw in flaws:
        print(flaw, file=sys.stderr)
    return 1 if flaws else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
