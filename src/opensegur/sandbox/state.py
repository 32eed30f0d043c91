"""What the sandbox remembers: one SQLite file in WAL mode, usable from any thread, kept across restarts.

Each service registers its tables and how to fill them; ``reset`` empties everything and fills it again for a
scenario.
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from opensegur.foundation.errors import ConfigurationError

Seed = Callable[[sqlite3.Connection, str], None]
_INSTALLED = "CREATE TABLE IF NOT EXISTS schema_installe (service TEXT PRIMARY KEY, empreinte TEXT NOT NULL) STRICT"
SCENARIO_DEMO = "demonstration"
SCENARIO_VIDE = "vide"
SCENARIOS = {
    SCENARIO_DEMO: "Démonstration : la population et les dossiers de départ",
    SCENARIO_VIDE: "Vide : la population, et rien d’autre",
}


@dataclass(frozen=True, slots=True)
class Schema:
    """The tables of one service.

    ``sql`` creates them (``CREATE … IF NOT EXISTS``), ``seed(connection, scenario)`` fills them when they are new.
    ``permanent`` tables survive a reset.
    """

    service: str
    sql: str
    seed: Seed | None = None
    permanent: bool = False


class Store:
    """The database file ``path``. Connections are opened per transaction and never shared between threads."""

    def __init__(self, path: Path, schemas: Sequence[Schema]) -> None:
        self.path = path
        self._schemas = tuple(schemas)
        self._resetting = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with closing(self._open()) as connection:
                connection.execute("PRAGMA journal_mode=WAL")
            with self.transaction() as connection:
                connection.execute(_INSTALLED)
                self._install(connection, SCENARIO_DEMO)
        except sqlite3.DatabaseError as error:
            raise ConfigurationError(
                "SANDBOX_STORE",
                "La base du bac à sable est illisible ou d’une autre version.",
                conseil="Effacez son dossier de données, ou donnez-en un autre avec --donnees.",
                detail=f"{path.name}: {error}",
            ) from error

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A connection inside one write transaction: committed at the end, rolled back by an exception."""
        with closing(self._open()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection that sees one consistent state and cannot write."""
        with closing(self._open()) as connection:
            connection.execute("PRAGMA query_only=ON")
            connection.execute("BEGIN")
            yield connection

    def reset(self, scenario: str = SCENARIO_DEMO) -> None:
        """Empty every table that is not permanent and fill them for ``scenario`` (one of ``SCENARIOS``)."""
        if scenario not in SCENARIOS:
            raise ConfigurationError(
                "SANDBOX_SCENARIO",
                f"Le scénario « {scenario} » n’existe pas.",
                conseil=f"Choisissez parmi : {', '.join(SCENARIOS)}.",
            )
        with self._resetting, self.transaction() as connection:
            connection.execute("PRAGMA defer_foreign_keys=ON")
            for schema in self._schemas:
                if not schema.permanent:
                    connection.execute("DELETE FROM schema_installe WHERE service = ?", (schema.service,))
            self._install(connection, scenario)

    def _install(self, connection: sqlite3.Connection, scenario: str) -> None:
        rows = connection.execute("SELECT service, empreinte FROM schema_installe")
        installed = {row["service"]: row["empreinte"] for row in rows}
        for schema in self._schemas:
            digest = hashlib.sha256(schema.sql.encode()).hexdigest()
            if installed.get(schema.service) == digest:
                continue
            # tables of another version: what they hold is fictional, they are made again
            for table in _tables(schema.sql):
                connection.execute(f"DROP TABLE IF EXISTS {table}")
            for statement in _statements(schema.sql):
                connection.execute(statement)
            connection.execute("INSERT OR REPLACE INTO schema_installe VALUES (?, ?)", (schema.service, digest))
            if schema.seed:
                schema.seed(connection, scenario)

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=15, isolation_level=None, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA synchronous=NORMAL")
        return connection


def _statements(sql: str) -> Iterator[str]:
    """The statements of a script, one by one: ``executescript`` would end the transaction."""
    pending = ""
    for line in sql.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
    if pending.strip():
        yield pending


def _tables(sql: str) -> list[str]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(sql)
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        return [str(row[0]) for row in rows]
