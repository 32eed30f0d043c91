"""The sandbox's clock: the machine's, moved or stopped from the console, the same after a restart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from opensegur.sandbox.state import Schema, Store

SCHEMA = Schema(
    "horloge",
    "CREATE TABLE IF NOT EXISTS horloge (id INTEGER PRIMARY KEY CHECK (id = 1), decalage REAL, arret TEXT) STRICT;",
)


class SandboxClock:
    """A ``Clock`` that can be scripted. Moments are aware, in UTC."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def now(self) -> datetime:
        offset, stopped = self._setting()
        return stopped or datetime.now(UTC) + offset

    @property
    def is_stopped(self) -> bool:
        return self._setting()[1] is not None

    @property
    def is_moved(self) -> bool:
        return self._setting() != (timedelta(), None)

    def stop_at(self, moment: datetime) -> None:
        """Show ``moment`` until told otherwise."""
        self._write(0.0, moment.astimezone(UTC).isoformat())

    def start_at(self, moment: datetime) -> None:
        """Run from ``moment`` on."""
        self._write((moment - datetime.now(UTC)).total_seconds(), None)

    def advance(self, delta: timedelta) -> None:
        offset, stopped = self._setting()
        if stopped:
            self.stop_at(stopped + delta)
        else:
            self._write((offset + delta).total_seconds(), None)

    def follow_machine(self) -> None:
        self._write(0.0, None)

    def _setting(self) -> tuple[timedelta, datetime | None]:
        with self._store.reading() as connection:
            row = connection.execute("SELECT decalage, arret FROM horloge").fetchone()
        if row is None:
            return timedelta(), None
        return timedelta(seconds=row["decalage"]), datetime.fromisoformat(row["arret"]) if row["arret"] else None

    def _write(self, offset: float, stopped: str | None) -> None:
        with self._store.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO horloge VALUES (1, ?, ?)", (offset, stopped))
