"""Pairs found as the work goes: when a record is made or changed, those that look like it are noted."""

from __future__ import annotations

from opensegur.cabinet.doublons.models import Paire
from opensegur.cabinet.patients import selection
from opensegur.cabinet.patients.models import Patient


def pair_of(one: Patient, other: Patient) -> tuple[Patient, Patient]:
    """Always in the same order, so that a pair is written once."""
    return (one, other) if one.ipp <= other.ipp else (other, one)


def watch(patient: Patient) -> list[Paire]:
    """Note the records that look like ``patient``. A pair already decided is left as it was decided."""
    found = []
    for like in selection.look_alikes(patient.structure, patient.traits()):
        if like.patient.pk == patient.pk:
            continue
        a, b = pair_of(patient, like.patient)
        values = {"structure": patient.structure, "score": like.rapport.score, "raisons": list(like.raisons)}
        pair, _ = Paire.objects.get_or_create(a=a, b=b, defaults=values)
        found.append(pair)
    return found


def declare_different(patient: Patient, others: list[Patient]) -> None:
    """Somebody has said, as the record was made, that these are other people: it is not asked again."""
    for other in others:
        a, b = pair_of(patient, other)
        Paire.objects.update_or_create(
            a=a,
            b=b,
            defaults={"structure": patient.structure, "score": 0, "etat": Paire.Etat.DIFFERENTES},
        )
