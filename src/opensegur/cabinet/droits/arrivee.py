"""The first page of whoever comes in: the day's arrivals, or what their rights open instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

if TYPE_CHECKING:
    from opensegur.cabinet.requete import Qui

_PAGES = (
    ("accueil.lire", "accueil:jour"),
    ("equipe.lire", "equipe:liste"),
    ("vigilance.lire", "vigilance:tableau"),
    ("diagnostic.lire", "diagnostic:page"),
)


def first_page(qui: Qui) -> str:
    """Its address; one's own account when nothing else is open."""
    return next((reverse(route) for action, route in _PAGES if qui.peut(action)), reverse("comptes:compte"))
