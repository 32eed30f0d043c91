"""How long a search takes among a million records, typing errors included, and what it finds.

Usage: python tools/bench_recherche.py [--records 1000000] [--searches 300] [--engine sqlite|postgresql|both] [--json]

Each engine has a process and a database of its own, made for the measure. The names are drawn as names are: some are
borne by thousands, most by a few. The floor, in the same run, is an exact match by an indexed column. The time is
that of the search itself, from what was asked to the records and their evidence; what HTTP and the page add is
measured by ``bench_pages.py``.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from uuid import uuid4

from bench_measures import conditions
from bench_postgresql import cluster
from fautes import mishear, misspell, mistype
from opensegur.nomenclature.noms import common_names
from opensegur.sandbox.population.foule.tirage import made_names

ENGINES = ("sqlite", "postgresql")
_SEED = 20261125
_BATCH = 5000


def measure(records: int, searches: int, engine: str) -> dict[str, object]:
    """Run one engine in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="opensegur-recherche-", ignore_cleanup_errors=True) as folder:
        command = [sys.executable, __file__, "--one", folder, "--records", str(records), "--searches", str(searches)]
        if engine == "sqlite":
            return _child(command, {})
        with cluster() as url:
            return _child(command, {"OPENSEGUR_BASE": url})


def _child(command: list[str], environ: dict[str, str]) -> dict[str, object]:
    done = subprocess.run(command, env=os.environ | environ, stdout=subprocess.PIPE, check=True)
    found: dict[str, object] = json.loads(done.stdout)
    return found


def one(folder: Path, records: int, searches: int) -> dict[str, object]:
    """In a fresh process: Django reads its settings once."""
    from opensegur.cabinet import installation  # noqa: PLC0415

    installation.prepare(folder)
    from django.db import connection  # noqa: PLC0415

    start = time.perf_counter()
    structure, people = seed(records)
    seeded = time.perf_counter() - start
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    figures = {name: _timed(kind, searches) for name, kind in _kinds(structure, people).items()}
    everything = [each for name, figure in figures.items() if name != "floor" for each in figure.pop("times")]
    floor = figures.pop("floor")
    floor.pop("times")
    return {
        "engine": connection.vendor,
        "records": records,
        "seconds to write": round(seeded, 1),
        "megabytes": _sizes(connection),
        "floor": floor,
        "kinds": figures,
        "all": _summary(everything) | {"times the floor": round(_p95(everything) / floor["p95 ms"], 1)},
        "recall": recall(structure, people, 1000),
    }


