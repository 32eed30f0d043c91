"""The value sets as read-only tables, from the tab-separated files shipped beside this module.

A file begins with lines ``# key<TAB>value`` (name, oid, version, source), then one concept a line: code, code
system, label, and ``0`` for a code that is no longer active. ``tools/nomenclatures.py`` writes ours from the
published files; an installation has its own beside them (``nomenclature.installees``), which come first.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from opensegur.foundation.errors import InvalidValue
from opensegur.nomenclature.index import IndexMots
from opensegur.nomenclature.words import words

ENVIRONMENT = "OPENSEGUR_NOMENCLATURES"
_CIM10 = "2.16.840.1.113883.6.3"
# chapter 20 has most of the codes and is rarely what is wanted
_EXTERNAL_CAUSES = "VWXY"
# JDV_J61 was never published apart from the CI-SIS set that contains it.
_ALIASES = {"JDV_J61": "JDV_J02"}


@dataclass(frozen=True, slots=True)
class Concept:
    """A value of a table: ``code`` in ``system`` (an OID, or the name that XDS takes as coding scheme).

    ``actif``: may be chosen today; a code that is closed is still read in what was written before.
    """

    code: str
    system: str
    label: str
    actif: bool = True


@dataclass(frozen=True)
class Table:
    """A value set: its official ``name``, its ``oid`` ("" when we know none), ``version`` and ``source``."""

    name: str
    oid: str
    version: str
    source: str
    concepts: tuple[Concept, ...]

    def get(self, code: str, system: str | None = None) -> Concept | None:
        """The concept with ``code``, in ``system`` when it is given: the same code may live in two systems."""
        return next((found for found in self._by_code.get(code, ()) if system in (None, found.system)), None)

    def contains(self, code: str, system: str | None = None) -> bool:
        return self.get(code, system) is not None

    def label(self, code: str, system: str | None = None) -> str:
        """The label to show; the code itself when the table does not know it."""
        found = self.get(code, system)
        return found.label if found else code

    def search(self, text: str) -> tuple[Concept, ...]:
        """The active concepts whose label or code holds a word beginning with each word of ``text``.

        In the order of the table. Accents, case and punctuation do not count; an empty ``text`` finds nothing.
        """
        return tuple(self.concepts[rank] for rank in sorted(self._index.having(words(text))))

    def suggest(self, text: str, limit: int = 20) -> tuple[Concept, ...]:
        """What a person who types ``text`` most likely wants, first; one letter wrong is forgiven at need.

        The code itself, then labels that begin so, then the shortest: the general before the particular.
        """
        wanted = words(text)
        found = self._index.having(wanted) or self._index.having(wanted, mistyped=True)
        likeliest = sorted((self.concepts[rank] for rank in found), key=lambda each: _likelihood(each, wanted))
        return tuple(likeliest[:limit])

    def __iter__(self) -> Iterator[Concept]:
        return iter(self.concepts)

    def __len__(self) -> int:
        return len(self.concepts)

    @cached_property
    def _by_code(self) -> dict[str, tuple[Concept, ...]]:
        index: dict[str, tuple[Concept, ...]] = {}
        for concept in self.concepts:
            index[concept.code] = (*index.get(concept.code, ()), concept)
        return index

    @cached_property
    def _index(self) -> IndexMots:
        return IndexMots((_searched(concept) for concept in self.concepts), whole_numbers=False)


def _searched(concept: Concept) -> tuple[str, ...]:
    """The words that find it; a code is also found without its dots."""
    if not concept.actif:
        return ()
    return (*words(concept.label), *words(concept.code), *words(concept.code.replace(".", "")))


def _likelihood(concept: Concept, wanted: tuple[str, ...]) -> tuple[object, ...]:
    said = words(concept.label)
    is_cause = concept.system == _CIM10 and concept.code[0] in _EXTERNAL_CAUSES
    return (
        words(concept.code.replace(".", "")) != wanted,
        is_cause,
        not (said and said[0].startswith(wanted[0])),
        len(said),
        concept.code,
    )


def names() -> tuple[str, ...]:
    """The names that ``table`` knows, in alphabetical order."""
    installed = installed_folder()
    own = installed.glob("*.tsv") if installed else ()
    files = (entry.name for entry in (*_folder().iterdir(), *own))
    return tuple(sorted({*(name.removesuffix(".tsv") for name in files if name.endswith(".tsv")), *_ALIASES}))


def table(name: str) -> Table:
    """The table called ``name``, such as ``JDV_J07`` or ``TRE_G15``.

    Raises ``InvalidValue`` (NOMENCLATURE_INCONNUE) when it is not shipped.
    """
    return _load(_ALIASES.get(name, name), installed_folder())


@cache
def installed_folder() -> Path | None:
    """Where this installation keeps its own tables, ``None`` when it has none; asked once (``forget``)."""
    chosen = os.environ.get(ENVIRONMENT)
    return Path(chosen) if chosen else None


def forget() -> None:
    """Read the tables again: one of them has changed, or their folder has."""
    _load.cache_clear()
    installed_folder.cache_clear()


@cache
def _load(name: str, installed: Path | None) -> Table:
    # the name is checked before it becomes a path
    known = name.replace("_", "").isalnum()
    own = installed / f"{name}.tsv" if installed and known else None
    file = own if own and own.is_file() else _folder() / f"{name}.tsv"
    if not known or not file.is_file():
        raise InvalidValue(
            "NOMENCLATURE_INCONNUE",
            "Cette nomenclature n’est pas fournie avec OpenSégur.",
            conseil="Vérifiez son nom, par exemple JDV_J07.",
            detail=name[:60],
        )
    return read_table(file.read_text(encoding="utf-8"))


def read_table(text: str) -> Table:
    """Read the text of one shipped file."""
    header: dict[str, str] = {}
    concepts: list[Concept] = []
    for line in text.splitlines():
        if line.startswith("# "):
            key, _, value = line[2:].partition("\t")
            header[key] = value
        elif line:
            code, system, label, *closed = line.split("\t")
            concepts.append(Concept(code, system, label, actif=closed != ["0"]))
    return Table(header["name"], header["oid"], header["version"], header["source"], tuple(concepts))


def write_table(table: Table) -> str:
    """The text of a file, which ``read_table`` reads back."""
    header = "".join(f"# {key}\t{getattr(table, key)}\n" for key in ("name", "oid", "version", "source"))
    return header + "".join(
        "\t".join(" ".join(field.split()) for field in (each.code, each.system, each.label))
        + ("\n" if each.actif else "\t0\n")
        for each in table.concepts
    )


def _folder() -> Traversable:
    return resources.files("opensegur.nomenclature") / "data"
