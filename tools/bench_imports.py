"""How long 100,000 identities take to come in from a table, through the application's own import.

Usage: python tools/bench_imports.py [--people 100000] [--engine sqlite|postgresql|both] [--json]

The file is made for the measure (names as they are borne, an INS for two people in three, a twentieth of lines that
cannot be taken), then taken in, tried, applied and undone. The floor, in the same run, is the bare insertion of as
many rows of the records' table.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

from bench_measures import conditions
from bench_postgresql import cluster
from bench_recherche import population

_SEED = 20261126
_WITH_INS, _BAD = 0.66, 0.05
_TITLES = [
    "N° dossier",
    "Nom de naissance",
    "Nom d’usage",
    "Prénoms",
    "Né(e) le",
    "Sexe",
    "Lieu de naissance",
    "INS",
    "Statut",
]


def measure(people: int, engine: str) -> dict[str, object]:
    with tempfile.TemporaryDirectory(prefix="opensegur-imports-", ignore_cleanup_errors=True) as folder:
        command = [sys.executable, __file__, "--one", folder, "--people", str(people)]
        if engine == "sqlite":
            return _child(command, {})
        with cluster() as url:
            return _child(command, {"OPENSEGUR_BASE": url})


def _child(command: list[str], environ: dict[str, str]) -> dict[str, object]:
    done = subprocess.run(command, env=os.environ | environ, stdout=subprocess.PIPE, check=True)
    found: dict[str, object] = json.loads(done.stdout)
    return found


def one(folder: Path, people: int) -> dict[str, object]:
    """In a fresh process: Django reads its settings once."""
    from opensegur.cabinet import installation  # noqa: PLC0415

    installation.prepare(folder)
    from django.db import connection  # noqa: PLC0415

    from opensegur.cabinet.comptes.models import Compte  # noqa: PLC0415
    from opensegur.cabinet.imports import fichier, moteur, retour  # noqa: PLC0415
    from opensegur.cabinet.structures.models import Structure  # noqa: PLC0415

    structure = Structure.objects.create(id_nat="300000099200016", nom="Établissement de mesure", secteur="SA01")
    compte = Compte.objects.create_user("mesure", nom="MESURE", prenom="Claire")
    content = table(people)
    seconds: dict[str, float] = {}
    processor: dict[str, float] = {}

    def timed(name: str, run):  # noqa: ANN001, ANN202
        start, busy = time.perf_counter(), time.process_time()
        result = run()
        seconds[name] = round(time.perf_counter() - start, 1)
        processor[name] = round(time.process_time() - busy, 1)
        return result

    pieces = [content[begin : begin + 1_000_000] for begin in range(0, len(content), 1_000_000)]
    made = timed("take in", lambda: fichier.take_in(structure, compte, "base.csv", pieces, "Ancien logiciel"))
    moteur.start(made, essai=True)
    made = timed("try", lambda: moteur.advance(made, compte))
    tried = dict(made.comptes)
    moteur.start(made, essai=False)
    tracemalloc.start() if os.environ.get("OPENSEGUR_MEMOIRE") else None
    made = timed("apply", lambda: moteur.advance(made, compte))
    peak = tracemalloc.get_traced_memory()[1] if tracemalloc.is_tracing() else 0
    applied = dict(made.comptes)
    back = timed("undo", lambda: retour.undo(made))
    timed("floor: bare insertion", lambda: _floor(structure, compte, people))
    return {
        "engine": connection.vendor,
        "people": people,
        "megabytes": round(len(content) / 1e6, 1),
        "seconds": seconds,
        "processor seconds of this process": processor,
        "tried": tried,
        "applied": applied,
        "removed": back.retires,
        "peak megabytes of Python while applying": round(peak / 1e6),
        "identities per second": round(applied["cree"] / seconds["apply"]),
    }


def table(people: int) -> bytes:
    """Windows-1252, semicolons, as practice software exports."""
    from opensegur.ins import compute_key  # noqa: PLC0415

    draw = random.Random(_SEED)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(_TITLES)
    for number, (nom, prenoms, date, utilise) in enumerate(_everybody(people), 1):
        year, month, day = date.split("-")
        sexe = draw.choice("MF")
        place = f"{draw.randint(1, 95):02d}{draw.randint(1, 600):03d}{number % 1000:03d}"
        nir = f"{'1' if sexe == 'M' else '2'}{year[2:]}{month}{place}"
        ins = nir + compute_key(nir) if draw.random() < _WITH_INS else ""
        bad = (f"{day}/{month}/{year[2:]}", "", "?")
        born = draw.choice(bad) if draw.random() < _BAD else f"{day}/{month}/{year}"
        names = (nom.title(), utilise.title(), prenoms.title())
        writer.writerow((number, *names, born, sexe, "75056", ins, draw.choice(("", "validée"))))
    return text.getvalue().encode("cp1252")


def _everybody(people: int) -> Iterator[tuple[str, str, str, str]]:
    for begin in range(0, people, 5000):
        yield from population(begin, min(begin + 5000, people))


def _floor(structure, compte, people: int) -> None:  # noqa: ANN001
    from opensegur.cabinet.patients.models import Patient  # noqa: PLC0415

    for begin in range(0, people, 1000):
        Patient.objects.bulk_create(
            Patient(
                structure=structure, cree_par=compte, ipp=10**9 + begin + rank, nom_naissance="X", premier_prenom="Y",
                date_naissance="1980-01-01", sexe="F",
            )
            for rank in range(min(1000, people - begin))
        )  # fmt: skip


def render(figures: dict) -> str:
    seconds = figures["seconds"]
    return (
        f"**Import of {figures['people']:,} lines** ({figures['megabytes']} MB), {figures['engine']}: "
        + ", ".join(f"{name} {value} s" for name, value in seconds.items())
        + f" (applying kept this process busy for {figures['processor seconds of this process']['apply']} s)"
        + f"; {figures['identities per second']} identities a second; outcomes: {figures['applied']}."
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--engine", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(one(asked.one, asked.people)))
        return 0
    engines = ("sqlite", "postgresql") if asked.engine == "both" else (asked.engine,)
    figures = [measure(asked.people, engine) for engine in engines]
    print(json.dumps(figures) if asked.json else "\n\n".join([conditions("Django"), *map(render, figures)]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
