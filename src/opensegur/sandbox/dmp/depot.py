"""What the simulator keeps: dossiers, authorisations, lots, entries with their documents, associations.

Plain SQL over the sandbox's own database; times are ISO 8601 in UTC. One object per connection, and the caller
owns the transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS dmp_dossier (
  ins TEXT PRIMARY KEY, ferme_le TEXT NOT NULL DEFAULT '', ferme_motif TEXT NOT NULL DEFAULT '',
  ferme_raison TEXT NOT NULL DEFAULT '', rattache_mes INTEGER NOT NULL DEFAULT 1,
  compte_internet INTEGER NOT NULL DEFAULT 1, opposition_bris INTEGER NOT NULL DEFAULT 0,
  opposition_urgence INTEGER NOT NULL DEFAULT 0, opposition_alimentation INTEGER NOT NULL DEFAULT 0,
  masques_en_urgence INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS dmp_autorisation (
  ins TEXT NOT NULL, acteur TEXT NOT NULL, genre TEXT NOT NULL, interdit INTEGER NOT NULL DEFAULT 0,
  medecin_traitant INTEGER NOT NULL DEFAULT 0, debut TEXT NOT NULL, fin TEXT NOT NULL,
  derniere_action TEXT NOT NULL, nom TEXT NOT NULL DEFAULT '', specialite TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (ins, acteur, genre)
);
CREATE TABLE IF NOT EXISTS dmp_lot (
  entry_uuid TEXT PRIMARY KEY, unique_id TEXT NOT NULL UNIQUE, ins TEXT NOT NULL, recu_le TEXT NOT NULL,
  xml BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS dmp_fiche (
  entry_uuid TEXT PRIMARY KEY, unique_id TEXT NOT NULL UNIQUE, ins TEXT NOT NULL, statut TEXT NOT NULL,
  empreinte TEXT NOT NULL, acteur TEXT NOT NULL, structure TEXT NOT NULL, recu_le TEXT NOT NULL,
  type_mime TEXT NOT NULL, xml BLOB NOT NULL, contenu BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS dmp_fiche_ins ON dmp_fiche (ins, statut);
CREATE TABLE IF NOT EXISTS dmp_association (
  id TEXT PRIMARY KEY, type TEXT NOT NULL, source TEXT NOT NULL, cible TEXT NOT NULL, xml BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS dmp_association_source ON dmp_association (source);
CREATE INDEX IF NOT EXISTS dmp_association_cible ON dmp_association (cible);
CREATE TABLE IF NOT EXISTS dmp_vihf (id TEXT PRIMARY KEY, expire TEXT NOT NULL);
"""
_MAX_VARIABLES = 500


@dataclass(frozen=True, slots=True)
class Dossier:
    """A patient's DMP: open, or closed since ``ferme_le``."""

    ins: str
    ferme_le: str = ""
    ferme_motif: str = ""
    ferme_raison: str = ""
    rattache_mes: bool = True
    compte_internet: bool = True
    opposition_bris: bool = False
    opposition_urgence: bool = False
    opposition_alimentation: bool = False
    masques_en_urgence: bool = False

    @property
    def ferme(self) -> bool:
        return bool(self.ferme_le)


@dataclass(frozen=True, slots=True)
class Autorisation:
    """What one professional (``genre`` PS) or one structure (STRUCTURE) may see of one patient."""

    ins: str
    acteur: str
    genre: str
    debut: str
    fin: str
    derniere_action: str
    interdit: bool = False
    medecin_traitant: bool = False
    nom: str = ""
    specialite: str = ""

    def active(self, moment: datetime) -> bool:
        return not self.interdit and self.fin > moment.isoformat()


@dataclass(frozen=True, slots=True)
class LotEnregistre:
    entry_uuid: str
    unique_id: str
    ins: str
    recu_le: str
    xml: bytes


@dataclass(frozen=True, slots=True)
class FicheEnregistree:
    """An entry as registered. ``acteur`` and ``structure`` are those of the VIHF that fed it."""

    entry_uuid: str
    unique_id: str
    ins: str
    statut: str
    empreinte: str
    acteur: str
    structure: str
    recu_le: str
    type_mime: str
    xml: bytes


