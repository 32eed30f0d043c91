"""Append only: the database itself refuses to change or to delete a line or a seal."""

from __future__ import annotations

from typing import Any

from django.db import migrations

_TABLES = ("journal_ligne", "journal_sceau")

_SQLITE = """
CREATE TRIGGER {table}_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, 'le journal ne se modifie pas'); END
"""
_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION journal_ajout_seul() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'le journal ne se modifie pas'; END $$
"""
_POSTGRESQL = """
CREATE TRIGGER {table}_{verb} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION journal_ajout_seul()
"""


def _create(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        schema_editor.execute(_POSTGRESQL_FUNCTION)
    statement = _POSTGRESQL if vendor == "postgresql" else _SQLITE
    for table in _TABLES:
        for verb in ("UPDATE", "DELETE"):
            schema_editor.execute(statement.format(table=table, verb=verb))


def _drop(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001
    on_table = schema_editor.connection.vendor == "postgresql"
    for table in _TABLES:
        for verb in ("UPDATE", "DELETE"):
            schema_editor.execute(f"DROP TRIGGER {table}_{verb}" + (f" ON {table}" if on_table else ""))


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunPython(_create, _drop)]
