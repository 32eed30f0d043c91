"""What a connection opens, said on screen before somebody tries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from opensegur.cabinet.acces import Acces
from opensegur.cabinet.actions import ACTIONS
from opensegur.cabinet.requete import Qui


@dataclass(frozen=True, slots=True)
class Permis:
    """``manque``: what would open it, ``psc``, ``role`` or ``responsable``; empty when it is open."""

    libelle: str
    manque: str


def permis_of(qui: Qui) -> list[Permis]:
    """Every action that some page asks for, in the order of ``ACTIONS``."""
    asked = {acces.action: acces for acces in every_access() if not acces.ouvert}
    return [Permis(libelle, _missing(asked[action], qui)) for action, libelle in ACTIONS.items() if action in asked]


def every_access() -> Iterator[Acces]:
    for pattern in every_pattern(get_resolver()):
        if found := getattr(pattern.callback, "acces", None):
            yield found


def every_pattern(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from every_pattern(entry)
        else:
            yield entry


def _missing(acces: Acces, qui: Qui) -> str:
    if not qui.peut(acces.action):
        return "role"
    if qui.manque_un_responsable(acces.action):
        return "responsable"
    return "psc" if acces.psc and qui.psc is None else ""
