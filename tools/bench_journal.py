"""The journal: what a line costs to the page that writes it, and how long a whole chain takes to be read again.

    python tools/bench_journal.py [--lines 100000]

Floors, in the same run: the bare insertion of a row of the same width, and the hash of every line without a database.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import tempfile
import time
from pathlib import Path

from opensegur.cabinet.installation import prepare

_WRITTEN = 2000


def measure(lines: int) -> dict[str, float]:
    """On SQLite, as a practice has it; ``lines`` of one structure, written, sealed, verified."""
    from django.db import connections  # noqa: PLC0415 - the models wait for the settings

    from opensegur.cabinet.journal import chaine  # noqa: PLC0415 - same
    from opensegur.cabinet.journal.models import Ligne  # noqa: PLC0415 - same
    from opensegur.cabinet.journal.port import record  # noqa: PLC0415 - same

    started = time.perf_counter()
    for rank in range(_WRITTEN):
        _write(record, rank)
    written = time.perf_counter() - started
    started = time.perf_counter()
    with connections["journal"].cursor() as cursor:
        cursor.execute("CREATE TABLE sol (quand TEXT, a TEXT, b TEXT, c TEXT)")
        for rank in range(_WRITTEN):
            cursor.execute(
                "INSERT INTO sol VALUES (%s, %s, %s, %s)",
                ["2026-11-26 10:00:00.000000", "899700218896", f"p{rank}", "dossier.lire" + 150 * "x"],
            )
    floor = time.perf_counter() - started
    rest = lines - _WRITTEN
    first = Ligne.objects.first()
    assert first is not None
    moment = first.quand
    rows = (
        Ligne(quand=moment, structure_ref="s", acteur="899700218896", patient_ref=f"p{rank}", action="dossier.lire",
              resultat="succes", noeud="poste")
        for rank in range(rest)
    )  # fmt: skip
    Ligne.objects.bulk_create(rows, batch_size=2000)
    started = time.perf_counter()
    chaine.seal_pending()
    sealed = time.perf_counter() - started
    started = time.perf_counter()
    verdict = chaine.verify("s")
    verified = time.perf_counter() - started
    assert verdict.intact
    started = time.perf_counter()
    for rank in range(lines):
        hmac.new(b"cle", f"{rank}{'x' * 300}".encode(), hashlib.sha256).hexdigest()
    hashed = time.perf_counter() - started
    return {
        "lines": verdict.lignes,
        "ms to write one": round(written / _WRITTEN * 1000, 2),
        "floor, ms": round(floor / _WRITTEN * 1000, 2),
        "s to seal": round(sealed, 1),
        "s to verify": round(verified, 2),
        "floor of the hashes, s": round(hashed, 2),
    }


def render(found: dict[str, float]) -> str:
    return (
        f"- The journal, {found['lines']:,} lines: {found['ms to write one']} ms to write one (a bare row, "
        f"{found['floor, ms']} ms), sealed in {found['s to seal']} s, verified in {found['s to verify']} s "
        f"(the hashes alone, {found['floor of the hashes, s']} s)."
    )


def _write(record: object, rank: int) -> None:
    assert callable(record)
    record("dossier.lire", structure_id="s", acteur="899700218896", patient_ref=f"p{rank}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--lines", type=int, default=100_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder) / "donnees")
        print(render(measure(asked.lines)))


if __name__ == "__main__":
    main()
