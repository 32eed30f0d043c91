"""The figures of the project in one run: ``make bench``.

Each figure stands beside a floor measured in the same run: the ratio travels, the figure does not. The defaults are
long: ``make bench ARGS="--documents 9 --patients 900"`` gives a quick idea.
``--json`` prints everything; ``--write`` dates the result in ``docs/measures.md``.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import bench_datamatrix
import bench_depot
import bench_documents
import bench_doublons
import bench_imports
import bench_matricule
import bench_pages
import bench_population
import bench_recherche
from bench_measures import conditions, write_section

_SYMBOLS = 60
_STAGES = ("pdf", "signature", "xml", "service")


def main(arguments: list[str]) -> int:
    asked = _arguments(arguments)
    figures: dict[str, object] = {
        "conditions": conditions("lxml", "cryptography", "pikepdf", "urllib3", "Django", "uvicorn")
    }
    # what SQLite still holds on Windows must not spoil a measure that is done
    with tempfile.TemporaryDirectory(prefix="opensegur-bench-", ignore_cleanup_errors=True) as folder:
        if asked.documents:
            figures["submission"] = bench_depot.measure(asked.documents, Path(folder) / "sandbox")
        if asked.patients:
            figures["pages"] = bench_pages.measure(asked.patients, asked.requests, Path(folder) / "cabinet")
        if asked.matricules:
            figures["matricules"] = bench_matricule.measure(asked.matricules)
            figures["datamatrix"] = bench_datamatrix.measure(_SYMBOLS)
        if asked.reports:
            figures["documents"] = bench_documents.measure(asked.reports)
        if asked.records:
            figures["search"] = [bench_recherche.measure(asked.records, 100, e) for e in bench_recherche.ENGINES]
        if asked.imported:
            figures["imports"] = [bench_imports.measure(asked.imported, e) for e in bench_recherche.ENGINES]
        if asked.duplicates:
            figures["duplicates"] = bench_doublons.measure(asked.duplicates, 0, 1)
        if asked.crowd:
            figures["crowd"] = bench_population.measure(asked.crowd, 500)
    text = render(figures)
    print(json.dumps(figures, indent=2) if asked.json else text)
    if asked.write:
        write_section("bench", text)
    return 0


def render(figures: dict) -> str:
    """Markdown: the same text on the terminal and in the document."""
    parts = [f"{figures['conditions']}."]
    if found := figures.get("submission"):
        parts += [*_submission(found)]
    if found := figures.get("pages"):
        parts += [*_pages(found)]
    if "matricules" in figures:
        parts += [bench_matricule.render(figures["matricules"]), bench_datamatrix.render(figures["datamatrix"])]
    if found := figures.get("documents"):
        parts += [bench_documents.render(found)]
    parts += [bench_recherche.render(found) for found in figures.get("search", ())]
    parts += [bench_imports.render(found) for found in figures.get("imports", ())]
    if found := figures.get("duplicates"):
        parts += ["\n".join(f"- Duplicates, {line}" for line in bench_doublons.render(found))]
    if found := figures.get("crowd"):
        parts += [bench_population.render(found)]
    return "\n\n".join(parts) + "\n"


def _submission(found: dict) -> Iterator[str]:
    yield (
        f"**From PDF bytes to an accepted submission** ({found['documents']} documents of each kind, one client, "
        "the sandbox in the same process, mutual TLS)."
    )
    rows = [
        "| source | documents/s | client alone/s | PDF | signature | XML | service | floor/s | floor ÷ figure |",
        "| --- | --: | --: | --: | --: | --: | --: | --: | --: |",
    ]
    for kind in ("pdf ordinary", "pdf already PDF/A-1"):
        figure = found[kind]
        shares = " | ".join(f"{figure['share of time'][name]:.0%}" for name in _STAGES)
        rows.append(
            f"| {kind} | {figure['documents per second']} | {figure['client alone, documents per second']} "
            f"| {shares} | {figure['floor, bare POST per second']} | {figure['times the floor']} |"
        )
    yield "\n".join(rows)
    yield (
        "Floor: a bare POST of the same bytes to the same path, refused at once. Signature is the RSA operation "
        "alone; service is the network and the sandbox’s own checks."
    )


def _pages(found: dict) -> Iterator[str]:
    yield (
        f"**Pages with {found['patients']:,} patients** on SQLite, over HTTP, the journal’s line included "
        f"({found['requests of each']} requests of each, interleaved)."
    )
    rows = ["| page | p50 | p95 | ÷ floor |", "| --- | --: | --: | --: |"]
    for name, figure in found["pages"].items():
        rows.append(f"| {name} | {figure['p50 ms']} ms | {figure['p95 ms']} ms | {figure['times the floor']} |")
    yield "\n".join(rows)
    yield (
        f"Floor: the health page of the same server. The journal took {found['lines of the journal']} lines "
        "during the run; each record read left its own."
    )


def _arguments(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--documents", type=int, default=200, help="documents of each kind (0: none)")
    parser.add_argument("--patients", type=int, default=100_000, help="patients in the database (0: no pages)")
    parser.add_argument(
        "--records", type=int, default=0, help="records among which to search (a million: 30 minutes)"
    )
    parser.add_argument("--matricules", type=int, default=1_000_000, help="matricules in a column (0: none)")
    parser.add_argument("--reports", type=int, default=200, help="reports of biology built and checked (0: none)")
    parser.add_argument("--imported", type=int, default=0, help="lines to import")
    parser.add_argument("--duplicates", type=int, default=0, help="records among which to find duplicates")
    parser.add_argument("--crowd", type=int, default=0, help="people of the sandbox's crowd")
    parser.add_argument("--requests", type=int, default=400, help="requests of each page")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", action="store_true", help="date the result in docs/measures.md")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
