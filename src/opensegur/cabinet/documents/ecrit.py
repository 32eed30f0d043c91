"""What was written in a form, as it is kept: each part with its title, so that an older writing prints the same."""

from __future__ import annotations

from dataclasses import dataclass

from opensegur.cda.checks import check_texts
from opensegur.cda.papier import Bloc, Case, CodeIns, Liste, Paragraphe, Tableau, Titre

CODE = "{{datamatrix}}"
"""Where a text asks for the Datamatrix INS of its patient."""
_BULLETS = ("- ", "• ", "* ")


@dataclass(frozen=True, slots=True, repr=False)
class Partie:
    """A part in words (``texte``), or a table: ``colonnes`` and ``lignes``."""

    cle: str
    titre: str
    texte: str = ""
    colonnes: tuple[str, ...] = ()
    lignes: tuple[tuple[str, ...], ...] = ()

    def __post_init__(self) -> None:
        check_texts(self)

    @property
    def est_vide(self) -> bool:
        return not self.texte.strip() and not self.lignes


@dataclass(frozen=True, slots=True, repr=False)
class Ecrit:
    """``modele``: the form that it was written in."""

    modele: str
    parties: tuple[Partie, ...]

    def blocs(self) -> tuple[Bloc, ...]:
        """What is printed: parts that say nothing are left out, and one that is alone needs no title."""
        said = [part for part in self.parties if not part.est_vide]
        if len(said) == 1:
            return tuple(_part(said[0]))
        return tuple(bloc for part in said for bloc in (Titre(part.titre), *_part(part)))


def _part(part: Partie) -> list[Bloc]:
    if part.colonnes:
        return [Tableau(part.colonnes, tuple(tuple(Case(words) for words in line) for line in part.lignes))]
    blocs: list[Bloc] = []
    items: list[str] = []
    for line in [*part.texte.splitlines(), ""]:
        words = line.strip()
        if words.startswith(_BULLETS):
            items.append(words[2:].strip())
            continue
        if items:
            blocs.append(Liste(tuple(items)))
            items = []
        blocs += _line(words)
    return blocs


def _line(words: str) -> list[Bloc]:
    """A paragraph, cut where it names the code of the patient."""
    before, marked, after = words.partition(CODE)
    said: list[Bloc] = [Paragraphe(before.strip())] if before.strip() else []
    return [*said, CodeIns(), *_line(after)] if marked else said
