"""How somebody comes in, as the administrator may know it: never a password, never a secret."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from opensegur.cabinet.comptes.models import Rattachement, responsable_la
from opensegur.cabinet.structures.models import Structure


@dataclass(frozen=True, slots=True)
class EtatCompte:
    """``invite_jusqu_a``: until when a code may be used; ``responsable_absent``: who answers for them is gone."""

    mot_de_passe: bool
    psc: bool
    deux_facteurs: bool
    cles_acces: int
    en_pause: bool
    invite_jusqu_a: datetime | None
    ailleurs: bool
    responsable_absent: bool

    @property
    def jamais_entre(self) -> bool:
        return not (self.mot_de_passe or self.psc or self.cles_acces)


def places_of(structure: Structure) -> QuerySet[Rattachement]:
    """The places of a structure, with what ``etat_of`` reads of them."""
    return (
        Rattachement.objects.filter(structure=structure)
        .select_related("compte__second_facteur", "responsable", "structure")
        .prefetch_related("compte__postes", "compte__invitations", "compte__cles_acces", "compte__rattachements")
        .annotate(responsable_la=responsable_la())
    )


def etat_of(place: Rattachement) -> EtatCompte:
    """Of a place that ``places_of`` gave."""
    compte, now = place.compte, timezone.now()
    factor = getattr(compte, "second_facteur", None)
    paused = [compte.bloque_jusqu_a, *(each.bloque_jusqu_a for each in compte.postes.all())]
    waiting = [each.expire_le for each in compte.invitations.all() if each.utilisee_le is None]
    others = [each for each in compte.rattachements.all() if each.actif and each.structure_id != place.structure_id]
    return EtatCompte(
        mot_de_passe=compte.has_usable_password(),
        psc=bool(compte.id_nat),
        deux_facteurs=factor is not None and factor.actif_depuis is not None,
        cles_acces=len(compte.cles_acces.all()),
        en_pause=any(each and each > now for each in paused),
        invite_jusqu_a=next((each for each in waiting if each > now), None),
        ailleurs=bool(others),
        responsable_absent=place.responsable is not None and not place.responsable_la,  # type: ignore[attr-defined]
    )
