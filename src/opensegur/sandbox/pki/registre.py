"""What the authorities issued, and what they revoked since: the certificates outlive a reset, revocations do not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from cryptography import x509

from opensegur.foundation.errors import InvalidValue
from opensegur.sandbox.pki.gabarits import Revoque
from opensegur.sandbox.state import Schema, Store

MOTIFS: Final = {
    "": ("sans motif", None),
    "vol": ("clé compromise", x509.ReasonFlags.key_compromise),
    "situation": ("changement de situation", x509.ReasonFlags.affiliation_changed),
    "remplace": ("remplacé", x509.ReasonFlags.superseded),
    "cessation": ("cessation d’activité", x509.ReasonFlags.cessation_of_operation),
}
_SHORTEST = 8
SCHEMAS: Final = (
    Schema(
        "igc-certificats",
        """CREATE TABLE IF NOT EXISTS igc_certificat (
  serie TEXT PRIMARY KEY, autorite TEXT NOT NULL, porteur TEXT NOT NULL, usage TEXT NOT NULL, jusqu_a TEXT NOT NULL
) STRICT;
""",
        permanent=True,
    ),
    Schema(
        "igc-revocations",
        """CREATE TABLE IF NOT EXISTS igc_revocation (
  serie TEXT PRIMARY KEY, autorite TEXT NOT NULL, moment TEXT NOT NULL, motif TEXT NOT NULL
) STRICT;
""",
    ),
)


@dataclass(frozen=True, slots=True)
class Delivre:
    """A certificate that an authority issued; ``serie`` in hexadecimal, ``usage`` such as ``cps-sign``."""

    serie: str
    autorite: str
    porteur: str
    usage: str
    jusqu_a: str
    revoque_le: str = ""
    motif: str = ""

    @property
    def fin(self) -> date:
        return date.fromisoformat(self.jusqu_a)

    @property
    def revocation(self) -> date | None:
        return date.fromisoformat(self.revoque_le[:10]) if self.revoque_le else None


class Registre:
    """What was issued and what was revoked since: the ``Container`` of serial numbers that ``Confiance`` asks.

    ``initial`` were revoked when the authorities were made.
    """

    def __init__(self, store: Store, initial: Iterable[Revoque], autorite_initiale: str) -> None:
        self._store = store
        self._initial = tuple(initial)
        self._autorite_initiale = autorite_initiale

    def __contains__(self, serial: object) -> bool:
        if not isinstance(serial, int):
            return False
        return any(each.serie == serial for each in self._initial) or self._row(serial, "igc_revocation") is not None

    def record(self, autorite: str, porteur: str, usage: str, certificate: x509.Certificate) -> None:
        until = f"{certificate.not_valid_after_utc:%Y-%m-%d}"
        with self._store.transaction() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO igc_certificat VALUES (?, ?, ?, ?, ?)",
                (_hex(certificate.serial_number), autorite, porteur, usage, until),
            )

    def is_issued(self, autorite: str, serial: int) -> bool:
        row = self._row(serial, "igc_certificat")
        return row is not None and row["autorite"] == autorite

    def revoke(self, serie: str, moment: datetime, motif: str = "") -> None:
        """``serie`` or its first digits, eight at least. Raises ``InvalidValue`` IGC_SERIE, IGC_MOTIF."""
        if motif not in MOTIFS:
            raise InvalidValue("IGC_MOTIF", "Ce motif de révocation n’existe pas.", conseil=", ".join(MOTIFS)[2:])
        whole, autorite = self._find(serie)
        with self._store.transaction() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO igc_revocation VALUES (?, ?, ?, ?)",
                (whole, autorite, moment.isoformat(timespec="seconds"), motif),
            )

    def restore(self, serie: str) -> None:
        """Take a revocation back, which no true authority does. Raises ``InvalidValue`` IGC_SERIE."""
        whole, _ = self._find(serie)
        with self._store.transaction() as connection:
            connection.execute("DELETE FROM igc_revocation WHERE serie = ?", (whole,))

    def revoked_by(self, autorite: str) -> tuple[Revoque, ...]:
        with self._store.reading() as connection:
            rows = connection.execute("SELECT * FROM igc_revocation WHERE autorite = ?", (autorite,)).fetchall()
        own = self._initial if autorite == self._autorite_initiale else ()
        since = (
            Revoque(int(row["serie"], 16), datetime.fromisoformat(row["moment"]), MOTIFS[row["motif"]][1])
            for row in rows
        )
        return (*own, *since)

    def revocation(self, autorite: str, serial: int) -> Revoque | None:
        return next((each for each in self.revoked_by(autorite) if each.serie == serial), None)

    def all(self) -> list[Delivre]:
        """Every certificate, for the console."""
        with self._store.reading() as connection:
            rows = connection.execute(
                "SELECT c.*, coalesce(r.moment, '') AS revoque_le, coalesce(r.motif, '') AS motif "
                "FROM igc_certificat c LEFT JOIN igc_revocation r USING (serie) ORDER BY porteur, usage, serie"
            ).fetchall()
        first = {_hex(each.serie): f"{each.moment:%Y-%m-%d}" for each in self._initial}
        found = [Delivre(**{name: row[name] for name in row.keys()}) for row in rows]  # noqa: SIM118 - a sqlite3.Row
        return [
            each if each.revoque_le or each.serie not in first else _revoked_at_first(each, first[each.serie])
            for each in found
        ]

    def _find(self, serie: str) -> tuple[str, str]:
        """The whole number that begins with ``serie``, and its authority."""
        rows = []
        if len(serie) >= _SHORTEST and serie.isalnum():
            with self._store.reading() as connection:
                question = "SELECT serie, autorite FROM igc_certificat WHERE serie LIKE ? || '%' LIMIT 2"
                rows = connection.execute(question, (serie,)).fetchall()
        if len(rows) != 1:
            raise InvalidValue(
                "IGC_SERIE",
                "Aucun certificat du bac à sable n’a ce numéro, ou plusieurs commencent ainsi.",
                conseil="Recopiez le numéro de série de la page « Certificats » de la console.",
            )
        return str(rows[0]["serie"]), str(rows[0]["autorite"])

    def _row(self, serial: int, table: str) -> dict[str, str] | None:
        with self._store.reading() as connection:
            row = connection.execute(f"SELECT * FROM {table} WHERE serie = ?", (_hex(serial),)).fetchone()  # noqa: S608
        return dict(row) if row else None


def _revoked_at_first(each: Delivre, moment: str) -> Delivre:
    return Delivre(each.serie, each.autorite, each.porteur, each.usage, each.jusqu_a, moment, "remplace")


def _hex(serial: int) -> str:
    return f"{serial:x}"
