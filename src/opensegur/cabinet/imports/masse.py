"""Many rows of one table at once: Django's own way makes an object and twenty conversions a row, most for nothing.

What is the same for every row is converted once; a text, a number or a boolean goes as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, models

from opensegur.cabinet.chiffrement.champs import ChampChiffre

_AS_IS = (models.CharField, models.IntegerField, models.BooleanField)


def insert_rows(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    same: Mapping[str, Any],
) -> None:
    """``columns``: fields whose values ``rows`` give, in their order; ``same``: the others, for all of the rows.

    Foreign keys are named by their column (``patient_id``). Fields that neither names keep their default.
    """
    shared = _defaults(model, {*columns, *same}) | dict(same)
    constant = [convert(value) if (convert := _converter(model, name)) else value for name, value in shared.items()]
    values = [(*row, *constant) for row in _converted(model, columns, rows)]
    if values:
        _write(model, (*columns, *shared), values)


def _converted(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> Iterable[Sequence[Any]]:
    """Column by column: most go as they are."""
    held = list(zip(*rows, strict=True))
    for place, name in enumerate(columns):
        if held and (convert := _converter(model, name)):
            held[place] = tuple(map(convert, held[place]))
    return zip(*held, strict=True)


def _write(model: type[models.Model], columns: Sequence[str], values: list[tuple[Any, ...]]) -> None:
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(connection.ops.quote_name(name) for name in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", values)  # noqa: S608


def _defaults(model: type[models.Model], given: set[str]) -> dict[str, Any]:
    return {
        field.attname: field.get_default()
        for field in model._meta.concrete_fields
        if field.attname not in given and not isinstance(field, models.AutoField)
    }


def _converter(model: type[models.Model], name: str) -> Callable[[Any], Any] | None:
    """How a value of this column is written; ``None`` when it goes as it is."""
    field = next(field for field in model._meta.concrete_fields if field.attname == name)
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(target, models.UUIDField):
        return None if connection.features.has_native_uuid_field else lambda value: value.hex
    if isinstance(field, _AS_IS) and not isinstance(field, ChampChiffre):
        return None
    return lambda value: field.get_db_prep_save(value, connection)
