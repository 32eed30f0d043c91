"""The first lines of a table as they will be read, with what is wrong in its place."""

from __future__ import annotations

from dataclasses import dataclass

from opensegur.cabinet.imports.candidats import Candidat, read_row
from opensegur.cabinet.imports.fichier import mapping_of, pieces_of
from opensegur.cabinet.imports.formulaires import ColonnesForm, titles
from opensegur.cabinet.imports.models import Import
from opensegur.cabinet.imports.tableau import Forme, sample
from opensegur.ins import format_date

LIGNES = 20
_CHAMPS = (
    ("externe", "N°"),
    ("nom_naissance", "Nom de naissance"),
    ("premier_prenom", "1er prénom"),
    ("prenoms", "Prénoms"),
    ("date_naissance", "Naissance"),
    ("sexe", "Sexe"),
    ("lieu_naissance", "Lieu"),
    ("nom_utilise", "Nom utilisé"),
    ("matricule", "INS"),
)


@dataclass(frozen=True, slots=True)
class Case:
    """``defaut``: what is wrong with it, in French; ``bloquant`` when the line cannot be taken."""

    texte: str
    defaut: str = ""
    bloquant: bool = False


@dataclass(frozen=True, slots=True)
class Ligne:
    numero: int
    cases: tuple[Case, ...]
    defaut: str
    refusee: bool


@dataclass(frozen=True, slots=True)
class Apercu:
    """``colonnes``: title, first values, and the field of the form that says what the column holds."""

    colonnes: tuple[tuple[str, str, object], ...]
    champs: tuple[str, ...]
    lignes: tuple[Ligne, ...]


def apercu_of(made: Import, form: ColonnesForm, largeur: int) -> Apercu:
    forme = Forme(made.reglages["encodage"], made.reglages["delimiteur"])
    rows = sample(pieces_of(made), forme, LIGNES + 1)
    titres = bool(made.reglages["titres"])
    first = rows[0].cases if rows else ()
    body = rows[1:] if titres else rows[:LIGNES]
    named = titles(first, largeur, titres=titres)
    mapping = mapping_of(made)
    examples = [
        [row.cases[place] for row in body if place < len(row.cases) and row.cases[place]] for place in range(largeur)
    ]
    return Apercu(
        colonnes=tuple(
            (named[place], ", ".join(examples[place][:2])[:60], form[f"colonne_{place}"]) for place in range(largeur)
        ),
        champs=tuple(label for _, label in _CHAMPS),
        lignes=tuple(_line(read_row(row, mapping)) for row in body),
    )


def _line(candidat: Candidat) -> Ligne:
    wrong = {defaut.champ: defaut for defaut in candidat.defauts}
    cells = tuple(
        Case(
            _shown(candidat, champ),
            wrong[champ].message if champ in wrong else "",
            champ in wrong and wrong[champ].bloquant,
        )
        for champ, _ in _CHAMPS
    )
    elsewhere = " ".join(
        defaut.message for defaut in candidat.defauts if defaut.champ not in {champ for champ, _ in _CHAMPS}
    )
    return Ligne(candidat.ligne, cells, elsewhere, candidat.traits is None)


def _shown(candidat: Candidat, champ: str) -> str:
    if champ == "externe":
        return candidat.externe
    if champ == "matricule":
        return "annoncé" if candidat.matricule else ""
    if candidat.traits is None:
        return candidat.brut.get(champ, "")
    value = str(getattr(candidat.traits, champ))
    return format_date(value) if champ == "date_naissance" else value
