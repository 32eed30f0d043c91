"""The state of a patient's identity, computed from the rows of evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opensegur.ins import Etat, compute_etat

if TYPE_CHECKING:
    from opensegur.cabinet.patients.models import Patient


def etat_of(patient: Patient) -> Etat:
    """A prefetched relation is used as it is; the order of evidence is that of its numbers."""
    rows = sorted(patient.preuves.all(), key=lambda row: row.pk)
    return compute_etat(row.valeur() for row in rows)
