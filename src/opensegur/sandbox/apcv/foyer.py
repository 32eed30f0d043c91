"""Who is on a person's card or appli: the person, then those of the household who depend on them."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from opensegur.sandbox.population.annuaire import Population
from opensegur.sandbox.population.personnes import Personne

MAJORITE: Final = 18


def household(population: Population, holder: Personne, moment: datetime) -> tuple[tuple[Personne, str], ...]:
    """The holder ("assure") first, then the children of the family who are minors ("enfant")."""
    children = [each for each in population.relatives(holder) if is_minor(each, moment)]
    if is_minor(holder, moment):
        children = []
    ordered = sorted(children, key=lambda each: (each.date_naissance, each.prenoms))
    return ((holder, "assure"), *((child, "enfant") for child in ordered))


def is_minor(personne: Personne, moment: datetime) -> bool:
    """By the year, month and day as strings: birth dates may be lunar."""
    threshold = f"{moment.year - MAJORITE:04d}-{moment.month:02d}-{moment.day:02d}"
    return personne.date_naissance > threshold
