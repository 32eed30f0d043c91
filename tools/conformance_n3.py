"""Judge structured documents drawn at random by the official checks of the ANS.

    python tools/conformance_n3.py FOLDER [--count 300] [--volet NAME]      (or OPENSEGUR_TESTCONTENU=FOLDER)

FOLDER is a copy of the ANS tree TestContenuCDA. For each volet: how many documents, how many with a finding of the
official chain or of our own rules, and each distinct finding once. Exits 1 when there is one, 2 without the tree.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from opensegur.cda.officiel import ENVIRONMENT
from opensegur.cda.validation import validate_document, validate_official

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from cda.n3.documents import VOLETS, draw


@dataclass(frozen=True)
class Bilan:
    """``findings``: each distinct message and in how many documents; ``failed``: documents with one."""

    volet: str
    documents: int
    failed: int
    findings: Counter[str]


def messages(document: bytes, tree: Path) -> list[str]:
    official = [f"{finding.message} [{finding.source}]" for finding in validate_official(document, tree).findings]
    ours = [f"{finding.message} [{finding.rule}]" for finding in validate_document(document).findings]
    return sorted({*official, *ours})


def judge(tree: Path, count: int, only: str = "") -> Iterator[Bilan]:
    """One volet after the other, on every processor."""
    with ProcessPoolExecutor() as pool:
        for volet in VOLETS:
            if only and only not in volet.name:
                continue
            documents = draw(volet, count)
            found = list(pool.map(partial(messages, tree=tree), documents, chunksize=10))
            yield Bilan(
                volet.name,
                len(documents),
                sum(map(bool, found)),
                Counter(each for several in found for each in several),
            )


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", nargs="?", default=os.environ.get(ENVIRONMENT, ""))
    arguments.add_argument("--count", type=int, default=300)
    arguments.add_argument("--volet", default="")
    options = arguments.parse_args()
    if not options.folder or not Path(options.folder).is_dir():
        print(f"The ANS tree is missing: give its folder, or set {ENVIRONMENT}.", file=sys.stderr)
        return 2
    failed = 0
    for bilan in judge(Path(options.folder), options.count, options.volet):
        failed += bilan.failed
        print(f"{bilan.volet}: {bilan.documents} documents, {bilan.failed} with findings", flush=True)
        for message, times in bilan.findings.most_common():
            print(f"  {times:4d}  {message}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
