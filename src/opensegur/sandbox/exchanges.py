"""Every exchange with the sandbox, kept whole: who, what, when, the bytes both ways, and why it was refused."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from opensegur.sandbox.regles import Manquement, Regle, Standing
from opensegur.sandbox.state import Schema, Store

SCHEMA = Schema(
    "echanges",
    """CREATE TABLE IF NOT EXISTS echange (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  service TEXT NOT NULL, operation TEXT NOT NULL, moment TEXT NOT NULL, duree_ms INTEGER NOT NULL,
  pair TEXT NOT NULL, methode TEXT NOT NULL, chemin TEXT NOT NULL, statut INTEGER NOT NULL,
  entetes_requete TEXT NOT NULL, requete BLOB NOT NULL, entetes_reponse TEXT NOT NULL, reponse BLOB NOT NULL,
  issue TEXT NOT NULL, verdict TEXT NOT NULL, resume TEXT NOT NULL, taille INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS echange_taille ON echange (id, taille);
CREATE INDEX IF NOT EXISTS echange_service ON echange (service, issue, id);
""",
)


MAX_BYTES = 512 * 1024 * 1024
_FORGET_BY_SIZE = """DELETE FROM echange WHERE id <= (
  SELECT max(id) FROM (SELECT id, sum(taille) OVER (ORDER BY id DESC) AS cumul FROM echange)
  WHERE cumul > ? AND id < ?
)"""


class Issue(StrEnum):
    """How an exchange ended."""

    ACCEPTEE = "acceptee"
    REFUSEE = "refusee"
    PANNE = "panne"
    ERREUR = "erreur"

    @property
    def libelle(self) -> str:
        return {"acceptee": "Accepté", "refusee": "Refusé", "panne": "Panne commandée", "erreur": "Erreur interne"}[
            self
        ]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why an exchange ended so.

    ``controles``: the ids of the rules that were checked; ``refus`` those broken; ``toleres`` those broken but let
    pass by the lenient mode.
    """

    issue: Issue = Issue.ACCEPTEE
    controles: tuple[str, ...] = ()
    refus: tuple[Manquement, ...] = ()
    toleres: tuple[Manquement, ...] = ()


@dataclass(frozen=True, slots=True)
class Exchange:
    """``pair`` is the subject of the client's certificate ("" without one), ``resume`` the decoded essentials."""

    service: str
    operation: str
    moment: datetime
    duree_ms: int
    pair: str
    methode: str
    chemin: str
    statut: int
    entetes_requete: tuple[tuple[str, str], ...]
    requete: bytes
    entetes_reponse: tuple[tuple[str, str], ...]
    reponse: bytes
    verdict: Verdict
    resume: Mapping[str, str] = field(default_factory=dict)
    id: int = 0


class ExchangeLog:
    """The exchanges kept, at most ``retention`` of them and ``max_bytes`` of bodies: the oldest go first."""

    def __init__(self, store: Store, retention: int, max_bytes: int = MAX_BYTES) -> None:
        self._store = store
        self._retention = retention
        self._max_bytes = max_bytes

    def record(self, exchange: Exchange) -> int:
        """Keep ``exchange`` and give its number."""
        values = (
            exchange.service,
            exchange.operation,
            exchange.moment.isoformat(),
            exchange.duree_ms,
            exchange.pair,
            exchange.methode,
            exchange.chemin,
            exchange.statut,
            json.dumps(exchange.entetes_requete),
            exchange.requete,
            json.dumps(exchange.entetes_reponse),
            exchange.reponse,
            exchange.verdict.issue,
            json.dumps(verdict_as_data(exchange.verdict), ensure_ascii=False),
            json.dumps(dict(exchange.resume), ensure_ascii=False),
            len(exchange.requete) + len(exchange.reponse),
        )
        marks = ", ".join("?" * len(values))
        with self._store.transaction() as connection:
            cursor = connection.execute(f"INSERT INTO echange VALUES (NULL, {marks})", values)  # noqa: S608
            number = int(cursor.lastrowid or 0)
            connection.execute("DELETE FROM echange WHERE id <= ?", (number - self._retention,))
            # the latest is kept whatever its size
            connection.execute(_FORGET_BY_SIZE, (self._max_bytes, number))
        return number

    def get(self, number: int) -> Exchange | None:
        with self._store.reading() as connection:
            row = connection.execute("SELECT * FROM echange WHERE id = ?", (number,)).fetchone()
        return _exchange(row) if row else None

    def search(
        self, *, service: str = "", issue: str = "", before: int | None = None, limit: int = 50
    ) -> tuple[Exchange, ...]:
        """The latest exchanges first, without their bytes; ``before`` is the number to continue under."""
        clauses, values = ["1"], list[object]()
        for column, value in (("service", service), ("issue", issue)):
            if value:
                clauses.append(f"{column} = ?")
                values.append(value)
        if before is not None:
            clauses.append("id < ?")
            values.append(before)
        where = " AND ".join(clauses)
        columns = (
            "id, service, operation, moment, duree_ms, pair, methode, chemin, statut, entetes_requete,"
            " x'' AS requete, entetes_reponse, x'' AS reponse, issue, verdict, resume"
        )
        with self._store.reading() as connection:
            rows = connection.execute(
                f"SELECT {columns} FROM echange WHERE {where} ORDER BY id DESC LIMIT ?",  # noqa: S608 - our clauses
                (*values, limit),
            ).fetchall()
        return tuple(_exchange(row) for row in rows)

    def clear(self) -> None:
        with self._store.transaction() as connection:
            connection.execute("DELETE FROM echange")


def verdict_as_data(verdict: Verdict) -> dict[str, object]:
    """The verdict as JSON values; the rules are copied whole, so that an export stands alone."""
    return {
        "issue": verdict.issue,
        "controles": list(verdict.controles),
        "refus": [_breach_as_data(item) for item in verdict.refus],
        "toleres": [_breach_as_data(item) for item in verdict.toleres],
    }


def _breach_as_data(item: Manquement) -> dict[str, object]:
    regle = item.regle
    return {
        "id": regle.id,
        "service": regle.service,
        "standing": regle.standing,
        "source": regle.source,
        "texte": regle.texte,
        "code": regle.code,
        "souple": regle.souple,
        "contexte": item.contexte,
    }


def _breach(data: Mapping[str, object]) -> Manquement:
    text = {name: str(data[name]) for name in ("id", "service", "source", "texte", "code")}
    regle = Regle(**text, standing=Standing(str(data["standing"])), souple=bool(data["souple"]))
    return Manquement(regle, str(data["contexte"]))


def _exchange(row: sqlite3.Row) -> Exchange:
    verdict = json.loads(row["verdict"])
    return Exchange(
        id=row["id"],
        service=row["service"],
        operation=row["operation"],
        moment=datetime.fromisoformat(row["moment"]),
        duree_ms=row["duree_ms"],
        pair=row["pair"],
        methode=row["methode"],
        chemin=row["chemin"],
        statut=row["statut"],
        entetes_requete=_headers(row["entetes_requete"]),
        requete=row["requete"],
        entetes_reponse=_headers(row["entetes_reponse"]),
        reponse=row["reponse"],
        verdict=Verdict(
            Issue(verdict["issue"]),
            tuple(verdict["controles"]),
            tuple(_breach(item) for item in verdict["refus"]),
            tuple(_breach(item) for item in verdict["toleres"]),
        ),
        resume=json.loads(row["resume"]),
    )


def _headers(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((str(name), str(value)) for name, value in json.loads(text))
