"""The value sets as read-only tables, from the tab-separated files shipped beside this module.

A file begins with lines ``# key<TAB>value`` (name, oid, version, source), then one concept a line: code, code
system, label. ``tools/nomenclatures.py`` writes them from the published files.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from importlib.resources.abc import Traversable

from opensegur.foundation.errors import InvalidValue
from opensegur.nomenclature.words import all_found, words

# JDV_J61 was never published apart from the CI-SIS set that contains it.
_ALIASES = {"JDV_J61": "JDV_J02"}


@dataclass(frozen=True, slots=True)
class Concept:
    """A value of a table: ``code`` in ``system`` (an OID, or the name that XDS takes as coding scheme)."""

    code: str
    system: str
    label: str


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
        """The concepts whose label or code holds a word beginning with each word of ``text``.

        Accents, case and punctuation do not count; an empty ``text`` finds nothing.
        """
        wanted = words(text)
        if not wanted:
            return ()
        return tuple(
            concept for concept, present in zip(self.concepts, self._words, strict=True) if all_found(wanted, present)
        )

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
    def _words(self) -> tuple[tuple[str, ...], ...]:
        return tuple((*words(concept.label), *words(concept.code)) for concept in self.concepts)


def names() -> tuple[str, ...]:
    """The names that ``table`` knows, in alphabetical order."""
    shipped = (entry.name.removesuffix(".tsv") for entry in _folder().iterdir() if entry.name.endswith(".tsv"))
    return tuple(sorted({*shipped, *_ALIASES}))


def table(name: str) -> Table:
    """The table called ``name``, such as ``JDV_J07`` or ``TRE_G15``.

    Raises ``InvalidValue`` (NOMENCLATURE_INCONNUE) when it is not shipped.
    """
    return _load(_ALIASES.get(name, name))


@cache
def _load(name: str) -> Table:
    file = _folder() / f"{name}.tsv"
    # the name is checked before it becomes a path
    if not name.replace("_", "").isalnum() or not file.is_file():
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
            concepts.append(Concept(*line.split("\t")))
    return Table(header["name"], header["oid"], header["version"], header["source"], tuple(concepts))


def _folder() -> Traversable:
    return resources.files("opensegur.nomenclature") / "data"
