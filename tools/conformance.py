"""The long judgments, by others than ourselves: official CDA checks, PDF/A validators, independent clients.

    OPENSEGUR_TESTCONTENU=FOLDER python tools/conformance.py [--write]

What is not on this machine is said to be absent, never passed. ``--write`` dates the results in ``docs/measures.md``.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import conformance_cda
import conformance_n3
from bench_measures import conditions, program_version, write_section
from opensegur.cda.officiel import ENVIRONMENT

_ROOT = Path(__file__).resolve().parent.parent
_SUITES = (
    ("PDF/A-1b: pikepdf.pdfa and PDFBox Preflight agree on every conversion", ("tests/cda/pdf/test_juges.py",)),
    ("zeep, xmlsec1, published schemas, official samples, the example", ("tests/independants",)),
    ("xmlsec1 on tokens, lots and enveloped signatures", ("tests/dmp", "tests/foundation", "-k", "xmlsec1")),
    ("MTOM with JAX-WS, both ways", ("tests/foundation/test_java.py",)),
)

_PER_VOLET = 300
_TERMINOLOGIES = {"LOINC": "2.16.840.1.113883.6.1", "SNOMED CT": "2.16.840.1.113883.6.96"}


@dataclass(frozen=True, slots=True)
class Jugement:
    """One judge's verdict: ``judged`` cases, some ``refused``; ``absent`` ones wanted a judge that is not here."""

    name: str
    judged: int
    refused: int
    absent: int = 0
    note: str = ""

    @property
    def row(self) -> str:
        verdict = "absent" if not self.judged else "all accepted" if not self.refused else f"{self.refused} refused"
        return f"| {self.name} | {self.judged} | {verdict} | {self.absent or ''} | {self.note} |"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="date the results in docs/measures.md")
    asked = parser.parse_args(arguments)
    verdicts = []
    for verdict in judge_all():
        verdicts.append(verdict)
        print(verdict.row, flush=True)
    if asked.write:
        write_section("conformance", render(verdicts))
    return 1 if any(verdict.refused for verdict in verdicts) else 0


def judge_all() -> Iterator[Jugement]:
    yield official_cda()
    yield from official_n3()
    for name, arguments in _SUITES:
        yield suite(name, arguments)


def official_cda() -> Jugement:
    """Our N1 documents by the schema and the Schematrons of the ANS."""
    name = "N1 documents: schema and Schematrons of the ANS (TestContenuCDA), then our own rules"
    tree = os.environ.get(ENVIRONMENT, "")
    if not tree:
        return Jugement(name, 0, 0, note=f"set {ENVIRONMENT}")
    results = [conformance_cda.judge(title, document, Path(tree)) for title, document in conformance_cda.documents()]
    for result in results:
        for finding in (*result.findings, *result.ours):
            print(f"    {result.name}: {finding.message} [{finding.rule}]", file=sys.stderr)
    return Jugement(
        name, len(results), sum(bool(result.failed) for result in results), note=_terminologies(Path(tree))
    )


def official_n3() -> Iterator[Jugement]:
    """Structured documents drawn at random, volet by volet, by the official chain and by our own rules."""
    tree = os.environ.get(ENVIRONMENT, "")
    if not tree:
        yield Jugement("N3 documents drawn at random", 0, 0, note=f"set {ENVIRONMENT}")
        return
    for bilan in conformance_n3.judge(Path(tree), _PER_VOLET):
        for message, times in bilan.findings.items():
            print(f"    {bilan.volet}: {times} × {message}", file=sys.stderr)
        yield Jugement(f"N3, {bilan.volet}: documents drawn at random, official chain", bilan.documents, bilan.failed)


def _terminologies(tree: Path) -> str:
    """Codes are only looked up in the terminologies that the tree holds: what it lacks has judged nothing."""
    folder = tree / "schematrons/profils/terminologies/terminologie"
    held = {path.stem for path in folder.glob("*.rdf")}
    lacking = [name for name, oid in _TERMINOLOGIES.items() if oid not in held]
    return f"{len(held)} terminologies" + (f", without {', '.join(lacking)}" if lacking else "")


def suite(name: str, arguments: tuple[str, ...]) -> Jugement:
    """Those of our tests in which somebody else's program is the judge."""
    with tempfile.TemporaryDirectory(prefix="opensegur-conformance-") as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", *arguments]
        done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
        if not report.is_file():
            print(done.stdout[-2000:], done.stderr[-2000:], file=sys.stderr)
            return Jugement(name, 1, 1, note="the suite did not run")
        cases = Counter(_outcome(case) for case in ET.parse(report).iter("testcase"))
    if cases["refused"]:
        print(done.stdout[-4000:], file=sys.stderr)
    return Jugement(name, cases["accepted"] + cases["refused"], cases["refused"], cases["absent"])


def _outcome(case: ET.Element) -> str:
    kinds = {child.tag for child in case}
    if kinds & {"failure", "error"}:
        return "refused"
    return "absent" if "skipped" in kinds else "accepted"


def render(verdicts: list[Jugement]) -> str:
    programs = f"xmlsec1 {program_version('xmlsec1', '--version')}, Java {program_version('java', '-version')}"
    rows = (
        "| judge | cases | verdict | without their judge | note |",
        "| --- | --: | --- | --: | --- |",
        *(verdict.row for verdict in verdicts),
    )
    return f"{conditions('lxml', 'saxonche', 'zeep', 'pikepdf')}, {programs}.\n\n" + "\n".join(rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
