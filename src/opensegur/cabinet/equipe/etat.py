"""How somebody comes in, as the administrator may know it: never a password, never a secret."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from opensegur.cabinet.comptes import second_facteur
from opensegur.cabinet.comptes.models import Rattachement, responsable_la
from opensegur.cabinet.equipe.gestes import is_shared
from opensegur.cabinet.equipe.invitations import waiting_of


@dataclass(frozen=True, slots=True)
class EtatCompte:
    """``invite_jusqu_a``: until when a code may be used; ``responsable_absent``: who answers for them is gone."""

    mot_de_passe: bool
    psc: bool
    deux_facteurs: bool
    en_pause: bool
    invite_jusqu_a: datetime | None
    ailleurs: bool
    responsable_absent: bool

    @property
    def jamais_entre(self) -> bool:
        return not (self.mot_de_passe or self.psc)


def is_answered_for(place: Rattachement) -> bool:
    """Whether who answers for the person is still at work in the structure."""
    return Rattachement.objects.filter(pk=place.pk).filter(responsable_la()).exists()


def etat_of(place: Rattachement) -> EtatCompte:
    compte, now = place.compte, timezone.now()
    paused = [compte.bloque_jusqu_a, *compte.postes.values_list("bloque_jusqu_a", flat=True)]
    invitation = waiting_of(compte)
    return EtatCompte(
        mot_de_passe=compte.has_usable_password(),
        psc=bool(compte.id_nat),
        deux_facteurs=second_facteur.is_active(compte),
        en_pause=any(each and each > now for each in paused),
        invite_jusqu_a=invitation.expire_le if invitation else None,
        ailleurs=is_shared(place),
        responsable_absent=place.responsable is not None and not is_answered_for(place),
    )
