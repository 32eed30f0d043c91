"""Starting an installation from its data folder, without any management command."""

from __future__ import annotations

import os
from pathlib import Path


def setup(donnees: Path) -> None:
    """Make Django ready for the data folder ``donnees``. Once per process.

    Raises ``ConfigurationError``.
    """
    import django

    os.environ["OPENSEGUR_DONNEES"] = str(donnees)
    os.environ["DJANGO_SETTINGS_MODULE"] = "opensegur.cabinet.site.settings"
    django.setup()


def prepare(donnees: Path) -> None:
    """``setup``, then bring both databases to the present and collect the files of the interface."""
    setup(donnees)
    from django.core.management import call_command

    _create_schema()
    for alias in ("default", "journal"):
        call_command("migrate", database=alias, interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def _create_schema() -> None:
    """On PostgreSQL the journal's schema must exist before its first migration."""
    from django.db import connections

    connection = connections["journal"]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("CREATE SCHEMA IF NOT EXISTS journal")
