"""The accounts and the permissions of a structure, for whoever reviews them: in a spreadsheet, never a secret."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

from opensegur.cabinet.droits.reglage import adjustments_of
from opensegur.cabinet.droits.table import COLONNES, table
from opensegur.cabinet.equipe.etat import etat_of, places_of
from opensegur.cabinet.journal.export import harmless

if TYPE_CHECKING:
    from opensegur.cabinet.structures.models import Structure

_COMPTES = (
    "Identifiant", "Identifiant national", "Nom", "Prénom", "Rôle", "Administrateur", "Référent d’identité",
    "Responsable", "Actif", "Mot de passe choisi", "Code de téléphone", "Travaille aussi ailleurs",
)  # fmt: skip


def accounts_csv(structure: Structure) -> str:
    """One line a person, those who left included."""
    rows = []
    for place in places_of(structure).order_by("compte__nom", "compte__prenom", "pk"):
        compte, etat = place.compte, etat_of(place)
        said = (
            place.administrateur or place.role == "gestionnaire",
            place.referent_identite,
            place.responsable.acteur if place.responsable else "",
            place.actif,
            etat.mot_de_passe,
            etat.deux_facteurs,
            etat.ailleurs,
        )
        rows.append((compte.identifiant, compte.id_nat, compte.nom, compte.prenom, place.get_role_display(), *said))
    return _csv(_COMPTES, rows)


def rights_csv(structure: Structure) -> str:
    """The table as it stands here: one line an action, one column a role or a function."""
    ajustements = adjustments_of(structure)
    rows = [
        (
            ligne.libelle,
            ligne.donnees.value,
            *(
                ("oui" if ligne.granted(each.value, ajustements) else "non")
                + (" (changé)" if ligne.granted(each.value, ajustements) != ligne.cases[each.value].accordee else "")
                for each in COLONNES
            ),
            ligne.source,
        )
        for ligne in table().lignes.values()
    ]
    return _csv(("Droit", "Données", *(str(each.label).capitalize() for each in COLONNES), "Source"), rows)


def _csv(head: Iterable[str], rows: Iterable[tuple[object, ...]]) -> str:
    """Semicolons and a byte order mark, as French spreadsheets open it."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(head)
    writer.writerows([harmless(_said(each)) for each in row] for row in rows)
    return "\ufeff" + out.getvalue()


def _said(value: object) -> str:
    return {True: "oui", False: "non"}[value] if isinstance(value, bool) else str(value)
