"""The day of a structure: its visits grouped by what happens with them now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from opensegur.cabinet.accueil.etats import GESTES, TRANSITIONS, Etat
from opensegur.cabinet.accueil.models import Venue
from opensegur.cabinet.patients.qualification import relance_of
from opensegur.cabinet.structures.models import Structure


@dataclass(frozen=True, slots=True)
class Geste:
    """A way out of a visit's state, with the words of its button."""

    vers: str
    libelle: str


@dataclass(frozen=True, slots=True)
class LigneDuJour:
    venue: Venue
    statut: str
    geste: Geste | None
    autres: tuple[Geste, ...]
    piece_a_demander: bool = False


@dataclass(frozen=True, slots=True)
class Groupe:
    """``replie``: shown closed, because the work with these visits is done."""

    titre: str
    cle: str
    lignes: tuple[LigneDuJour, ...]
    replie: bool = False


_GROUPES = (
    ("Reçus en ce moment", (Etat.EN_COURS,), False),
    ("Arrivés, à recevoir", (Etat.ARRIVE,), False),
    ("Attendus", (Etat.ATTENDU,), False),
    ("Partis", (Etat.PARTI,), True),
    ("Ne viendront pas", (Etat.ANNULE,), True),
)


def bounds(jour: date) -> tuple[datetime, datetime]:
    """The local day as two moments: 23 or 25 hours long twice a year."""
    zone = timezone.get_current_timezone()
    return (
        datetime.combine(jour, time.min, zone),
        datetime.combine(jour + timedelta(days=1), time.min, zone),
    )


def venues_of(structure: Structure, jour: date) -> list[Venue]:
    debut, fin = bounds(jour)
    return list(
        Venue.objects.filter(structure=structure, prevue_le__gte=debut, prevue_le__lt=fin)
        .select_related("patient", "recu_par")
        .prefetch_related("patient__preuves", "patient__sans_piece", "patient__structure")
        .order_by("prevue_le", "creee_le", "id")
    )


def groups(venues: list[Venue]) -> list[Groupe]:
    """Only the groups that have somebody."""
    found = []
    for titre, etats, replie in _GROUPES:
        lignes = tuple(line(venue) for venue in venues if venue.etat in etats)
        if lignes:
            found.append(Groupe(titre, etats[0].value, lignes, replie))
    return found


def line(venue: Venue) -> LigneDuJour:
    gestes = tuple(Geste(vers.value, GESTES[Etat(venue.etat), vers]) for vers in TRANSITIONS[Etat(venue.etat)])
    leads_on = venue.etat in {Etat.ATTENDU, Etat.ARRIVE, Etat.EN_COURS}
    etat = venue.patient.etat()
    return LigneDuJour(
        venue,
        etat.statut,
        gestes[0] if leads_on else None,
        gestes[1:] if leads_on else gestes,
        piece_a_demander=leads_on and relance_of(venue.patient, etat).encore,
    )
