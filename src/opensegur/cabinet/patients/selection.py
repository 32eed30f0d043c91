"""Finding records by separate traits, inside one structure."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.structures.models import Structure
from opensegur.ins.dates import split_date

LIMITE = 30
NOM_MINIMUM = 2


@dataclass(frozen=True, slots=True)
class Criteres:
    """Separate fields, never one free text (EXI ID 17). Names normalised; ``date_naissance`` AAAA-MM-JJ or ""."""

    nom: str = ""
    prenom: str = ""
    date_naissance: str = ""
    ipp: int | None = None

    @property
    def suffisants(self) -> bool:
        """A whole practice must not come out of an almost empty question."""
        return bool(self.ipp or self.date_naissance or len(self.nom) >= NOM_MINIMUM or len(self.prenom) > NOM_MINIMUM)


def search(structure: Structure, criteres: Criteres) -> QuerySet[Patient]:
    """The records whose birth or used names begin with what was asked, at most ``LIMITE`` of them.

    A birth date of which the day or the month is 00 leaves that part open.
    """
    if not criteres.suffisants:
        return Patient.objects.none()
    wanted = Q(structure=structure)
    if criteres.ipp:
        wanted &= Q(ipp=criteres.ipp)
    if criteres.nom:
        wanted &= Q(nom_naissance__prefixe=criteres.nom) | Q(nom_utilise__prefixe=criteres.nom)
    if criteres.prenom:
        wanted &= (
            Q(premier_prenom__prefixe=criteres.prenom)
            | Q(prenom_utilise__prefixe=criteres.prenom)
            | Q(prenoms__prefixe=criteres.prenom)
            | Q(prenoms__contains=f" {criteres.prenom}")
        )
    if criteres.date_naissance:
        wanted &= _date(criteres.date_naissance)
    found = Patient.objects.filter(wanted).prefetch_related("preuves")
    return found.order_by("nom_naissance", "premier_prenom", "date_naissance", "id")[: LIMITE + 1]


def _date(text: str) -> Q:
    year, month, day = split_date(text)
    if month and day:
        return Q(date_naissance=text)
    prefix = f"{year:04d}-{month:02d}-" if month else f"{year:04d}-"
    return Q(date_naissance__prefixe=prefix)
