"""Deliveries ready to leave, and a national service that answers as it is told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.envois import moteur
from opensegur.cabinet.envois.expediteurs import Reussite
from opensegur.cabinet.envois.models import Envoi
from opensegur.cabinet.patients.models import Patient
from opensegur.foundation.errors import RefusedInput, TransportError
from opensegur.foundation.identifiers import new_oid

INJOIGNABLE = TransportError(
    "TRANSPORT_INJOIGNABLE", "Le DMP ne répond pas.", conseil="L’envoi sera retenté.", retryable=True
)
REFUS = RefusedInput("DMP_TYPE", "Le DMP refuse ce type.", conseil="Choisissez un autre type.", detail="code 11488-4")


class Service:
    """Gives ``answers`` one after the other, an exception by raising it, then success for ever.

    ``seen`` keeps the identifiers and the content of each sending.
    """

    def __init__(self, answers: Iterable[Exception | Reussite] = ()) -> None:
        self._answers = list(answers)
        self.seen: list[tuple[dict[str, str], bytes]] = []

    def envoyer(self, envoi: Envoi) -> Reussite:
        self.seen.append((envoi.identifiants, bytes(envoi.contenu)))
        answer = self._answers.pop(0) if self._answers else Reussite()
        if isinstance(answer, Exception):
            raise answer
        return answer


def make_envoi(patient: Patient, auteur: Compte, **champs: Any) -> Envoi:
    return Envoi.objects.create(
        **{
            "structure": patient.structure,
            "patient": patient,
            "canal": Envoi.Canal.DMP,
            "nature": Envoi.Nature.DEPOT,
            "libelle": "Compte rendu du genou",
            "moyen": "INDIRECTE",
            "auteur": auteur,
            "identifiants": {"document": new_oid(), "lot": new_oid()},
            "contenu": b"<ClinicalDocument/>",
            "a_tenter_le": timezone.now(),
            **champs,
        }
    )


def make_due(envoi: Envoi) -> None:
    """The moment of the next attempt has come, and the lease of a worker, if one has it, is over."""
    past = timezone.now() - timedelta(seconds=1)
    Envoi.objects.filter(pk=envoi.pk).update(a_tenter_le=past)
    Envoi.objects.filter(pk=envoi.pk, bail_jusqu_a__isnull=False).update(bail_jusqu_a=past)


def attempt(envoi: Envoi, ouvrier: str = "ouvrier 1") -> Envoi:
    """What a worker does when the delivery is due; gives the row as it is afterwards."""
    make_due(envoi)
    assert moteur.claim(ouvrier) == [envoi.pk]
    moteur.run_one(envoi.pk, ouvrier)
    return Envoi.objects.get(pk=envoi.pk)
