"""Faults on order: a service that is slow, absent, cut in the middle of its answer, or full.

They are set from the console or from the test endpoint ``/console/essais/pannes`` and wear off after a number of
requests.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from opensegur.foundation.errors import InvalidValue
from opensegur.sandbox.state import Schema, Store

SCHEMA = Schema(
    "pannes",
    """CREATE TABLE IF NOT EXISTS panne (
  service TEXT PRIMARY KEY, nature TEXT NOT NULL, reste INTEGER NOT NULL, secondes REAL NOT NULL
) STRICT;""",
)
MAX_SECONDS = 120.0
MAX_REQUESTS = 100_000


class Nature(StrEnum):
    SLOW = "lent"
    UNAVAILABLE = "indisponible"
    CUT = "coupure"
    FULL = "plein"

    @property
    def libelle(self) -> str:
        return {
            "lent": "Répond lentement",
            "indisponible": "Ne répond pas (503)",
            "coupure": "Coupe au milieu de la réponse",
            "plein": "Est saturé : répond par le code du service",
        }[self]


@dataclass(frozen=True, slots=True)
class Fault:
    """One ordered fault: for the next ``reste`` requests; ``secondes`` is the delay of ``SLOW``."""

    service: str
    nature: Nature
    reste: int = 1
    secondes: float = 0.0

    def __post_init__(self) -> None:
        if not 1 <= self.reste <= MAX_REQUESTS or not 0 <= self.secondes <= MAX_SECONDS:
            raise InvalidValue(
                "SANDBOX_FAULT",
                "Cette panne n’est pas possible.",
                conseil=f"Donnez de 1 à {MAX_REQUESTS} requêtes et de 0 à {MAX_SECONDS:.0f} secondes.",
            )


class Faults:
    """The faults waiting, one at most per service."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def order(self, fault: Fault) -> None:
        with self._store.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO panne VALUES (?, ?, ?, ?)",
                (fault.service, fault.nature, fault.reste, fault.secondes),
            )

    def cancel(self, service: str) -> None:
        with self._store.transaction() as connection:
            connection.execute("DELETE FROM panne WHERE service = ?", (service,))

    def waiting(self) -> tuple[Fault, ...]:
        with self._store.reading() as connection:
            rows = connection.execute("SELECT * FROM panne ORDER BY service").fetchall()
        return tuple(Fault(row["service"], Nature(row["nature"]), row["reste"], row["secondes"]) for row in rows)

    def take(self, service: str) -> Fault | None:
        """The fault of the next request of ``service``, counted down."""
        if not any(fault.service == service for fault in self.waiting()):
            return None
        with self._store.transaction() as connection:
            row = connection.execute("SELECT * FROM panne WHERE service = ?", (service,)).fetchone()
            if row is None:
                return None
            if row["reste"] > 1:
                connection.execute("UPDATE panne SET reste = reste - 1 WHERE service = ?", (service,))
            else:
                connection.execute("DELETE FROM panne WHERE service = ?", (service,))
        return Fault(service, Nature(row["nature"]), row["reste"], row["secondes"])
