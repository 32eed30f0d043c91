"""Who keeps the certificates of a structure: whoever administers it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opensegur.cabinet.comptes.roles import Role

if TYPE_CHECKING:
    from opensegur.cabinet.requete import Qui

ADMINISTRATION = frozenset({Role.GESTIONNAIRE})


def may_keep(qui: Qui) -> bool:
    return qui.role in ADMINISTRATION
