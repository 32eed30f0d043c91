"""Where a person may work now: their places in the structures, crossed with what Pro Santé Connect says of them.

A lost profession or a lost activity takes its rights away at the next login (référentiel Pro Santé Connect).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from opensegur.cabinet.comptes.models import Rattachement
from opensegur.cabinet.comptes.roles import role_fits
from opensegur.cabinet.structures.models import Structure


@dataclass(frozen=True, slots=True)
class Activite:
    """One activity of Pro Santé Connect: a profession, in a structure named by any of ``identifiants``.

    ``identifiants``: Struct_IdNat values (``1``+FINESS, ``3``+SIRET…), none for somebody without a fixed place.
    """

    profession: str = ""
    savoir_faire: str = ""
    secteur: str = ""
    libelle: str = ""
    identifiants: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Situation:
    """A choice of the screen after the login; ``activite`` is None after a local login."""

    rattachement: Rattachement
    activite: Activite | None = None

    @property
    def cle(self) -> str:
        """What the button sends back; stable as long as the account and the activities are."""
        activite = self.activite
        return f"{self.rattachement.pk}" + (f"-{activite.profession}-{activite.savoir_faire}" if activite else "")

    @property
    def structure(self) -> Structure:
        return self.rattachement.structure

    @property
    def libelle(self) -> str:
        role = self.rattachement.get_role_display().capitalize()
        named = self.activite and self.activite.libelle
        return f"{role} · {named}" if named else role


def situations_of(places: Iterable[Rattachement], activites: Iterable[Activite] | None) -> tuple[Situation, ...]:
    """Every place that may be taken, once for each way of working in it. ``activites`` is None for a local login.

    An activity that names structures opens only those; one that names none (a locum, a test identity) opens every
    place of the account. The profession must fit the role.
    """
    if activites is None:
        return tuple(Situation(place) for place in places)
    offered = list(activites) or [Activite()]
    found: dict[str, Situation] = {}
    for place in places:
        for activite in offered:
            if _opens(activite, place):
                situation = Situation(place, activite)
                found.setdefault(situation.cle, situation)
    return tuple(found.values())


def _opens(activite: Activite, place: Rattachement) -> bool:
    here = not activite.identifiants or place.structure.id_nat in activite.identifiants
    return here and role_fits(place.role, activite.profession)
