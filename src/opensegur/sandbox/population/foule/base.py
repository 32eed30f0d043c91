"""The crowd on disk: one SQLite file, filled block by block, read by every thread while it is being filled.

It is no part of what a reset forgets. People come out as ``Personne``, with the OIDs that are asked for.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from opensegur.foundation.errors import ConfigurationError
from opensegur.nomenclature.words import words
from opensegur.sandbox.population.foule.familles import BLOC, Individu, people_of
from opensegur.sandbox.population.personnes import Personne

FICHIER: Final = "foule.sqlite3"
MAXIMUM: Final = 5_000_000
# the named people have those before 910
_FIRST_ORDER, _LAST_ORDER = 910, 999
_VERSION: Final = 1
_SCHEMA: Final = (
    """CREATE TABLE foule (
  version INTEGER NOT NULL, graine INTEGER NOT NULL, blocs INTEGER NOT NULL, personnes INTEGER NOT NULL
) STRICT""",
    """CREATE TABLE individu (
  numero TEXT PRIMARY KEY, nature TEXT NOT NULL, nom TEXT NOT NULL, prenoms TEXT NOT NULL, sexe TEXT NOT NULL,
  naissance TEXT NOT NULL, lieu TEXT NOT NULL, nom_utilise TEXT NOT NULL, adresse TEXT NOT NULL,
  code_postal TEXT NOT NULL, ville TEXT NOT NULL, famille TEXT NOT NULL
) STRICT, WITHOUT ROWID""",
    "CREATE INDEX individu_nom ON individu (nom, naissance)",
    "CREATE INDEX individu_nom_utilise ON individu (nom_utilise) WHERE nom_utilise <> ''",
    "CREATE INDEX individu_naissance ON individu (naissance)",
    "CREATE INDEX individu_famille ON individu (famille) WHERE famille <> ''",
)
_NAMES: Final = "replace(replace(nom || ' ' || nom_utilise || ' ' || prenoms, '-', ' '), '''', ' ')"
_PREFIX_END: Final = "\U0010ffff"

Suivre = Callable[[int, int], None]
"""Called with how many people are there and how many are wanted; what it raises stops the work, which can go on."""


@dataclass(frozen=True, slots=True)
class Foule:
    """The crowd of one sandbox; nobody until ``fill``. ``oids`` says the OID of each nature of matricule."""

    path: Path
    oids: Mapping[str, str]

    def __len__(self) -> int:
        with self._reading() as connection:
            return _state(connection).personnes if connection else 0

    def find(self, numero: str) -> Personne | None:
        """Whoever has this number (13 characters)."""
        return next(iter(self._people("numero = ?", numero)), None)

    def born(self, nom: str, naissance: str) -> tuple[Personne, ...]:
        """Everybody of this birth name born that day (AAAA-MM-JJ)."""
        return self._people("nom = ? AND naissance = ?", nom, naissance)

    def family(self, famille: str) -> tuple[Personne, ...]:
        return self._people("famille = ? AND famille <> ''", famille) if famille else ()

    def search(self, text: str, limit: int) -> tuple[Personne, ...]:
        """People whose matricule or birth date begins with ``text``, or a name with its first word."""
        compact = text.strip().replace(" ", "").upper()
        name = " ".join(words(text)).upper()
        if not compact:
            return ()
        if compact[0].isdigit():
            column = "naissance" if "-" in compact else "numero"
            wanted = compact[:13] if column == "numero" else compact
            return self._people(f"{column} BETWEEN ? AND ? LIMIT ?", wanted, wanted + _PREFIX_END, limit)
        return self._named(name, limit)

    def _named(self, name: str, limit: int) -> tuple[Personne, ...]:
        first = name.partition(" ")[0]
        found: dict[str, Personne] = {}
        for column in ("nom", "nom_utilise"):
            people = self._people(
                f"{column} BETWEEN ? AND ? AND {column} <> '' AND {_NAMES} LIKE ? LIMIT ?",
                first,
                first + _PREFIX_END,
                "%".join(["", *name.split(" "), ""]),
                limit,
            )
            found |= {each.numero: each for each in people}
        return tuple(found.values())[:limit]

    def fill(self, count: int, graine: int, suivre: Suivre = lambda _done, _wanted: None) -> int:
        """Make people, by blocks of ``BLOC``, until ``count`` of them are made; how many there are.

        Stopped, it goes on where it was; a crowd of another seed is refused.
        Raises ``ConfigurationError`` (SANDBOX_FOULE).
        """
        blocks = -(-min(count, MAXIMUM) // BLOC)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self.path, timeout=15, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.execute("PRAGMA cache_size=-200000")
            for bloc in range(_begin(connection, graine).blocs, blocks):
                suivre(bloc * BLOC, blocks * BLOC)
                _write(connection, graine, bloc)
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        suivre(blocks * BLOC, blocks * BLOC)
        return len(self)

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection | None]:
        """A connection that only reads; ``None`` as long as there is no crowd."""
        if not self.path.exists():
            yield None
            return
        with closing(sqlite3.connect(f"{self.path.resolve().as_uri()}?mode=ro", uri=True, timeout=15)) as connection:
            yield connection if _is_there(connection) else None

    def _people(self, where: str, *values: str | int) -> tuple[Personne, ...]:
        with self._reading() as connection:
            if connection is None:
                return ()
            rows = connection.execute(f"SELECT * FROM individu WHERE {where}", values)  # noqa: S608 - a constant
            return tuple(self._person(*row) for row in rows)

    def _person(self, numero: str, nature: str, nom: str, prenoms: str, sexe: str, *rest: str) -> Personne:
        naissance, lieu, nom_utilise, *adresse, famille = rest
        return Personne(
            numero,
            key_of(numero),
            "NIA" if nature == "NIA" else "NIR",
            self.oids[nature],
            nom,
            prenoms,
            sexe,
            naissance,
            lieu,
            nom_utilise,
            (adresse[0], adresse[1], adresse[2]),
            famille,
        )


def key_of(numero: str) -> str:
    """The key of a number of 13 characters: Corsica counts as 19 and 18."""
    digits = numero[:5] + {"2A": "19", "2B": "18"}.get(numero[5:7], numero[5:7]) + numero[7:]
    return f"{97 - int(digits) % 97:02d}"


@dataclass(frozen=True, slots=True)
class _Etat:
    graine: int
    blocs: int
    personnes: int


def _begin(connection: sqlite3.Connection, graine: int) -> _Etat:
    """What is there already, which is nobody the first time; a crowd of another seed is refused."""
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        if not _is_there(connection):
            for statement in _SCHEMA:
                connection.execute(statement)
            connection.execute("INSERT INTO foule VALUES (?, ?, 0, 0)", (_VERSION, graine))
    state = _state(connection)
    if state.graine != graine:
        raise ConfigurationError(
            "SANDBOX_FOULE",
            "Ce bac à sable a déjà une population de charge, d’une autre graine.",
            conseil=f"Gardez la graine {state.graine}, ou effacez {FICHIER} dans le dossier des données.",
        )
    return state


def _is_there(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'foule'").fetchone() is not None


def _state(connection: sqlite3.Connection) -> _Etat:
    version, *state = connection.execute("SELECT version, graine, blocs, personnes FROM foule").fetchone()
    if version != _VERSION:
        raise ConfigurationError(
            "SANDBOX_FOULE",
            "La population de charge de ce bac à sable est d’une autre version.",
            conseil=f"Effacez {FICHIER} dans le dossier des données, et peuplez-le à nouveau.",
        )
    return _Etat(*state)


def _write(connection: sqlite3.Connection, graine: int, bloc: int) -> None:
    """One block in one transaction, numbered in the order of its people."""
    people = people_of(graine, bloc)
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        made = sum(_insert(connection, person) for person in people)
        connection.execute("UPDATE foule SET blocs = ?, personnes = personnes + ?", (bloc + 1, made))


def _insert(connection: sqlite3.Connection, person: Individu) -> bool:
    """Number and keep a person; ``False`` when nobody else can be born there that month."""
    digit = ("1" if person.sexe == "M" else "2") if person.nature == "NIR" else ("7" if person.sexe == "M" else "8")
    stem = f"{digit}{person.naissance:%y%m}{person.lieu}"
    last = connection.execute(
        "SELECT max(numero) FROM individu WHERE numero BETWEEN ? AND ?",
        (f"{stem}{_FIRST_ORDER}", f"{stem}{_LAST_ORDER}"),
    ).fetchone()[0]
    order = int(last[-3:]) + 1 if last else _FIRST_ORDER
    if order > _LAST_ORDER:
        return False
    connection.execute(
        "INSERT INTO individu VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            f"{stem}{order}",
            person.nature,
            person.nom,
            person.prenoms,
            person.sexe,
            person.naissance.isoformat(),
            person.lieu,
            person.nom_utilise,
            *person.adresse,
            person.famille,
        ),
    )
    return True
