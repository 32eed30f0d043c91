"""The journal lives behind its own connection, and nothing else does."""

from __future__ import annotations

from typing import Any

LABEL = "journal"


class RouteurJournal:
    def db_for_read(self, model: Any, **hints: Any) -> str | None:  # noqa: ARG002
        return LABEL if model._meta.app_label == LABEL else None

    db_for_write = db_for_read

    def allow_relation(self, first: Any, second: Any, **hints: Any) -> bool | None:  # noqa: ARG002
        labels = {first._meta.app_label, second._meta.app_label}
        return labels == {LABEL} if LABEL in labels else None

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:  # noqa: ARG002
        return (app_label == LABEL) == (db == LABEL)
