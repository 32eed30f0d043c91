"""A restored installation is read through: a backup is worth what was read back from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from django.apps import apps

from opensegur.cabinet.chiffrement.champs import ChampChiffre
from opensegur.cabinet.documents.models import Document
from opensegur.cabinet.journal import chaine
from opensegur.cabinet.patients.models import Patient
from opensegur.foundation.errors import OpenSegurError

_LOT = 100


@dataclass(frozen=True, slots=True)
class Bilan:
    """What was read back.

    ``illisibles``: tables with a value that these keys do not open; ``ruptures``: structures whose journal is not
    whole.
    """

    dossiers: int
    documents: int
    lignes: int
    illisibles: tuple[str, ...]
    ruptures: tuple[str, ...]

    @property
    def bonne(self) -> bool:
        return not self.ruptures and not self.illisibles


def read_through() -> Bilan:
    """Decrypt every encrypted value and walk every chain of the journal of the present installation."""
    verdicts = [chaine.verify(reference) for reference in chaine.structures()]
    return Bilan(
        dossiers=Patient.objects.count(),
        documents=Document.objects.count(),
        lignes=sum(verdict.lignes + verdict.non_scellees for verdict in verdicts),
        illisibles=tuple(_unreadable()),
        ruptures=tuple(verdict.structure_ref for verdict in verdicts if not verdict.intact),
    )


def _unreadable() -> Iterator[str]:
    for model in apps.get_models():
        encrypted = [field.name for field in model._meta.concrete_fields if isinstance(field, ChampChiffre)]
        rows = cast("Any", model).objects.values_list(*encrypted).iterator(chunk_size=_LOT) if encrypted else ()
        try:
            for _ in rows:
                pass
        except OpenSegurError:
            yield model._meta.label_lower
