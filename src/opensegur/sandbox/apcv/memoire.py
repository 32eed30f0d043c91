"""What the service remembers: tokens as hashes, contexts, and the applis that are switched off."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from opensegur.sandbox.state import Schema

SERVICE: Final = "apcv"
PREFIXE: Final = "APCV1:"
VIE_JETON: Final = timedelta(minutes=5)
VIE_CONTEXTE: Final = timedelta(minutes=30)
_TOKEN_BYTES = 32

SCHEMA: Final = Schema(
    SERVICE,
    """CREATE TABLE IF NOT EXISTS apcv_jeton (
  empreinte TEXT PRIMARY KEY, ins TEXT NOT NULL, expire TEXT NOT NULL, utilise INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS apcv_contexte (
  id TEXT PRIMARY KEY, ins TEXT NOT NULL, structure TEXT NOT NULL, expire TEXT NOT NULL, rang INTEGER
) STRICT;
CREATE TABLE IF NOT EXISTS apcv_revoque (ins TEXT PRIMARY KEY) STRICT;
""",
)


@dataclass(frozen=True, slots=True)
class Jeton:
    ins: str
    expire: datetime
    utilise: bool


@dataclass(frozen=True, slots=True)
class Contexte:
    identifiant: str
    ins: str
    expire: datetime


class Memoire:
    """The tables through one connection, at one moment; the caller owns the transaction."""

    def __init__(self, connection: sqlite3.Connection, moment: datetime) -> None:
        self._connection = connection
        self._moment = moment

    def issue(self, ins: str) -> str:
        """A new token for the holder of the matricule ``ins``, as the appli shows it."""
        text = PREFIXE + secrets.token_urlsafe(_TOKEN_BYTES)
        expire = (self._moment + VIE_JETON).isoformat()
        self._connection.execute("INSERT INTO apcv_jeton VALUES (?, ?, ?, 0)", (_hash(text), ins, expire))
        return text

    def token(self, text: str) -> Jeton | None:
        row = self._connection.execute("SELECT * FROM apcv_jeton WHERE empreinte = ?", (_hash(text),)).fetchone()
        return Jeton(row["ins"], datetime.fromisoformat(row["expire"]), bool(row["utilise"])) if row else None

    def use(self, text: str) -> None:
        self._connection.execute("UPDATE apcv_jeton SET utilise = 1 WHERE empreinte = ?", (_hash(text),))

    def open(self, ins: str, structure: str) -> Contexte:
        found = Contexte(str(uuid.uuid4()), ins, self._moment + VIE_CONTEXTE)
        self._connection.execute(
            "INSERT INTO apcv_contexte VALUES (?, ?, ?, ?, NULL)",
            (found.identifiant, ins, structure, found.expire.isoformat()),
        )
        return found

    def context(self, identifiant: str, structure: str) -> Contexte | None:
        row = self._connection.execute(
            "SELECT * FROM apcv_contexte WHERE id = ? AND structure = ?", (identifiant, structure)
        ).fetchone()
        return Contexte(row["id"], row["ins"], datetime.fromisoformat(row["expire"])) if row else None

    def choose(self, identifiant: str, rang: int) -> None:
        self._connection.execute("UPDATE apcv_contexte SET rang = ? WHERE id = ?", (rang, identifiant))

    def switch(self, ins: str, *, off: bool) -> None:
        """Switch the appli of ``ins`` off, or on again."""
        if off:
            self._connection.execute("INSERT OR IGNORE INTO apcv_revoque VALUES (?)", (ins,))
        else:
            self._connection.execute("DELETE FROM apcv_revoque WHERE ins = ?", (ins,))

    def is_off(self, ins: str) -> bool:
        return self._connection.execute("SELECT 1 FROM apcv_revoque WHERE ins = ?", (ins,)).fetchone() is not None


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
