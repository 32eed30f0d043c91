"""Whatever somebody does to the journal with the database alone, the chain shows it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opensegur.cabinet.journal import chaine
from opensegur.cabinet.journal.port import record

pytestmark = pytest.mark.django_db(databases=["default", "journal"])
_LIGNES = 12
_TEXTES = ("acteur", "responsable", "patient_ref", "action", "objet", "motif", "resultat", "noeud", "structure_ref")
_SCEAUX = ("precedent", "empreinte", "structure_ref")


def _run(sql: str, *values: Any) -> None:
    with connections["journal"].cursor() as cursor:
        cursor.execute(sql, values)


def _one(sql: str, *values: Any) -> Any:
    with connections["journal"].cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]


def _flip(table: str, column: str, key: int, where: int, to: str) -> bool:
    """Change one character; False when that changes nothing."""
    text = _one(f"SELECT {column} FROM {table} WHERE id = %s", key)
    changed = text[: where % (len(text) + 1)] + to + text[where % (len(text) + 1) + 1 :]
    _run(f"UPDATE {table} SET {column} = %s WHERE id = %s", changed, key)
    return bool(changed != text)


def _flip_line(draw: Callable[..., Any]) -> bool:
    column = draw(st.sampled_from(_TEXTES))
    return _flip(
        "journal_ligne", column, _line(draw(st.integers(1, _LIGNES))), draw(st.integers(0, 40)), _letter(draw)
    )


def _flip_seal(draw: Callable[..., Any]) -> bool:
    column = draw(st.sampled_from(_SCEAUX))
    return _flip(
        "journal_sceau", column, _seal(draw(st.integers(1, _LIGNES))), draw(st.integers(0, 63)), _letter(draw)
    )


def _move_in_time(draw: Callable[..., Any]) -> bool:
    moment = draw(st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2025, 1, 1)))
    _run("UPDATE journal_ligne SET quand = %s WHERE id = %s", moment, _line(draw(st.integers(1, _LIGNES))))
    return True


def _remove(draw: Callable[..., Any]) -> bool:
    rank = draw(st.integers(1, _LIGNES))
    line = _line(rank)
    _run("DELETE FROM journal_sceau WHERE ligne_id = %s", line)
    if draw(st.booleans()):
        _run("DELETE FROM journal_ligne WHERE id = %s", line)
    return True


def _cut_the_end(draw: Callable[..., Any]) -> bool:
    first = draw(st.integers(1, _LIGNES))
    _run("DELETE FROM journal_sceau WHERE rang >= %s", first)
    return True


def _cut_and_number_again(draw: Callable[..., Any]) -> bool:
    gone = draw(st.integers(1, _LIGNES - 1))
    _run("DELETE FROM journal_sceau WHERE rang = %s", gone)
    for rank in range(gone + 1, _LIGNES + 1):
        _run("UPDATE journal_sceau SET rang = %s WHERE rang = %s", rank - 1, rank)
    return True


def _swap(draw: Callable[..., Any]) -> bool:
    one, other = draw(st.lists(st.integers(1, _LIGNES), min_size=2, max_size=2, unique=True))
    first, second = _line(one), _line(other)
    # the place of each line is unique: one goes aside first
    _run("UPDATE journal_ligne SET id = -1 WHERE id = %s", first)
    _run("UPDATE journal_ligne SET id = %s WHERE id = %s", first, second)
    _run("UPDATE journal_ligne SET id = %s WHERE id = -1", second)
    return True


_GESTES = (_flip_line, _flip_seal, _move_in_time, _remove, _cut_the_end, _cut_and_number_again, _swap)


def _line(rank: int) -> int:
    return int(_one("SELECT ligne_id FROM journal_sceau WHERE rang = %s", rank))


def _seal(rank: int) -> int:
    return int(_one("SELECT id FROM journal_sceau WHERE rang = %s", rank))


def _letter(draw: Callable[..., Any]) -> str:
    return str(draw(st.characters(codec="utf-8", exclude_characters="\x00")))


@pytest.fixture
def scelle() -> None:
    for rank in range(_LIGNES):
        record("dossier.lire", structure_id="s1", acteur="899700218896", patient_ref=f"p{rank}", objet="é « o »")
    chaine.seal_pending()
    assert chaine.verify("s1").intact


@pytest.mark.usefixtures("scelle")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), geste=st.sampled_from(_GESTES))
def test_nothing_is_changed_unseen(data: st.DataObject, geste: Callable[[Callable[..., Any]], bool]) -> None:
    with transaction.atomic(using="journal"):
        _drop_the_guards()
        changed = geste(data.draw)
        intact = chaine.verify("s1").intact
        # the next example begins again with the same journal
        transaction.set_rollback(True, using="journal")
    assert intact is not changed
    assert chaine.verify("s1").intact


def _drop_the_guards() -> None:
    connection = connections["journal"]
    if connection.vendor == "sqlite":
        _run("PRAGMA defer_foreign_keys = ON")
    else:
        _run("SET CONSTRAINTS ALL DEFERRED")
    for table in ("journal_ligne", "journal_sceau"):
        for verb in ("UPDATE", "DELETE"):
            name = f"{table}_{verb}"
            _run(f"DROP TRIGGER IF EXISTS {name}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))
