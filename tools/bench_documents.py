"""Structured documents built and checked, files made PDF/A-1: each beside a floor or a peer in the same run."""

from __future__ import annotations

import io
import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pikepdf
from fpdf import FPDF
from lxml import etree

from opensegur.cda.officiel import ENVIRONMENT
from opensegur.cda.pdf import to_pdfa
from opensegur.cda.validation import validate_document, validate_official

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from cda.n3.documents import BY_NAME, contents

_ROUNDS = 5
_CHECKED = 10
_PAGES = 40
_LINES = 45


def measure(reports: int) -> dict[str, dict[str, float]]:
    """``reports``: how many reports of biology, drawn at random, are built and checked."""
    built, documents = _build(reports)
    figures = {"build": built, "pdf": _pdf()}
    tree = os.environ.get(ENVIRONMENT)
    if tree:
        figures["check"] = _check(documents[:: max(1, reports // _CHECKED)], Path(tree))
    return figures


def _build(reports: int) -> tuple[dict[str, float], list[bytes]]:
    """The figures, and the documents."""
    volet = BY_NAME["biologie"]
    drawn = contents(volet, reports)
    documents = [volet.build(volet.entete, content) for content in drawn]
    ours, floor = _in_turn(
        lambda: [volet.build(volet.entete, content) for content in drawn],
        lambda: [etree.tostring(etree.fromstring(document), encoding="UTF-8") for document in documents],
    )
    figures = {
        "documents": len(documents),
        "mean size, KB": round(statistics.mean(map(len, documents)) / 1024),
        "per second": round(len(documents) / ours),
        "floor, per second": round(len(documents) / floor),
        "times the floor": round(ours / floor, 1),
    }
    return figures, documents


def _check(documents: Sequence[bytes], tree: Path) -> dict[str, float]:
    validate_official(documents[0], tree)  # the official ones are compiled once, then kept warm
    ours, official = _in_turn(
        lambda: [validate_document(document) for document in documents],
        lambda: [validate_official(document, tree) for document in documents],
    )
    return {
        "documents": len(documents),
        "ms each": round(ours / len(documents) * 1000, 1),
        "official, warm, ms each": round(official / len(documents) * 1000),
        "times faster": round(official / ours),
    }


def _pdf() -> dict[str, float]:
    source = _report_of_pages()
    ours, floor = _in_turn(lambda: to_pdfa(source), lambda: _rewritten(source))
    return {
        "pages": _PAGES,
        "pages per second": round(_PAGES / ours),
        "floor, pages per second": round(_PAGES / floor),
        "times the floor": round(ours / floor, 1),
    }


def _rewritten(source: bytes) -> bytes:
    """The floor: the same PDF opened and written again, its streams compressed."""
    with pikepdf.open(io.BytesIO(source)) as pdf, io.BytesIO() as out:
        pdf.save(out, compress_streams=True, recompress_flate=True)
        return out.getvalue()


def _report_of_pages() -> bytes:
    """Pages of text in a standard font, which is not embedded: an ordinary export of a medical software."""
    pdf = FPDF()
    pdf.set_font("Helvetica", size=11)
    for page in range(_PAGES):
        pdf.add_page()
        for line in range(_LINES):
            words = f"Page {page + 1}, ligne {line + 1} : examen clinique sans particularité, TA 12/8."
            pdf.cell(0, 6, words, new_x="LMARGIN", new_y="NEXT")
    return bytes(pdf.output())


def _in_turn(ours: Callable[[], object], other: Callable[[], object]) -> tuple[float, float]:
    """The best time of each, in seconds, over rounds where each has its turn."""
    best = [float("inf"), float("inf")]
    for _ in range(_ROUNDS):
        for rank, job in enumerate((ours, other)):
            start = time.perf_counter()
            job()
            best[rank] = min(best[rank], time.perf_counter() - start)
    return best[0], best[1]


def render(found: dict[str, dict[str, float]]) -> str:
    build, pdf, check = found["build"], found["pdf"], found.get("check")
    said = f"{build['documents']} reports, {build['mean size, KB']} KB on average"
    lines = [
        (
            f"- CR-BIO from typed values to bytes ({said}): {build['per second']} a second on one core; reading and "
            f"writing the same bytes again with lxml, {build['floor, per second']}: {build['times the floor']} times "
            "the floor."
        ),
        (
            f"- PDF to PDF/A-1b ({pdf['pages']} pages of text, font not embedded): {pdf['pages per second']} pages a "
            f"second on one core; pikepdf opening and writing the same file, {pdf['floor, pages per second']}: "
            f"{pdf['times the floor']} times the floor."
        ),
    ]
    if check:
        lines.append(
            f"- Checking a CR-BIO: {check['ms each']} ms; the official Schematrons, warm, "
            f"{check['official, warm, ms each']} ms: {check['times faster']} times faster."
        )
    else:
        lines.append(f"- Checking: set {ENVIRONMENT} to compare with the official Schematrons.")
    return "**Documents**\n\n" + "\n".join(lines)


if __name__ == "__main__":
    print(render(measure(200)))
