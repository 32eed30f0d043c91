"""What the provider remembers: requests under way, codes, sessions, refresh tokens, revoked access tokens.

Codes and session cookies are kept as hashes; moments are ISO 8601 in UTC.
"""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from opensegur.sandbox.psc.noms import (
    CIBA_INTERVAL,
    CIBA_LIFE,
    CIBA_SLOWER,
    CODE_LIFE,
    REFRESH_LIFE,
    REQUEST_LIFE,
    SERVICE,
    SESSION_LIFE,
)
from opensegur.sandbox.state import Schema

SCHEMA: Final = Schema(
    SERVICE,
    """CREATE TABLE IF NOT EXISTS psc_demande (
  id TEXT PRIMARY KEY, navigateur TEXT NOT NULL, client_id TEXT NOT NULL, redirect_uri TEXT NOT NULL,
  scope TEXT NOT NULL, etat TEXT NOT NULL, nonce TEXT NOT NULL, challenge TEXT NOT NULL, expire TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS psc_session (
  sid TEXT PRIMARY KEY, temoin TEXT NOT NULL UNIQUE, id_nat TEXT NOT NULL, moyen TEXT NOT NULL,
  ouverte TEXT NOT NULL, expire TEXT NOT NULL, active INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE TABLE IF NOT EXISTS psc_code (
  code TEXT PRIMARY KEY, sid TEXT NOT NULL, client_id TEXT NOT NULL, redirect_uri TEXT NOT NULL, scope TEXT NOT NULL,
  nonce TEXT NOT NULL, challenge TEXT NOT NULL, expire TEXT NOT NULL, utilise INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS psc_renouvellement (
  jti TEXT PRIMARY KEY, sid TEXT NOT NULL, client_id TEXT NOT NULL, scope TEXT NOT NULL, nonce TEXT NOT NULL,
  expire TEXT NOT NULL, utilise INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS psc_attente (
  id TEXT PRIMARY KEY, numero TEXT NOT NULL UNIQUE, client_id TEXT NOT NULL, id_nat TEXT NOT NULL,
  code TEXT NOT NULL, canal TEXT NOT NULL, scope TEXT NOT NULL, fin TEXT NOT NULL, prochaine TEXT NOT NULL,
  pas INTEGER NOT NULL, reponse TEXT NOT NULL DEFAULT '', expire TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS psc_revoque (jti TEXT PRIMARY KEY, expire TEXT NOT NULL) STRICT;
""",
)
_EXPIRING: Final = ("psc_attente", "psc_demande", "psc_code", "psc_renouvellement", "psc_revoque", "psc_session")


@dataclass(frozen=True, slots=True)
class Demande:
    """What the authorization request asks. ``etat`` is OAuth's state; an absent value is empty."""

    client_id: str
    redirect_uri: str
    scope: str
    etat: str
    nonce: str
    challenge: str


@dataclass(frozen=True, slots=True)
class Session:
    sid: str
    id_nat: str
    moyen: str
    ouverte: datetime


@dataclass(frozen=True, slots=True)
class Octroi:
    """What a code or a refresh token stands for."""

    sid: str
    client_id: str
    scope: str
    nonce: str
    redirect_uri: str = ""
    challenge: str = ""
    utilise: bool = False


@dataclass(frozen=True, slots=True)
class Attente:
    """A demand that waits for an answer on a phone. ``numero`` names it on the page, where its reference is not."""

    client_id: str
    id_nat: str
    code: str
    canal: str
    scope: str
    numero: str = ""
    reponse: str = ""
    perimee: bool = False


