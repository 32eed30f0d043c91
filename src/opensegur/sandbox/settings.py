"""How the sandbox is set: what is fixed at its start, and the switches that the console turns."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Literal

from opensegur.foundation.errors import InvalidValue
from opensegur.sandbox.state import Schema, Store

OidsInsi = Literal["test", "cnda"]
Dialecte = Literal["S", "env"]

SCHEMA = Schema(
    "reglages",
    "CREATE TABLE IF NOT EXISTS reglage (nom TEXT PRIMARY KEY, valeur TEXT NOT NULL) STRICT;",
    permanent=True,
)


@dataclass(frozen=True, slots=True)
class ClientPsc:
    """A service declared at Pro Santé Connect. Redirection addresses are compared exactly.

    ``redirect_loopback`` admits any loopback address and port, for demonstrations whose port is not known before.
    ``ciba``: the function was activated for this service.
    """

    client_id: str
    secret: str = field(repr=False)
    nom: str
    redirect_uris: tuple[str, ...] = ()
    logout_uris: tuple[str, ...] = ()
    redirect_loopback: bool = False
    ciba: bool = False


IDAM_DEMO = "BAC-A-SABLE-0001"
"""The software authorisation number (IDAM) that the INSi simulator knows without being told."""

CLIENT_DEMO = ClientPsc(
    client_id="opensegur-demo",
    secret="secret-public-de-demonstration",  # noqa: S106 - published on purpose: it opens only the sandbox
    nom="Cabinet de démonstration OpenSégur",
    redirect_loopback=True,
    ciba=True,
)


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """What is fixed at the start. ``http_url`` and ``https_url`` are how clients reach the two listeners."""

    data_dir: Path
    http_url: str = "http://localhost:8080"
    https_url: str = "https://localhost:8443"
    strict: bool = True
    insi_oid: OidsInsi = "test"
    max_body: int = 30 * 1024 * 1024
    retention: int = 2000
    psc_clients: tuple[ClientPsc, ...] = (CLIENT_DEMO,)
    idams: tuple[str, ...] = (IDAM_DEMO,)


@dataclass(frozen=True, slots=True)
class Switches:
    """What the console turns while the sandbox runs. ``dialecte``: the prefix of INSi's answers."""

    strict: bool = True
    insi_oid: OidsInsi = "test"
    dialecte: Dialecte = "env"

    def __post_init__(self) -> None:
        if self.insi_oid not in {"test", "cnda"} or self.dialecte not in {"S", "env"}:
            raise InvalidValue("SANDBOX_SWITCH", "Ce réglage du bac à sable n’existe pas.")


class SwitchBoard:
    """The switches in force, kept in the database so that they survive a restart."""

    def __init__(self, store: Store, settings: SandboxSettings) -> None:
        self._store = store
        self._default = Switches(strict=settings.strict, insi_oid=settings.insi_oid)

    @property
    def current(self) -> Switches:
        with self._store.reading() as connection:
            rows = connection.execute("SELECT nom, valeur FROM reglage").fetchall()
        known = asdict(self._default)
        return replace(
            self._default, **{row["nom"]: json.loads(row["valeur"]) for row in rows if row["nom"] in known}
        )

    def change(self, switches: Switches) -> None:
        with self._store.transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO reglage VALUES (?, ?)",
                [(name, json.dumps(value)) for name, value in asdict(switches).items()],
            )

    def forget(self) -> None:
        """Come back to what the sandbox was started with."""
        with self._store.transaction() as connection:
            connection.execute("DELETE FROM reglage")
