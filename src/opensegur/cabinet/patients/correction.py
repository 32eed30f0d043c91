"""A correction by hand: what it changes is kept, before and after, and what it does to the status follows."""

from __future__ import annotations

from django.db import transaction

from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.patients.preuves import add_preuve, write_traits
from opensegur.cabinet.requete import Qui
from opensegur.ins import STRICT_TRAITS, Nature, Traits

_COMPLEMENTAIRES = ("nom_utilise", "prenom_utilise")


def changes_between(before: Traits, after: Traits, names: tuple[str, ...]) -> dict[str, tuple[str, str]]:
    """The traits among ``names`` that differ: their value before and after."""
    return {
        name: (str(getattr(before, name)), str(getattr(after, name)))
        for name in names
        if getattr(before, name) != getattr(after, name)
    }


def correct(patient: Patient, traits: Traits, qui: Qui) -> tuple[str, ...]:
    """Write ``traits``; give the names of those that changed.

    A strict trait takes the identity back to its beginning; the names in use change no status.
    """
    before = patient.traits()
    strict = changes_between(before, traits, STRICT_TRAITS)
    others = changes_between(before, traits, _COMPLEMENTAIRES)
    with transaction.atomic():
        if strict:
            add_preuve(patient, Nature.MODIFICATION_TRAIT_STRICT, qui.compte, changements=strict | others)
        elif others:
            add_preuve(patient, Nature.MODIFICATION_COMPLEMENTAIRE, qui.compte, changements=others)
        write_traits(patient, traits)
    return (*strict, *others)