class Memoire:
    """The tables through one connection, at one moment; the caller owns the transaction."""

    def __init__(self, connection: sqlite3.Connection, moment: datetime) -> None:
        self._connection = connection
        self._moment = moment

    def forget_expired(self) -> None:
        for table in _EXPIRING:
            self._connection.execute(f"DELETE FROM {table} WHERE expire < ?", (self._now,))  # noqa: S608 - ours

    def keep_request(self, demande: Demande, browser: str) -> str:
        """Keep ``demande`` for the browser whose cookie is ``browser``; gives its number."""
        number = secrets.token_urlsafe(24)
        self._insert(
            "psc_demande",
            number,
            _hash(browser),
            demande.client_id,
            demande.redirect_uri,
            demande.scope,
            demande.etat,
            demande.nonce,
            demande.challenge,
            (self._moment + REQUEST_LIFE).isoformat(),
        )
        return number

    def take_request(self, number: str, browser: str) -> Demande | None:
        """The request, once, for the browser that made it."""
        row = self._connection.execute(
            "DELETE FROM psc_demande WHERE id = ? AND navigateur = ? AND expire >= ? RETURNING *",
            (number, _hash(browser), self._now),
        ).fetchone()
        if row is None:
            return None
        return Demande(
            row["client_id"], row["redirect_uri"], row["scope"], row["etat"], row["nonce"], row["challenge"]
        )

    def open_session(self, sid: str, id_nat: str, moyen: str) -> str:
        """A new session; gives the secret of its cookie."""
        cookie = secrets.token_urlsafe(32)
        expire = (self._moment + SESSION_LIFE).isoformat()
        self._connection.execute(
            "INSERT INTO psc_session VALUES (?, ?, ?, ?, ?, ?, 1)",
            (sid, _hash(cookie), id_nat, moyen, self._now, expire),
        )
        return cookie

    def session(self, sid: str) -> Session | None:
        return self._session("sid", sid)

    def session_of_cookie(self, cookie: str) -> Session | None:
        return self._session("temoin", _hash(cookie))

    def close_session(self, sid: str) -> None:
        self._connection.execute("UPDATE psc_session SET active = 0 WHERE sid = ?", (sid,))

    @property
    def moment(self) -> datetime:
        return self._moment

    def keep_wait(self, attente: Attente) -> str:
        """Keep a demand; gives its reference. One that is too old is still told to be so for a while."""
        reference = secrets.token_urlsafe(32)
        self._insert(
            "psc_attente",
            _hash(reference),
            secrets.token_urlsafe(16),
            attente.client_id,
            attente.id_nat,
            attente.code,
            attente.canal,
            attente.scope,
            (self._moment + CIBA_LIFE).isoformat(),
            (self._moment + CIBA_INTERVAL).isoformat(),
            int(CIBA_INTERVAL.total_seconds()),
            "",
            (self._moment + 2 * CIBA_LIFE).isoformat(),
        )
        return reference

    def wait(self, reference: str) -> Attente | None:
        row = self._connection.execute(
            "SELECT * FROM psc_attente WHERE id = ? AND expire >= ?", (_hash(reference), self._now)
        ).fetchone()
        return None if row is None else self._attente(row)

    def waits(self) -> list[Attente]:
        """Those that nobody has answered yet, the oldest first."""
        rows = self._connection.execute(
            "SELECT * FROM psc_attente WHERE reponse = '' AND fin >= ? ORDER BY fin, numero", (self._now,)
        )
        return [self._attente(row) for row in rows]

    def asked_in_time(self, reference: str) -> bool:
        """Whether the service waited as long as it was told; if not, it must wait longer from now on."""
        row = self._connection.execute(
            "SELECT prochaine, pas FROM psc_attente WHERE id = ?", (_hash(reference),)
        ).fetchone()
        in_time = bool(self._now >= row["prochaine"])
        step = timedelta(seconds=row["pas"]) + (timedelta() if in_time else CIBA_SLOWER)
        self._connection.execute(
            "UPDATE psc_attente SET prochaine = ?, pas = ? WHERE id = ?",
            ((self._moment + step).isoformat(), int(step.total_seconds()), _hash(reference)),
        )
        return in_time

    def decide(self, numero: str, reponse: str) -> bool:
        done = self._connection.execute(
            "UPDATE psc_attente SET reponse = ? WHERE numero = ? AND reponse = '' AND fin >= ?",
            (reponse, numero, self._now),
        )
        return done.rowcount == 1

    def forget_wait(self, reference: str) -> None:
        self._connection.execute("DELETE FROM psc_attente WHERE id = ?", (_hash(reference),))

    def new_code(self, sid: str, demande: Demande) -> str:
        code = secrets.token_urlsafe(32)
        expire = (self._moment + CODE_LIFE).isoformat()
        self._insert(
            "psc_code",
            _hash(code),
            sid,
            demande.client_id,
            demande.redirect_uri,
            demande.scope,
            demande.nonce,
            demande.challenge,
            expire,
            0,
        )
        return code

    def take_code(self, code: str) -> Octroi | None:
        """What ``code`` stands for, marked as used; ``utilise`` says whether it had been before."""
        return self._take("psc_code", "code", _hash(code))

    def new_refresh(self, jti: str, octroi: Octroi) -> None:
        expire = (self._moment + REFRESH_LIFE).isoformat()
        self._insert("psc_renouvellement", jti, octroi.sid, octroi.client_id, octroi.scope, octroi.nonce, expire, 0)

    def refresh(self, jti: str) -> Octroi | None:
        row = self._connection.execute(
            "SELECT * FROM psc_renouvellement WHERE jti = ? AND expire >= ?", (jti, self._now)
        ).fetchone()
        return None if row is None else _octroi(row)

    def take_refresh(self, jti: str) -> Octroi | None:
        return self._take("psc_renouvellement", "jti", jti)

    def revoke(self, jti: str, expire: datetime) -> None:
        self._connection.execute("INSERT OR IGNORE INTO psc_revoque VALUES (?, ?)", (jti, expire.isoformat()))

    def is_revoked(self, jti: str) -> bool:
        return self._connection.execute("SELECT 1 FROM psc_revoque WHERE jti = ?", (jti,)).fetchone() is not None

    @property
    def _now(self) -> str:
        return self._moment.isoformat()

    def _insert(self, table: str, *values: object) -> None:
        marks = ", ".join("?" * len(values))
        self._connection.execute(f"INSERT INTO {table} VALUES ({marks})", values)  # noqa: S608 - our tables

    def _session(self, column: str, value: str) -> Session | None:
        row = self._connection.execute(
            f"SELECT * FROM psc_session WHERE {column} = ? AND active = 1 AND expire >= ?",  # noqa: S608 - our columns
            (value, self._now),
        ).fetchone()
        if row is None:
            return None
        return Session(row["sid"], row["id_nat"], row["moyen"], datetime.fromisoformat(row["ouverte"]))

    def _attente(self, row: sqlite3.Row) -> Attente:
        return Attente(
            row["client_id"],
            row["id_nat"],
            row["code"],
            row["canal"],
            row["scope"],
            row["numero"],
            row["reponse"],
            perimee=bool(row["fin"] < self._now),
        )

    def _take(self, table: str, column: str, value: str) -> Octroi | None:
        row = self._connection.execute(
            f"SELECT * FROM {table} WHERE {column} = ? AND expire >= ?",  # noqa: S608 - our tables
            (value, self._now),
        ).fetchone()
        if row is None:
            return None
        self._connection.execute(f"UPDATE {table} SET utilise = 1 WHERE {column} = ?", (value,))  # noqa: S608
        return _octroi(row)


def _octroi(row: sqlite3.Row) -> Octroi:
    names = set(row.keys())
    return Octroi(
        sid=row["sid"],
        client_id=row["client_id"],
        scope=row["scope"],
        nonce=row["nonce"],
        redirect_uri=row["redirect_uri"] if "redirect_uri" in names else "",
        challenge=row["challenge"] if "challenge" in names else "",
        utilise=bool(row["utilise"]),
    )


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
