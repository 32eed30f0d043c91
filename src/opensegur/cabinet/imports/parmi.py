"""The rows of a table for thousands of values, each found by an index.

With an IN of thousands SQLite prefers to read every row of the structure: an import is slower the further it goes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection

from opensegur.cabinet.antecedence.requetes import stored


def rows_among(values: Iterable[str | int], columns: str, joined: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """``columns`` of the rows that ``joined`` ties to one of ``values``, in the order of the first column.

    ``joined`` is the table and its condition, which an index must serve (a partial one by its own
    condition, word for word):
    ``table AS t ON t.cle = voulu.value AND …``.
    Both are constants of the code; ``parameters`` are those of ``joined``.
    """
    wanted = list(dict.fromkeys(values))
    if not wanted:
        return []
    asked: list[str | int] | str = wanted
    if connection.vendor == "postgresql":
        kind = "bigint" if isinstance(wanted[0], int) else "text"
        source = f"unnest(%s::{kind}[]) AS voulu(value) JOIN"
    else:
        # CROSS JOIN keeps SQLite from turning the order round
        source, asked = "json_each(%s) AS voulu CROSS JOIN", json.dumps(wanted)
    known = [stored(each) if isinstance(each, UUID) else each for each in parameters]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {source} {joined} ORDER BY 1", [asked, *known])  # noqa: S608
        return cursor.fetchall()
