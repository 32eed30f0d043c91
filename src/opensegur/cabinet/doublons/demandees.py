"""Merges that the system that holds identities asks for and that cannot be carried out without a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils import timezone

from opensegur.cabinet.doublons.models import Paire
from opensegur.cabinet.doublons.veille import pair_of
from opensegur.cabinet.imports.models import FusionRecue, Import
from opensegur.cabinet.patients.models import Patient

if TYPE_CHECKING:
    from opensegur.cabinet.requete import Qui

_CERTAIN = 100
_RAISON = "fusion demandée par le référentiel d’identités"


def ask_somebody(origine: Import, garde: Patient, absorbe: Patient) -> None:
    """The two records go to the list of work, whatever was decided about them before."""
    FusionRecue.objects.get_or_create(
        structure=origine.structure,
        garde=garde,
        absorbe=absorbe,
        faite_le=None,
        defaults={"origine": origine, "recue_le": timezone.now()},
    )
    a, b = pair_of(garde, absorbe)
    Paire.objects.update_or_create(
        a=a,
        b=b,
        defaults={
            "structure": origine.structure,
            "score": _CERTAIN,
            "raisons": [_RAISON],
            "etat": Paire.Etat.A_TRAITER,
        },
    )


def may_decide(qui: Qui, pair: Paire) -> bool:
    """Where identities come by flow, only what the flow asked is decided, by a référent d'identité."""
    if not qui.structure.esclave:
        return True
    return qui.referent_identite and _asked(pair).exists()


def settle(pair: Paire) -> None:
    _asked(pair).update(faite_le=timezone.now())


def _asked(pair: Paire) -> QuerySet[FusionRecue]:
    both = [pair.a_id, pair.b_id]
    return FusionRecue.objects.filter(garde__in=both, absorbe__in=both, faite_le=None)
