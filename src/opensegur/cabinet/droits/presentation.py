"""The table as the screen shows it: by subject, one cell after the other, with what the structure changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from opensegur.cabinet.droits.models import Ajustement
from opensegur.cabinet.droits.table import COLONNES, Ajustements, Ligne, table

if TYPE_CHECKING:
    from opensegur.cabinet.structures.models import Structure

# by the first word of an action, in the order of the screen
_SUJETS = {
    "accueil": "Accueil et venues",
    "venue": "Accueil et venues",
    "dossier": "Dossiers et équipe de soins",
    "cercle": "Dossiers et équipe de soins",
    "identite": "Identité des patients",
    "copie": "Identité des patients",
    "insi": "Identité des patients",
    "guichet": "Identité des patients",
    "lieu": "Identité des patients",
    "medical": "Dossier médical",
    "document": "Documents",
    "ecrit": "Documents",
    "bannette": "Documents",
    "portabilite": "Documents",
    "poste": "Postes et diagnostic",
    "dmp": "DMP et envois",
    "envois": "DMP et envois",
    "doublons": "Doublons, imports et identitovigilance",
    "import": "Doublons, imports et identitovigilance",
    "vigilance": "Doublons, imports et identitovigilance",
    "journal": "Journal, équipe et droits",
    "equipe": "Journal, équipe et droits",
    "conservation": "Journal, équipe et droits",
    "droits": "Journal, équipe et droits",
    "compte": "Son compte",
    "aide": "Son compte",
    "diagnostic": "Postes et diagnostic",
}


@dataclass(frozen=True, slots=True)
class CaseMontree:
    """``dit``: oui or non; ``envoi``: what its button sends, "" when it is fixed; ``changee``: by whom and when."""

    cle: str
    libelle: str
    dit: str
    jamais: bool
    envoi: str
    changee: str


@dataclass(frozen=True, slots=True)
class LigneMontree:
    titre: str
    libelle: str
    source: str
    cases: tuple[CaseMontree, ...]


@dataclass(frozen=True, slots=True)
class Changement:
    """A cell that differs from the table; ``retour``: what puts it back."""

    droit: str
    qui: str
    accorde: bool
    par: str
    le: datetime
    retour: str


def changes_of(structure: Structure) -> list[Changement]:
    """In the order of the table; what a newer table no longer knows is left out."""
    rows = Ajustement.objects.filter(structure=structure).select_related("par")
    known = {each.value: str(each.label) for each in COLONNES}
    order = list(table().lignes)
    found = [each for each in rows if _counts(each)]
    return [
        Changement(
            table().lignes[each.action].libelle,
            known[each.colonne],
            each.accorde,
            each.par.nom_affiche,
            each.le,
            _sent(each.action, each.colonne, accorde=not each.accorde),
        )
        for each in sorted(found, key=lambda each: (order.index(each.action), each.colonne))
    ]


def subjects_of(structure: Structure, ajustements: Ajustements) -> dict[str, list[LigneMontree]]:
    rows = Ajustement.objects.filter(structure=structure).select_related("par")
    said = {(each.action, each.colonne): f"par {each.par.nom_affiche}, le {each.le:%d/%m/%Y}" for each in rows}
    found: dict[str, list[LigneMontree]] = {each: [] for each in _SUJETS.values()}
    for ligne in table().lignes.values():
        found[_SUJETS[ligne.action.partition(".")[0]]].append(_line(ligne, ajustements, said))
    return found


def read_sent(text: str) -> tuple[str, str, bool]:
    """Action, column, and whether it is to be granted."""
    action, _, rest = text.partition(":")
    colonne, _, wanted = rest.partition(":")
    return action, colonne, wanted == "oui"


def _line(ligne: Ligne, ajustements: Ajustements, said: dict[tuple[str, str], str]) -> LigneMontree:
    cases = []
    for each in COLONNES:
        case, granted = ligne.cases[each.value], ligne.granted(each.value, ajustements)
        cases.append(
            CaseMontree(
                f"{ligne.action}:{each.value}",
                str(each.label).capitalize(),
                "oui" if granted else "non",
                not case.reglable and not case.accordee,
                _sent(ligne.action, each.value, accorde=not granted) if case.reglable else "",
                said.get((ligne.action, each.value), "") if granted != case.accordee else "",
            )
        )
    return LigneMontree(ligne.libelle[:1].upper() + ligne.libelle[1:], ligne.libelle, ligne.source, tuple(cases))


def _counts(row: Ajustement) -> bool:
    ligne = table().lignes.get(row.action)
    case = ligne.cases.get(row.colonne) if ligne else None
    return case is not None and case.reglable and case.accordee != row.accorde


def _sent(action: str, colonne: str, *, accorde: bool) -> str:
    return f"{action}:{colonne}:{'oui' if accorde else 'non'}"
