"""The table of rights: what each role, and each function beside a role, may do.

``droits.tsv`` has one line an action: what it shows (``donnees``), who of the care team (``cercle``), whether it is
done under a professional's responsibility, one cell for each role and each function, and why. A cell is ``toujours``,
``oui`` or ``non`` (adjustable by the structure, granted or not to begin with), or ``jamais``.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

from opensegur.cabinet.actions import ACTIONS, OUVERTES
from opensegur.cabinet.comptes.roles import SANS_SECRET_MEDICAL, SOUS_RESPONSABILITE, Role
from opensegur.foundation.errors import ConfigurationError

Ajustements = Mapping[tuple[str, str], bool]
"""What a structure granted or withdrew, by action and column."""


class Case(StrEnum):
    TOUJOURS = "toujours"
    OUI = "oui"
    NON = "non"
    JAMAIS = "jamais"

    @property
    def accordee(self) -> bool:
        """Before any adjustment."""
        return self in (Case.TOUJOURS, Case.OUI)

    @property
    def reglable(self) -> bool:
        return self in (Case.OUI, Case.NON)


class Donnees(StrEnum):
    """What an action lets one see of patients."""

    AUCUNE = "aucune"
    IDENTITE = "identite"
    MEDICALES = "medicales"


class Cercle(StrEnum):
    """Who is let through where records are open to the circle of care alone, beside the circle itself."""

    SANS_OBJET = "-"
    CERCLE = "oui"
    REFERENT = "referent"
    RELECTEUR = "relecteur"


class Fonction(StrEnum):
    """What somebody is charged with beside their role; it adds rights, never medical ones."""

    REFERENT = "referent"
    ADMINISTRATEUR = "administrateur"

    @property
    def label(self) -> str:
        return {"referent": "référent d’identité", "administrateur": "administrateur"}[self.value]


COLONNES: tuple[Role | Fonction, ...] = (*Role, *Fonction)
_ENTETE = ("action", "donnees", "cercle", "responsable", *(each.value for each in COLONNES), "source")


@dataclass(frozen=True, slots=True)
class Ligne:
    """One action. ``responsable``: a préparateur does it under the responsibility of a professional only."""

    action: str
    donnees: Donnees
    cercle: Cercle
    responsable: bool
    cases: Mapping[str, Case]
    source: str

    @property
    def libelle(self) -> str:
        return ACTIONS[self.action]

    def granted(self, colonne: str, ajustements: Ajustements) -> bool:
        """An adjustment outside the limits, left by an older table, counts for nothing."""
        case = self.cases.get(colonne, Case.JAMAIS)
        return ajustements.get((self.action, colonne), case.accordee) if case.reglable else case.accordee


@dataclass(frozen=True, slots=True)
class Table:
    version: str
    lignes: Mapping[str, Ligne]

    def allows(self, action: str, role: str, fonctions: frozenset[Fonction], ajustements: Ajustements) -> bool:
        """A function adds to the role, except what shows a patient to whoever may see none."""
        ligne = self.lignes.get(action)
        if ligne is None:
            return False
        if role == Role.SUPPORT and ligne.donnees is not Donnees.AUCUNE:
            return False
        return any(ligne.granted(each, ajustements) for each in (role, *fonctions))

    def who(self, action: str, ajustements: Ajustements) -> list[str]:
        """The roles and functions to which ``action`` is open, in words."""
        ligne = self.lignes.get(action)
        return [str(each.label) for each in COLONNES if ligne and ligne.granted(each.value, ajustements)]

    def needs_responsible(self, action: str, role: str) -> bool:
        ligne = self.lignes.get(action)
        return role in SOUS_RESPONSABILITE and ligne is not None and ligne.responsable


@cache
def table() -> Table:
    """The table that is shipped."""
    return parse_table(resources.files(__package__).joinpath("droits.tsv").read_text(encoding="utf-8"))


def parse_table(text: str) -> Table:
    """Raises ``ConfigurationError``: DROITS_ENTETE, DROITS_ACTION, DROITS_CASE, DROITS_INTERDIT, DROITS_SOURCE."""
    first, _, body = text.partition("\n")
    reader = csv.reader(body.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE, strict=True)
    if not first.startswith("# version ") or tuple(next(reader, [])) != _ENTETE:
        raise _fault("ENTETE", "ses rôles ou ses colonnes ne sont pas ceux du logiciel")
    lignes: dict[str, Ligne] = {}
    for values in reader:
        ligne = _ligne(values)
        if ligne.action in lignes:
            raise _fault("ACTION", f"« {ligne.action} » y est deux fois")
        lignes[ligne.action] = ligne
    expected = ACTIONS.keys() - OUVERTES
    if lignes.keys() != expected:
        raise _fault("ACTION", f"en trop ou absentes : {', '.join(sorted(lignes.keys() ^ expected))}")
    return Table(first.removeprefix("# version ").strip(), lignes)


def _ligne(values: list[str]) -> Ligne:
    if len(values) != len(_ENTETE):
        raise _fault("CASE", f"« {values[0] if values else ''} » n’a pas une case par colonne")
    row = dict(zip(_ENTETE, values, strict=True))
    try:
        ligne = Ligne(
            row["action"],
            Donnees(row["donnees"]),
            Cercle(row["cercle"]),
            {"oui": True, "-": False}[row["responsable"]],
            {each.value: Case(row[each.value]) for each in COLONNES},
            row["source"].strip(),
        )
    except (KeyError, ValueError) as error:
        raise _fault("CASE", f"une case de « {row['action']} » ne se lit pas") from error
    if not ligne.source:
        raise _fault("SOURCE", f"« {ligne.action} » ne dit pas pourquoi")
    _refuse_forbidden(ligne)
    return ligne


def _refuse_forbidden(ligne: Ligne) -> None:
    """What may not be granted, nor be made grantable, by anybody (CSP L1110-4)."""
    closed: tuple[Role | Fonction, ...] = ()
    if ligne.donnees is Donnees.MEDICALES:
        closed = (*SANS_SECRET_MEDICAL, *Fonction)
    elif ligne.donnees is Donnees.IDENTITE:
        closed = (Role.SUPPORT,)
    opened = [str(each.label) for each in closed if ligne.cases[each.value] is not Case.JAMAIS]
    if opened:
        raise _fault("INTERDIT", f"« {ligne.action} » ne peut être ouverte à : {', '.join(opened)}")


def _fault(code: str, what: str) -> ConfigurationError:
    return ConfigurationError(
        f"DROITS_{code}", f"La table des droits n’est pas valable : {what}.", conseil="Corrigez droits.tsv."
    )
