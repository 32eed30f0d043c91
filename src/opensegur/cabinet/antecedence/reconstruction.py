"""Making the whole index again from the records: after a change of its rules, or for records older than it."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from opensegur.cabinet.antecedence.ecriture import empty_index, index_patients
from opensegur.cabinet.antecedence.models import Entree
from opensegur.cabinet.patients.models import Patient

_BATCH = 5000
_COLUMNS = (
    "structure_id",
    "ipp",
    "nom_naissance",
    "nom_utilise",
    "premier_prenom",
    "prenoms",
    "prenom_utilise",
    "date_naissance",
)


def rebuild(progress: Callable[[int, int], None] = lambda _done, _total: None) -> int:
    """Empty the index and write it again, in one transaction: searches see the old one until it is done.

    ``progress`` is called with the records done and their total. Gives the total.
    """
    total, done, known = Patient.objects.count(), 0, set[str]()
    with transaction.atomic():
        empty_index()
        batch: list[Patient] = []
        for patient in Patient.objects.only(*_COLUMNS).order_by("pk").iterator(_BATCH):
            batch.append(patient)
            if len(batch) == _BATCH:
                index_patients(batch, connus=known)
                done += len(batch)
                batch = []
                progress(done, total)
        index_patients(batch, connus=known)
        progress(total, total)
    return total


def complete() -> None:
    """Write the index when there are records and it is empty: those records are older than it."""
    if not Entree.objects.exists() and Patient.objects.exists():
        rebuild()
