"""Which structure and which account a command works for, once the cabinet is ready."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opensegur.cabinet.comptes.models import Compte
    from opensegur.cabinet.structures.models import Structure


def structure_of(id_nat: str) -> Structure:
    from opensegur.cabinet.structures.models import Structure
    from opensegur.foundation.errors import InvalidValue

    found = list(Structure.objects.filter(**({"id_nat": id_nat} if id_nat else {}))[:2])
    if len(found) != 1:
        raise InvalidValue(
            "STRUCTURE",
            "Cette structure n’existe pas." if id_nat else "Il y a plusieurs structures, ou aucune.",
            conseil="Donnez son identifiant national avec --structure.",
        )
    return found[0]


def compte_of(identifiant: str) -> Compte:
    from opensegur.cabinet.comptes.models import Compte
    from opensegur.foundation.errors import InvalidValue

    found = Compte.objects.filter(identifiant=identifiant).first()
    if found is None:
        raise InvalidValue(
            "COMPTE", "Ce compte n’existe pas.", conseil="Donnez l’identifiant avec lequel il se connecte."
        )
    return found
