"""The questions to the index. Every value put in a statement's text is a number that we computed.

Written by hand for what Django does not say: one limited look-up a name in a single statement, and a filter that
must not be taken for a look-up (``prenom + 0``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from opensegur.cabinet.antecedence.models import Mot

# beyond, reading the names' entries costs less than looking up each pair
_LOOKED_UP = 1600
# what SQLite takes in one compound statement is 500
_TERMS = 64

_SELECT = 'SELECT nom, prenom, naissance, ipp FROM "antecedence_entree"'

Ligne = tuple[int, int, int, int]
"""Family name's number, given name's, birth date AAAAMMJJ, IPP."""


@dataclass(frozen=True, slots=True)
class Periode:
    """Birth dates from ``debut`` to ``fin`` included, AAAAMMJJ."""

    debut: int
    fin: int


@dataclass(frozen=True, slots=True)
class Lecture:
    """``premier``: the column that is looked up, ``nom`` or ``prenom``; ``second`` the numbers of the other one.

    None: any. ``dates``: a period, or some dates.
    """

    domaine: int
    second: Collection[int] | None = None
    dates: Periode | Collection[int] | None = None
    premier: str = "nom"

    def condition(self, numbers: Sequence[int]) -> str:
        other = "prenom" if self.premier == "nom" else "nom"
        found = [f"domaine = {self.domaine}", f"{self.premier} {_among(numbers)}"]
        if self.second is not None:
            column = other if len(numbers) * len(self.second) <= _LOOKED_UP else f"{other} + 0"
            found.append(f"{column} {_among(self.second)}")
        match self.dates:
            case None:
                pass
            case Periode(debut, fin):
                found.append(f"naissance BETWEEN {debut} AND {fin}")
            case _:
                found.append(f"naissance + 0 {_among(self.dates)}")
        return " AND ".join(found)


def first_entries(lecture: Lecture, numbers: Sequence[int], limit: int) -> list[Ligne]:
    """At most ``limit`` entries of each of ``numbers``, in their order, never reading more than that."""
    order = "prenom, naissance, ipp" if lecture.premier == "nom" else "nom, naissance, ipp"
    found: list[Ligne] = []
    for begin in range(0, len(numbers), _TERMS):
        terms = " UNION ALL ".join(
            f"SELECT * FROM ({_SELECT} WHERE {lecture.condition([number])} ORDER BY {order} LIMIT {limit}) t"  # noqa: S608
            for number in numbers[begin : begin + _TERMS]
        )
        found += _rows(terms)
    return found


def entries(lecture: Lecture, numbers: Sequence[int], limit: int) -> list[Ligne]:
    """The entries of all of ``numbers``, at most ``limit`` of them, always the same ones."""
    if not numbers or (lecture.second is not None and not lecture.second):
        return []
    return _rows(f"{_SELECT} WHERE {lecture.condition(numbers)} ORDER BY nom, prenom, naissance, ipp LIMIT {limit}")


class Fiche(NamedTuple):
    """What is read of a record to compare it; ``ipp`` is 0 for somebody who has no number yet."""

    ipp: int
    nom_naissance: str
    nom_utilise: str
    premier_prenom: str
    prenoms: str
    prenom_utilise: str
    date_naissance: str
    sexe: str


COLONNES = ", ".join(f"p.{name}" for name in Fiche._fields)
_RECORDS = (
    f'SELECT {COLONNES} FROM "patients_patient" p '  # noqa: S608
    "WHERE p.structure_id = %s AND NOT EXISTS (SELECT 1 FROM doublons_absorption a WHERE a.absorbe_id = p.id) AND "
)


def records(structure_id: UUID, condition: str, values: Sequence[str], limit: int = 0) -> list[Fiche]:
    """The records of the structure that stand by themselves, as values: objects cost more than what compares them.

    ``condition`` is a constant of the code, but for numbers that we computed; ``limit`` 0: none.
    """
    end = f" LIMIT {limit}" if limit else ""
    with connection.cursor() as cursor:
        cursor.execute(f"{_RECORDS}{condition}{end}", [stored(structure_id), *values])
        return [Fiche(*row) for row in cursor.fetchall()]


def stored(identifiant: UUID) -> UUID | str:
    """An identifier as this database holds it, for statements written by hand."""
    return identifiant if connection.features.has_native_uuid_field else identifiant.hex


def near_words(keys: Iterable[int], sounds: Iterable[int]) -> tuple[list[str], dict[str, int]]:
    """The forms that share a neighbour, whose distance the caller measures, and those that sound alike, with how."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT DISTINCT forme FROM "antecedence_voisin" WHERE cle {_among(list(keys))}')  # noqa: S608
        near = [row[0] for row in cursor.fetchall()]
        cursor.execute(f'SELECT forme, son FROM "antecedence_mot" WHERE son {_among(list(sounds))}')  # noqa: S608
        return near, dict(cursor.fetchall())


def words_beginning(prefix: str, limit: int) -> list[str]:
    """In alphabetical order."""
    found = Mot.objects.filter(forme__prefixe=prefix).order_by("forme").values_list("forme", flat=True)
    return list(found[:limit])


def _among(numbers: Collection[int]) -> str:
    if len(numbers) == 1:
        return f"= {next(iter(numbers))}"
    values = ",".join(map(str, numbers))
    # PostgreSQL reads one text of three thousand numbers much faster than three thousand constants
    return f"= ANY('{{{values}}}'::integer[])" if connection.vendor == "postgresql" else f"IN ({values})"


def _rows(sql: str) -> list[Ligne]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()
