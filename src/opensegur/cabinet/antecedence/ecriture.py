"""Writing the index, in the transaction that writes the record."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from operator import itemgetter
from typing import Protocol
from uuid import UUID
from zlib import crc32

from django.db import connection, transaction

from opensegur.cabinet.antecedence.formes import (
    indexed_given,
    indexed_names,
    neighbourhood,
    number_of,
    sound_of,
)
from opensegur.cabinet.antecedence.models import Mot
from opensegur.cabinet.antecedence.rang import Nomme

_SIGNED = 2**31
_CHUNK = 900
_COLUMNS = ("domaine", "nom", "prenom", "naissance", "ipp")

Entree = tuple[int, int, int, int, int]
"""Structure's number, family name's, given name's, birth date AAAAMMJJ, IPP."""


class Indexable(Nomme, Protocol):
    """What the index needs of a record; ``Patient`` has it."""

    @property
    def structure_id(self) -> UUID: ...
    @property
    def ipp(self) -> int: ...


def domaine_of(structure_id: UUID) -> int:
    """The structure as a number of 32 bits; whoever reads the index checks the structure of the records found."""
    return crc32(structure_id.bytes) - _SIGNED


def index_patients(patients: Iterable[Indexable], *, connus: set[str] | None = None) -> None:
    """Write the entries of records that have none.

    ``connus``: the forms that the caller knows to be in the index already; it is added to, and spares reading them
    again during an import.
    """
    entries: set[Entree] = set()
    forms: set[str] = set()
    for patient in patients:
        names, given = _indexed(patient)
        forms.update(names, given)
        entries |= _entries(patient, names, given)
    with transaction.atomic():
        _write_words(forms, set() if connus is None else connus)
        _insert("antecedence_entree", _COLUMNS, sorted(entries))


def replace_patient(before: Indexable | None, after: Indexable) -> None:
    """The record's entries follow its traits. ``before``: what the index was made from, None for a new record."""
    if before is not None:
        if _indexed(before) == _indexed(after) and before.date_naissance == after.date_naissance:
            return
        forget_patients([before])
    index_patients([after])


def forget_patients(patients: Iterable[Indexable]) -> None:
    """Remove the entries of these records; the forms stay, other people bear them."""
    entries = sorted({entry for patient in patients for entry in _entries(patient, *_indexed(patient))})
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            same = " AND ".join(f"e.{column} = t.{column}" for column in _COLUMNS)
            cursor.execute(
                f"DELETE FROM antecedence_entree e USING unnest({_arrays(_COLUMNS)}) "  # noqa: S608
                f"AS t({', '.join(_COLUMNS)}) WHERE {same}",
                [list(values) for values in zip(*entries, strict=True)] or [[]] * len(_COLUMNS),
            )
        else:
            same = " AND ".join(f"{column} = %s" for column in _COLUMNS)
            cursor.executemany(f"DELETE FROM antecedence_entree WHERE {same}", entries)  # noqa: S608


def empty_index() -> None:
    with connection.cursor() as cursor:
        for table in ("antecedence_entree", "antecedence_voisin", "antecedence_mot"):
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 our own tables


def _indexed(patient: Indexable) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return (
        indexed_names(patient.nom_naissance, patient.nom_utilise),
        indexed_given(patient.premier_prenom, patient.prenoms, patient.prenom_utilise),
    )


def _entries(patient: Indexable, names: Collection[str], given: Collection[str]) -> set[Entree]:
    domaine = domaine_of(patient.structure_id)
    born = int(patient.date_naissance.replace("-", ""))
    firsts = [number_of(text) for text in given]
    return {(domaine, number_of(name), first, born, patient.ipp) for name in names for first in firsts}


def _write_words(forms: set[str], connus: set[str]) -> None:
    unknown = sorted(forms - connus)
    missing: list[str] = []
    for begin in range(0, len(unknown), _CHUNK):
        asked = unknown[begin : begin + _CHUNK]
        there = set(Mot.objects.filter(forme__in=asked).order_by().values_list("forme", flat=True))
        missing += [form for form in asked if form not in there]
    neighbours = [(key, form) for form in missing for key in neighbourhood(form)]
    neighbours.sort(key=itemgetter(0))
    _insert("antecedence_mot", ("forme", "son"), [(form, sound_of(form)) for form in missing])
    _insert("antecedence_voisin", ("cle", "forme"), neighbours)
    connus.update(forms)


_TYPES = {"forme": "text", "ipp": "bigint"}


def _insert(table: str, columns: Sequence[str], rows: Sequence[tuple[int | str, ...]]) -> None:
    """Rows that are there already are left as they are."""
    if not rows:
        return
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"INSERT INTO {table} ({names}) "  # noqa: S608
                f"SELECT * FROM unnest({_arrays(columns)}) ON CONFLICT DO NOTHING",
                [list(values) for values in zip(*rows, strict=True)],
            )
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(
                f"INSERT INTO {table} ({names}) VALUES ({marks}) ON CONFLICT DO NOTHING",  # noqa: S608
                rows,
            )


def _arrays(columns: Sequence[str]) -> str:
    return ", ".join(f"%s::{_TYPES.get(column, 'integer')}[]" for column in columns)
