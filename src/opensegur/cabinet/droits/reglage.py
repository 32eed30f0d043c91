"""Adjusting the table for one structure, within its limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from opensegur.cabinet.droits.models import Ajustement
from opensegur.cabinet.droits.table import Ajustements, table
from opensegur.foundation.errors import InvalidValue

if TYPE_CHECKING:
    from opensegur.cabinet.comptes.models import Compte
    from opensegur.cabinet.structures.models import Structure


def adjustments_of(structure: Structure) -> Ajustements:
    rows = Ajustement.objects.filter(structure=structure).order_by().values_list("action", "colonne", "accorde")
    return {(action, colonne): accorde for action, colonne, accorde in rows}


@transaction.atomic
def adjust(structure: Structure, action: str, colonne: str, auteur: Compte, *, accorde: bool) -> bool:
    """Grant or withdraw one cell; whether that changed anything.

    Raises ``InvalidValue`` (DROIT_INCONNU, DROIT_LIMITE).
    """
    ligne = table().lignes.get(action)
    case = ligne.cases.get(colonne) if ligne else None
    if ligne is None or case is None:
        raise InvalidValue("DROIT_INCONNU", "Ce droit n’existe pas.", conseil="Rechargez la page.")
    if not case.reglable:
        raise InvalidValue(
            "DROIT_LIMITE",
            f"Le droit de {ligne.libelle} ne se règle pas pour ce rôle.",
            conseil=f"La table le fixe : {ligne.source}.",
        )
    if ligne.granted(colonne, adjustments_of(structure)) == accorde:
        return False
    cell: dict[str, Any] = {"structure": structure, "action": action, "colonne": colonne}
    if accorde == case.accordee:
        Ajustement.objects.filter(**cell).delete()
    else:
        change = {"accorde": accorde, "par": auteur, "le": timezone.now()}
        Ajustement.objects.update_or_create(**cell, defaults=change)
    return True


def reset(structure: Structure) -> int:
    """Back to the table; how many cells that changes."""
    deleted, _ = Ajustement.objects.filter(structure=structure).delete()
    return deleted
