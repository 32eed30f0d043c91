"""Every encrypted value written again under the current key, while the application works.

A value is replaced only if it is still the one that was read: what somebody writes meanwhile is never lost. Stopped,
it starts again where values of a former key are left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connections, router, transaction

from opensegur.cabinet.chiffrement.champs import ChampChiffre
from opensegur.cabinet.chiffrement.chiffre import DecryptionError, decrypt, encrypt, key_of
from opensegur.cabinet.chiffrement.trousseau import trousseau

_LOT = 20  # rows read at once: some hold a document


@dataclass(frozen=True, slots=True)
class Colonne:
    """A column of encrypted values; ``nom`` is the one that each value is bound to."""

    nom: str
    alias: str
    table: str
    cle: str
    champ: str


@dataclass(frozen=True, slots=True)
class Bilan:
    """``refaites``: values that were under a former key; ``illisibles``: those that no key of the ring opens."""

    refaites: int = 0
    illisibles: int = 0

    def __add__(self, other: Bilan) -> Bilan:
        return Bilan(self.refaites + other.refaites, self.illisibles + other.illisibles)


def encrypted_columns() -> list[Colonne]:
    return [
        Colonne(
            f"{model._meta.label_lower}.{field.name}",
            router.db_for_write(model),
            model._meta.db_table,
            str(model._meta.pk.column),
            str(field.column),
        )
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, ChampChiffre)
    ]


def rewrite(progress: Callable[[str, int], None]) -> Bilan:
    """Bring every value under the current key; ``progress`` gets a column and how many of its values were redone."""
    total = Bilan()
    for column in encrypted_columns():
        done = Bilan()
        for rows in _batches(column):
            with transaction.atomic(using=column.alias):
                for key, sealed in rows:
                    done += _redo(column, key, sealed)
        if done.refaites:
            progress(column.nom, done.refaites)
        total += done
    return total


def _batches(column: Colonne) -> Iterator[list[tuple[Any, bytes]]]:
    connection = connections[column.alias]
    key, field, table = (connection.ops.quote_name(each) for each in (column.cle, column.champ, column.table))
    last: tuple[Any, ...] = ()
    while True:
        after = f"AND {key} > %s" if last else ""
        query = f"SELECT {key}, {field} FROM {table} WHERE {field} IS NOT NULL {after} ORDER BY {key} LIMIT {_LOT}"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(query, last)
            rows = [(row[0], bytes(row[1])) for row in cursor.fetchall()]
        if not rows:
            return
        yield rows
        last = (rows[-1][0],)


def _redo(column: Colonne, key: Any, sealed: bytes) -> Bilan:
    ring = trousseau()
    if key_of(sealed) == ring.actuelle:
        return Bilan()
    try:
        fresh = encrypt(ring, column.nom, decrypt(ring, column.nom, sealed))
    except DecryptionError:
        return Bilan(illisibles=1)
    connection = connections[column.alias]
    name, field, table = (connection.ops.quote_name(each) for each in (column.cle, column.champ, column.table))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {field} = %s WHERE {name} = %s AND {field} = %s",  # noqa: S608 - names of our own models
            [fresh, key, sealed],
        )
    return Bilan(refaites=1)
