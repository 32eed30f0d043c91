"""Undoing an import: what it made goes, and only that; what somebody has worked on since stays, and is listed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import ForeignObjectRel, Q

from opensegur.cabinet.antecedence.ecriture import forget_patients
from opensegur.cabinet.doublons.models import Collision, Paire
from opensegur.cabinet.imports.erreurs import ImportRefuse
from opensegur.cabinet.imports.fichier import forget_content
from opensegur.cabinet.imports.models import Import, InsAnnoncee, Provenance
from opensegur.cabinet.patients.models import Patient, Preuve
from opensegur.ins import Nature

_BATCH = 500
_UNDONE_FROM = frozenset({Import.Etat.FAIT, Import.Etat.ARRETE})


@dataclass(frozen=True, slots=True)
class Retour:
    """``gardes``: the numbers of the records that somebody has worked on since."""

    retires: int
    gardes: tuple[int, ...]


def undo(made: Import, progress: Callable[[int], None] = lambda _done: None) -> Retour:
    """Remove the records that the import made and that nobody has touched since.

    Raises ``ImportRefuse``: IMPORT_ETAT; IMPORT_FLUX, for the messages of the system that holds identities.
    """
    with transaction.atomic():
        locked = Import.objects.select_for_update().select_related("structure").get(pk=made.pk)
        _check(locked)
        removed, kept, after = 0, list[int](), 0
        while rows := list(
            Provenance.objects.filter(origine=locked, pk__gt=after)
            .order_by("pk")[:_BATCH]
            .values_list("pk", "patient_id")
        ):
            after = rows[-1][0]
            ids = [patient for _, patient in rows]
            touched = touched_since(ids)
            gone = [each for each in ids if each not in touched]
            _remove(gone)
            removed += len(gone)
            kept += Patient.objects.filter(pk__in=touched).order_by("ipp").values_list("ipp", flat=True)
            progress(removed)
        locked.etat = Import.Etat.FAIT if kept else Import.Etat.DEFAIT
        locked.comptes = {**locked.comptes, "retires": locked.comptes.get("retires", 0) + removed}
        locked.save()
        forget_content(locked)
    made.refresh_from_db()
    return Retour(removed, tuple(sorted(kept)))


def touched_since(ids: list[UUID]) -> set[UUID]:
    """Of these records, those to which something else has happened, in whatever part of the application."""
    found = set(
        Preuve.objects.filter(patient_id__in=ids)
        .exclude(nature=Nature.IMPORT.value)
        .values_list("patient_id", flat=True)
    )
    found |= set(
        InsAnnoncee.objects.filter(patient_id__in=ids)
        .exclude(etat=InsAnnoncee.Etat.A_VERIFIER)
        .values_list("patient_id", flat=True)
    )
    found |= set(
        Collision.objects.filter(patient_id__in=ids)
        .exclude(etat=Collision.Etat.A_TRAITER)
        .values_list("patient_id", flat=True)
    )
    for name in ("a_id", "b_id"):
        decided = Paire.objects.filter(**{f"{name}__in": ids}).exclude(etat=Paire.Etat.A_TRAITER)
        found |= set(decided.values_list(name, flat=True))
    for model, name in _links():
        found |= set(model.objects.filter(**{f"{name}__in": ids}).values_list(name, flat=True))
    return found


def _links() -> list[tuple[Any, str]]:
    """Every model that points to a record, but for what an import writes and what is found without anybody."""
    own = {Preuve, InsAnnoncee, Provenance, Paire, Collision}
    return [
        (relation.related_model, relation.field.name)
        for relation in Patient._meta.get_fields(include_hidden=True)
        if isinstance(relation, ForeignObjectRel) and relation.related_model not in own
    ]


def _remove(ids: list[UUID]) -> None:
    """Nothing else points to these records: no cascade has to be looked for."""
    forget_patients(Patient.objects.filter(pk__in=ids).order_by("pk"))
    for rows in (
        Paire.objects.filter(Q(a_id__in=ids) | Q(b_id__in=ids)),
        Collision.objects.filter(patient_id__in=ids),
        InsAnnoncee.objects.filter(patient_id__in=ids),
        Provenance.objects.filter(patient_id__in=ids),
        Preuve.objects.filter(patient_id__in=ids),
        Patient.objects.filter(pk__in=ids),
    ):
        rows._raw_delete(rows.db)  # noqa: SLF001 Django's own way to delete without collecting first


def _check(made: Import) -> None:
    if made.etat not in _UNDONE_FROM:
        raise ImportRefuse(
            "IMPORT_ETAT",
            f"Cet import ne peut pas être défait : {made.get_etat_display()}.",
            conseil="Arrêtez-le d’abord, ou rechargez la page.",
        )
    if made.structure.esclave:
        raise ImportRefuse(
            "IMPORT_FLUX",
            "Des messages du référentiel d’identités ne se défont pas ici.",
            conseil="Corrigez le référentiel : il enverra la correction.",
        )