@dataclass(frozen=True, slots=True)
class AssociationEnregistree:
    id: str
    type: str
    source: str
    cible: str
    xml: bytes


_DOSSIER: Final = tuple(Dossier.__dataclass_fields__)
_AUTORISATION: Final = tuple(Autorisation.__dataclass_fields__)
_FICHE: Final = tuple(FicheEnregistree.__dataclass_fields__)
_ASSOCIATION: Final = tuple(AssociationEnregistree.__dataclass_fields__)


class Depot:
    """The DMP's tables on one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def create(self) -> None:
        for statement in SCHEMA.split(";"):
            if statement.strip():
                self._connection.execute(statement)

    def clear(self) -> None:
        for name in ("dossier", "autorisation", "lot", "fiche", "association", "vihf"):
            self._connection.execute(f"DELETE FROM dmp_{name}")  # noqa: S608 - the names are ours

    # dossiers and authorisations

    def dossier(self, ins: str) -> Dossier | None:
        row = self._connection.execute(
            f"SELECT {', '.join(_DOSSIER)} FROM dmp_dossier WHERE ins = ?",  # noqa: S608 - the names are ours
            (ins,),
        ).fetchone()
        return Dossier(*row[:4], *(bool(value) for value in row[4:])) if row else None

    def save_dossier(self, dossier: Dossier) -> None:
        self._replace("dmp_dossier", _DOSSIER, [getattr(dossier, name) for name in _DOSSIER])

    def autorisation(self, ins: str, acteur: str, genre: str) -> Autorisation | None:
        found = self._autorisations("ins = ? AND acteur = ? AND genre = ?", (ins, acteur, genre))
        return found[0] if found else None

    def autorisations_du_patient(self, ins: str) -> list[Autorisation]:
        return self._autorisations("ins = ? ORDER BY genre, acteur", (ins,))

    def autorisations_de(self, acteur: str, genre: str) -> list[Autorisation]:
        return self._autorisations("acteur = ? AND genre = ? ORDER BY ins", (acteur, genre))

    def save_autorisation(self, autorisation: Autorisation) -> None:
        values = [getattr(autorisation, name) for name in _AUTORISATION]
        self._replace("dmp_autorisation", _AUTORISATION, values)

    def remove_autorisation(self, autorisation: Autorisation) -> None:
        self._connection.execute(
            "DELETE FROM dmp_autorisation WHERE ins = ? AND acteur = ? AND genre = ?",
            (autorisation.ins, autorisation.acteur, autorisation.genre),
        )

    def touch(self, autorisation: Autorisation, moment: datetime) -> None:
        self.save_autorisation(replace(autorisation, derniere_action=moment.isoformat()))

    def _autorisations(self, condition: str, values: Sequence[str]) -> list[Autorisation]:
        rows = self._connection.execute(
            f"SELECT {', '.join(_AUTORISATION)} FROM dmp_autorisation WHERE {condition}",  # noqa: S608 - ours
            values,
        )
        return [
            Autorisation(**dict(zip(_AUTORISATION, (*row[:6], bool(row[6]), bool(row[7]), *row[8:]), strict=True)))
            for row in rows
        ]

    # lots, entries, associations

    def lot(self, *, unique_id: str = "", entry_uuid: str = "") -> LotEnregistre | None:
        row = self._connection.execute(
            "SELECT entry_uuid, unique_id, ins, recu_le, xml FROM dmp_lot WHERE unique_id = ? OR entry_uuid = ?",
            (unique_id, entry_uuid),
        ).fetchone()
        return LotEnregistre(*row) if row else None

    def lots_du_patient(self, ins: str) -> list[LotEnregistre]:
        rows = self._connection.execute(
            "SELECT entry_uuid, unique_id, ins, recu_le, xml FROM dmp_lot WHERE ins = ? ORDER BY recu_le, entry_uuid",
            (ins,),
        )
        return [LotEnregistre(*row) for row in rows]

    def fiches_du_patient(self, ins: str) -> list[FicheEnregistree]:
        return self._fiches("ins = ? ORDER BY recu_le, entry_uuid", (ins,))

    def fiches(self, *, uuids: Iterable[str] = (), uids: Iterable[str] = ()) -> list[FicheEnregistree]:
        """The entries of these entryUUIDs or uniqueIds; unknown ones are not answered."""
        found: list[FicheEnregistree] = []
        for column, values in (("entry_uuid", list(uuids)), ("unique_id", list(uids))):
            for start in range(0, len(values), _MAX_VARIABLES):
                some = values[start : start + _MAX_VARIABLES]
                marks = ", ".join("?" * len(some))
                found += self._fiches(f"{column} IN ({marks}) ORDER BY recu_le, entry_uuid", some)
        return found

    def contenu(self, entry_uuid: str) -> bytes:
        row = self._connection.execute("SELECT contenu FROM dmp_fiche WHERE entry_uuid = ?", (entry_uuid,)).fetchone()
        return bytes(row[0])

    def associations(self, uuids: Iterable[str]) -> list[AssociationEnregistree]:
        """The associations that have one of these objects at either end."""
        found: dict[str, AssociationEnregistree] = {}
        for uuid in uuids:
            rows = self._connection.execute(
                f"SELECT {', '.join(_ASSOCIATION)} FROM dmp_association "  # noqa: S608 - the names are ours
                "WHERE source = ? OR cible = ? ORDER BY rowid",
                (uuid, uuid),
            )
            found |= {row[0]: AssociationEnregistree(*row) for row in rows}
        return list(found.values())

    def add_lot(self, lot: LotEnregistre) -> None:
        self._connection.execute(
            "INSERT INTO dmp_lot (entry_uuid, unique_id, ins, recu_le, xml) VALUES (?, ?, ?, ?, ?)",
            (lot.entry_uuid, lot.unique_id, lot.ins, lot.recu_le, lot.xml),
        )

    def add_fiche(self, fiche: FicheEnregistree, contenu: bytes) -> None:
        self._insert("dmp_fiche", (*_FICHE, "contenu"), [*(getattr(fiche, name) for name in _FICHE), contenu])

    def add_association(self, association: AssociationEnregistree) -> None:
        self._insert("dmp_association", _ASSOCIATION, [getattr(association, name) for name in _ASSOCIATION])

    def set_statut(self, entry_uuid: str, statut: str) -> None:
        self._connection.execute("UPDATE dmp_fiche SET statut = ? WHERE entry_uuid = ?", (statut, entry_uuid))

    def _fiches(self, condition: str, values: Sequence[str]) -> list[FicheEnregistree]:
        rows = self._connection.execute(
            f"SELECT {', '.join(_FICHE)} FROM dmp_fiche WHERE {condition}",  # noqa: S608 - the names are ours
            values,
        )
        return [FicheEnregistree(*row) for row in rows]

    # assertions already seen

    def remember_vihf(self, identifiant: str, expire: datetime, moment: datetime) -> bool:
        """Note the ID of an assertion; False when it was already used and may still be replayed."""
        # times are compared as texts: an assertion may be dated in any zone
        expire, moment = expire.astimezone(UTC), moment.astimezone(UTC)
        self._connection.execute("DELETE FROM dmp_vihf WHERE expire < ?", (moment.isoformat(),))
        try:
            self._connection.execute(
                "INSERT INTO dmp_vihf (id, expire) VALUES (?, ?)", (identifiant, expire.isoformat())
            )
        except sqlite3.IntegrityError:
            return False
        return True

    def _insert(self, table: str, columns: Sequence[str], values: Sequence[object]) -> None:
        marks = ", ".join("?" * len(columns))
        self._connection.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})",  # noqa: S608 - the names are ours
            values,
        )

    def _replace(self, table: str, columns: Sequence[str], values: Sequence[object]) -> None:
        marks = ", ".join("?" * len(columns))
        self._connection.execute(
            f"INSERT OR REPLACE INTO {table} ({', '.join(columns)}) VALUES ({marks})",  # noqa: S608 - ours
            values,
        )
