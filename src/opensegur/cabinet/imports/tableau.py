"""A table of people in a text file: how it is encoded and cut, then its rows one by one.

Nothing is kept in memory but the row being read: a file of any length goes through.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from opensegur.cabinet.imports.erreurs import FichierRefuse

ENCODAGES = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8 avec marque", "cp1252": "Windows-1252"}
DELIMITEURS = {";": "point-virgule", ",": "virgule", "\t": "tabulation", "|": "barre verticale"}

_UNREADABLE = "La ligne n’est pas lisible : un guillemet n’est jamais refermé, ou une case déborde."
_LONGEST = 50_000
_TALLEST = 20
_SAMPLE_ROWS = 50
_WIDEST = 200


@dataclass(frozen=True, slots=True)
class Forme:
    """How the file is written: keys of ``ENCODAGES`` and ``DELIMITEURS``."""

    encodage: str
    delimiteur: str


@dataclass(frozen=True, slots=True)
class Rangee:
    """One row: ``ligne`` is the number of its first line in the file, ``defaut`` why it cannot be read."""

    ligne: int
    cases: tuple[str, ...]
    defaut: str = ""


def detect_form(morceaux: Iterable[bytes]) -> Forme:
    """Read the whole file once: its encoding is the first that reads all of it.

    Raises ``FichierRefuse``: IMPORT_VIDE, IMPORT_ENCODAGE, IMPORT_BINAIRE.
    """
    start, encodage = b"", ""
    utf8 = codecs.getincrementaldecoder("utf-8")()
    cp1252 = codecs.getincrementaldecoder("cp1252")()
    possible = {"utf-8": True, "cp1252": True}
    for morceau in morceaux:
        if not start:
            start = morceau
        if b"\0" in morceau:
            raise _binary(start)
        for name, decoder in (("utf-8", utf8), ("cp1252", cp1252)):
            possible[name] = possible[name] and _reads(decoder, morceau)
    if not start.removeprefix(codecs.BOM_UTF8).strip():
        raise FichierRefuse("IMPORT_VIDE", "Le fichier est vide.", conseil="Choisissez le fichier exporté.")
    if possible["utf-8"] and not utf8.getstate()[0]:
        encodage = "utf-8-sig" if start.startswith(codecs.BOM_UTF8) else "utf-8"
    elif possible["cp1252"]:
        encodage = "cp1252"
    else:
        raise FichierRefuse(
            "IMPORT_ENCODAGE",
            "Les caractères du fichier ne sont ni de l’UTF-8 ni du Windows-1252.",
            conseil="Exportez-le de nouveau en UTF-8.",
        )
    text = start.decode(encodage, errors="replace")
    return Forme(encodage, _delimiter(text))


def rows(morceaux: Iterable[bytes], forme: Forme, *, apres: int = 0) -> Iterator[Rangee]:
    """The rows that hold something, after the ``apres`` first ones."""
    lines = _Lignes(text_lines(morceaux, forme.encodage))
    number = 0
    while True:
        reader = csv.reader(lines, delimiter=forme.delimiteur)
        for rangee in _until_broken(reader, lines):
            if rangee.defaut or any(rangee.cases):
                number += 1
                if number > apres:
                    yield rangee
            if rangee.defaut:
                break
        else:
            return


def _until_broken(reader: Iterator[list[str]], lines: _Lignes) -> Iterator[Rangee]:
    while True:
        first = lines.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            lines.give_back()
            yield Rangee(first, (), _UNREADABLE)
            return
        yield Rangee(first, tuple(cell.strip() for cell in cells[:_WIDEST]))


def sample(morceaux: Iterable[bytes], forme: Forme, count: int = _SAMPLE_ROWS) -> list[Rangee]:
    found = []
    for rangee in rows(morceaux, forme):
        found.append(rangee)
        if len(found) == count:
            break
    return found


class _Lignes:
    """The lines as the reader takes them: a quoted cell may hold several.

    A quote that is never closed would take the rest of the file: a row of more than ``_TALLEST`` lines is refused,
    and all of them but the first are read again.
    """

    def __init__(self, lines: Iterator[str]) -> None:
        self.lines = lines
        self.number = 0
        self.taken: list[str] = []
        self.back: list[str] = []

    def begin(self) -> int:
        """A row begins: the number of its first line."""
        self.taken = []
        return self.number + 1

    def give_back(self) -> None:
        self.back = self.taken[1:] + self.back
        self.number -= len(self.taken) - 1

    def __iter__(self) -> _Lignes:
        return self

    def __next__(self) -> str:
        if len(self.taken) == _TALLEST:
            raise csv.Error
        line = self.back.pop(0) if self.back else next(self.lines)
        self.number += 1
        self.taken.append(line)
        if len(line) > _LONGEST:
            raise csv.Error
        return line


class _Octets(io.RawIOBase):
    """The pieces of a file, as a stream."""

    def __init__(self, morceaux: Iterable[bytes]) -> None:
        self.morceaux = iter(morceaux)
        self.rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self.rest:
            self.rest = memoryview(next(self.morceaux, b""))
        count = min(len(buffer), len(self.rest))
        buffer[:count] = self.rest[:count]
        self.rest = self.rest[count:]
        return count


def text_lines(morceaux: Iterable[bytes], encodage: str) -> Iterator[str]:
    """The lines of a text, whatever ends them; a byte that cannot be read is shown as such."""
    return io.TextIOWrapper(io.BufferedReader(_Octets(morceaux)), encoding=encodage, errors="replace", newline=None)


def _reads(decoder: codecs.IncrementalDecoder, morceau: bytes) -> bool:
    try:
        decoder.decode(morceau)
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(text: str) -> str:
    """The one that cuts the first lines into the same number of cells, and into the most."""
    lines = [line for line in text.splitlines()[:_SAMPLE_ROWS] if line.strip()][:-1] or text.splitlines()[:1]

    def evenness(delimiter: str) -> tuple[float, int]:
        counts = [len(row) for row in csv.reader(lines, delimiter=delimiter)] or [0]
        usual = max(set(counts), key=counts.count)
        return (counts.count(usual) / len(counts) if usual > 1 else 0.0, usual)

    return max(DELIMITEURS, key=evenness)


def _binary(start: bytes) -> FichierRefuse:
    if start[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        return FichierRefuse(
            "IMPORT_ENCODAGE", "Le fichier est en UTF-16.", conseil="Enregistrez-le en « CSV UTF-8 »."
        )
    return FichierRefuse(
        "IMPORT_BINAIRE",
        "Ce fichier n’est pas du texte.",
        conseil="Depuis un tableur, enregistrez la feuille en « CSV UTF-8 (délimité par des virgules) ».",
    )
