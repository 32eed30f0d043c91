"""The pieces of a printed text, in the order of reading."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, repr=False)
class Titre:
    """``niveau`` 1 for a part of the document, 2 and more inside it."""

    texte: str
    niveau: int = 1


@dataclass(frozen=True, slots=True, repr=False)
class Paragraphe:
    texte: str
    gras: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Liste:
    lignes: tuple[str, ...]
    numerotee: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Case:
    """A cell: ``colonnes`` that it spans."""

    texte: str
    colonnes: int = 1
    gras: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Tableau:
    """``titres``: the heading, repeated on each page; empty when the table has none."""

    titres: tuple[str, ...]
    lignes: tuple[tuple[Case, ...], ...]
    legende: str = ""

    @property
    def colonnes(self) -> int:
        wide = (sum(case.colonnes for case in line) for line in self.lignes)
        return max(len(self.titres), *wide, 1)


@dataclass(frozen=True, slots=True, repr=False)
class Figure:
    """``image``: a PNG, a JPEG or a GIF."""

    image: bytes = field(repr=False)
    legende: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class CodeIns:
    """The Datamatrix INS of the sheet's patient, at its place in the text; nothing for an identity that has none."""

    legende: str = "INS à scanner"


Bloc = Titre | Paragraphe | Liste | Tableau | Figure | CodeIns