def seed(records: int) -> tuple[object, list[tuple[str, ...]]]:
    """Records and their index, through the application's own writing; a sample of them for the questions."""
    from django.utils import timezone  # noqa: PLC0415

    from opensegur.cabinet.antecedence.ecriture import index_patients  # noqa: PLC0415
    from opensegur.cabinet.comptes.models import Compte  # noqa: PLC0415
    from opensegur.cabinet.imports.ecriture import Fiche  # noqa: PLC0415
    from opensegur.cabinet.imports.masse import insert_rows  # noqa: PLC0415
    from opensegur.cabinet.patients.models import Patient  # noqa: PLC0415
    from opensegur.cabinet.structures.models import Structure  # noqa: PLC0415

    structure = Structure.objects.create(id_nat="300000099200016", nom="Établissement de mesure", secteur="SA01")
    compte = Compte.objects.create_user("mesure", nom="MESURE", prenom="Claire")
    kept, known, moment = [], set(), timezone.now()
    for begin in range(0, records, _BATCH):
        people = list(population(begin, min(begin + _BATCH, records)))
        rows = [
            Fiche(uuid4(), structure.pk, ipp, nom, utilise, prenoms.split()[0], prenoms, "", date, 0, "75056")
            for ipp, (nom, prenoms, date, utilise) in enumerate(people, begin + 1)
        ]
        insert_rows(Patient, Fiche._fields, rows, {"sexe": "F", "cree_par_id": compte.pk, "cree_le": moment})
        index_patients(rows, connus=known)
        kept += people[:: max(1, records // 20_000)]
    return structure, kept


def population(begin: int, end: int) -> Iterator[tuple[str, str, str, str]]:
    """Birth name, given names, birth date, used name: the same person for the same number."""
    (names, name_weights), (given, given_weights) = _names(), _given_names()
    draw = random.Random(f"{_SEED}/{begin}")
    count = end - begin
    noms = draw.choices(names, cum_weights=name_weights, k=count)
    autres = draw.choices(names, cum_weights=name_weights, k=count)
    prenoms = draw.choices(given, cum_weights=given_weights, k=3 * count)
    for index, nom in enumerate(noms):
        whole = nom if draw.random() > 0.04 else f"{nom}-{autres[index]}"  # noqa: PLR2004
        list_of = prenoms[3 * index : 3 * index + draw.choice((1, 2, 2, 3))]
        utilise = autres[index] if draw.random() < 0.25 else ""  # noqa: PLR2004
        date = f"{draw.randint(1930, 2025)}-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}"
        yield whole[:100], " ".join(dict.fromkeys(list_of)), date, utilise


@lru_cache(maxsize=1)
def _names() -> tuple[list[str], list[float]]:
    return _weighted([*common_names("N"), *made_names()])


@lru_cache(maxsize=1)
def _given_names() -> tuple[list[str], list[float]]:
    """Of both sexes, the commonest of each in turn."""
    return _weighted([name for pair in zip(common_names("F"), common_names("M"), strict=True) for name in pair])


def _weighted(names: list[str]) -> tuple[list[str], list[float]]:
    """Zipf's law, as names follow it: the first about one person in two hundred."""
    distinct = list(dict.fromkeys(names))
    return distinct, list(accumulate(1 / (rank + 20) ** 0.9 for rank in range(len(distinct))))


def _kinds(structure: object, people: list[tuple[str, ...]]) -> dict[str, Callable[[], object]]:
    from opensegur.cabinet.patients.models import Patient  # noqa: PLC0415
    from opensegur.cabinet.patients.selection import Criteres, search  # noqa: PLC0415

    draw = random.Random(_SEED + 2)

    def ask(make: Callable[[str, str, str], Criteres]) -> Callable[[], object]:
        def run() -> object:
            nom, prenoms, date, _ = draw.choice(people)
            criteres = make(nom, prenoms.split()[0], date)
            start = time.perf_counter()
            search(structure, criteres)
            return time.perf_counter() - start

        return run

    def floor() -> object:
        nom, prenoms, _, _ = draw.choice(people)
        start = time.perf_counter()
        list(
            Patient.objects.filter(structure=structure, nom_naissance=nom, premier_prenom=prenoms.split()[0])
            .order_by("nom_naissance", "premier_prenom")
            .prefetch_related("preuves")[:31]
        )
        return time.perf_counter() - start

    return {
        "floor": floor,
        "name and given name": ask(lambda n, p, _: Criteres(n, p)),
        "the first letters of both": ask(lambda n, p, _: Criteres(n[:4], p[:3])),
        "name alone": ask(lambda n, _, __: Criteres(n)),
        "date and the first letters of the name": ask(lambda n, _, d: Criteres(n[:3], "", d)),
        "date alone": ask(lambda _, __, d: Criteres(date_naissance=d)),
        "all three": ask(Criteres),
        "month of birth and the name": ask(lambda n, _, d: Criteres(n, "", f"{d[:7]}-00")),
        "an error in the name": ask(lambda n, p, _: Criteres(misspell(n, draw), p)),
        "an error in the name, alone": ask(lambda n, _, __: Criteres(misspell(n, draw))),
        "two errors in the name": ask(lambda n, p, _: Criteres(mistype(n, draw, 2), p)),
        "an error in each": ask(lambda n, p, _: Criteres(mistype(n, draw), mistype(p, draw))),
        "heard alike, both": ask(lambda n, p, _: Criteres(mishear(n, draw), mishear(p, draw))),
        "name and given name exchanged": ask(lambda n, p, _: Criteres(p, n)),
        "a wrong digit in the date": ask(lambda n, p, d: Criteres(n, p, _wrong_digit(d, draw))),
        "errors in all three": ask(
            lambda n, p, d: Criteres(misspell(n, draw), misspell(p, draw), _wrong_digit(d, draw))
        ),
    }


def _wrong_digit(date: str, draw: random.Random) -> str:
    return f"{date[:3]}{(int(date[3]) + draw.randint(1, 9)) % 10}{date[4:]}"


def _timed(run: Callable[[], object], searches: int) -> dict[str, object]:
    for _ in range(5):
        run()
    times = [float(str(run())) * 1000 for _ in range(searches)]
    return _summary(times) | {"times": times}


def recall(structure: object, people: list[tuple[str, ...]], count: int) -> dict[str, object]:
    """The share of misspelt people who are found, and among the first ten: with and without the birth date."""
    from opensegur.cabinet.patients.selection import Criteres, search  # noqa: PLC0415

    draw = random.Random(_SEED + 3)
    figures: dict[str, object] = {}
    for title, with_date in (("name and given name", False), ("with the birth date", True)):
        shown = first = 0
        for _ in range(count):
            nom, prenoms, date, utilise = draw.choice(people)
            asked = Criteres(misspell(nom, draw), misspell(prenoms.split()[0], draw), date if with_date else "")
            found = [
                (
                    each.patient.nom_naissance,
                    each.patient.prenoms,
                    each.patient.date_naissance,
                    each.patient.nom_utilise,
                )
                for each in search(structure, asked)
            ]
            person = (nom, prenoms, date, utilise)
            shown += person in found
            first += person in found[:10]
        figures[title] = {"found": shown / count, "among the first ten": first / count}
    return figures


def _summary(times: list[float]) -> dict[str, float]:
    return {
        "p50 ms": round(statistics.median(times), 2),
        "p95 ms": round(_p95(times), 2),
        "max ms": round(max(times), 1),
    }


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def _sizes(connection: object) -> dict[str, int]:
    """What the index weighs, and the records themselves."""
    with connection.cursor() as cursor:  # type: ignore[attr-defined]
        if connection.vendor == "postgresql":  # type: ignore[attr-defined]
            cursor.execute(
                "SELECT relname, pg_total_relation_size(oid) FROM pg_class WHERE relname LIKE 'antecedence%' "
                "AND relkind = 'r' OR relname = 'patients_patient'"
            )
        else:
            cursor.execute(
                "SELECT m.tbl_name, sum(s.pgsize) FROM dbstat s JOIN sqlite_master m ON m.name = s.name "
                "WHERE m.tbl_name LIKE 'antecedence%' OR m.tbl_name = 'patients_patient' GROUP BY 1"
            )
        return {name: round(size / 1e6) for name, size in cursor.fetchall()}


def render(figures: dict) -> str:
    heading = (
        f"**Search among {figures['records']:,} records**, {figures['engine']} (index and records written in "
        f"{figures['seconds to write']} s; megabytes: {figures['megabytes']})."
    )
    rows = [heading, "", "| asked | p50 | p95 | max |", "| --- | --: | --: | --: |"]
    last = (("**all**", figures["all"]), ("floor: exact match", figures["floor"]))
    for name, figure in (*figures["kinds"].items(), *last):
        rows.append(f"| {name} | {figure['p50 ms']} ms | {figure['p95 ms']} ms | {figure['max ms']} ms |")
    said = f"Recall over 1,000 people misspelt (an error in the name, one in the given name): {figures['recall']}."
    return "\n".join([*rows, "", said])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--searches", type=int, default=300, help="of each kind")
    parser.add_argument("--engine", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(one(asked.one, asked.records, asked.searches)))
        return 0
    engines = ENGINES if asked.engine == "both" else (asked.engine,)
    figures = [measure(asked.records, asked.searches, engine) for engine in engines]
    print(json.dumps(figures) if asked.json else "\n\n".join([conditions("Django"), *map(render, figures)]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
