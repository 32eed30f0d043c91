"""Writing visits: adding one, and moving it on."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from opensegur.cabinet.accueil.etats import Etat, check_transition
from opensegur.cabinet.accueil.models import Venue
from opensegur.cabinet.structures.models import Structure

# the moment that each state writes, when it is not written yet
_MOMENTS = {Etat.ARRIVE: "arrivee_le", Etat.EN_COURS: "debut_le", Etat.PARTI: "fin_le"}
# what a step back takes away
_EFFACE = {
    (Etat.ARRIVE, Etat.ATTENDU): ("arrivee_le",),
    (Etat.EN_COURS, Etat.ARRIVE): ("debut_le",),
    (Etat.PARTI, Etat.EN_COURS): ("fin_le",),
}


def advance(structure: Structure, venue_id: UUID, vers: str) -> Venue:
    """Move a visit to the state ``vers``.

    Raises ``Venue.DoesNotExist`` for another structure's visit, ``TransitionInterdite``.
    """
    with transaction.atomic():
        venue = Venue.objects.select_for_update().get(structure=structure, pk=venue_id)
        check_transition(venue.etat, vers)
        depuis, venue.etat = Etat(venue.etat), Etat(vers)
        for name in _EFFACE.get((depuis, venue.etat), ()):
            setattr(venue, name, None)
        moment = _MOMENTS.get(venue.etat)
        if moment and getattr(venue, moment) is None:
            setattr(venue, moment, timezone.now())
        venue.save()
    return venue
