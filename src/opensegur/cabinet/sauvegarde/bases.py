"""Copies of the databases while the application works: one moment of each, never a file half written."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from opensegur.foundation.errors import ConfigurationError

BASES_SQLITE = ("cabinet.sqlite3", "journal.sqlite3")
DUMP = "postgresql.dump"


def copy_sqlite(source: Path, target: Path) -> bool:
    """The state of one moment, writers not held back; False when the base is not sound."""
    with closing(sqlite3.connect(source)) as origin, closing(sqlite3.connect(target)) as copy:
        try:
            origin.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.DatabaseError:
            return False
    return check_sqlite(target)


def check_sqlite(path: Path) -> bool:
    """Its pages are sound, and it was prepared for the application."""
    with closing(sqlite3.connect(path)) as connection:
        try:
            sound = connection.execute("PRAGMA quick_check").fetchone()[0] == "ok"
            prepared = connection.execute("SELECT count(*) FROM django_migrations").fetchone()[0]
        except sqlite3.DatabaseError:
            return False
    return bool(sound and prepared)


def dump_postgresql(settings: Mapping[str, Any], target: Path) -> None:
    """Both schemas at one moment. Raises ``ConfigurationError`` (SAUVEGARDE_POSTGRESQL)."""
    _run("pg_dump", settings, "--format=custom", "--no-owner", f"--file={target}")


def restore_postgresql(settings: Mapping[str, Any], dump: Path) -> None:
    """Into an empty database, all or nothing. Raises ``ConfigurationError`` (SAUVEGARDE_POSTGRESQL)."""
    _run(
        "pg_restore",
        settings,
        "--no-owner",
        "--exit-on-error",
        "--single-transaction",
        f"--dbname={settings['NAME']}",
        str(dump),
    )


def _run(program: str, settings: Mapping[str, Any], *arguments: str) -> None:
    """The password goes by the environment: a command line is readable by every account of the machine."""
    command = shutil.which(program)
    if command is None:
        raise ConfigurationError(
            "SAUVEGARDE_POSTGRESQL",
            f"Le programme « {program} » n’est pas sur cette machine.",
            conseil="Installez le client de PostgreSQL, de la même version que le serveur ou plus récent.",
        )
    names = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "NAME": "PGDATABASE"}
    given = {variable: str(settings[key]) for key, variable in names.items() if settings.get(key)}
    if mode := settings.get("OPTIONS", {}).get("sslmode"):
        given["PGSSLMODE"] = str(mode)
    done = subprocess.run(  # noqa: S603 - a program found by its name, arguments of ours # nosec B603
        [command, *arguments], env={**os.environ, **given}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ConfigurationError(
            "SAUVEGARDE_POSTGRESQL",
            f"« {program} » n’a pas réussi : rien n’est fait.",
            conseil="Vérifiez l’adresse de la base, et pour une reprise qu’elle est vide.",
            detail=done.stderr.strip()[:500],
        )
