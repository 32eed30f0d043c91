"""The datamatrix INS: written and read, beside ppf.datamatrix, on the same payloads in the same run."""

from __future__ import annotations

import time
from collections.abc import Callable

from ppf.datamatrix import DataMatrix

from opensegur.ins import OID_NIR, Matricule, Sexe
from opensegur.ins.datamatrix import ContenuIns, encode_content, parse_content
from opensegur.ins.datamatrix.images import read_pixels
from opensegur.ins.datamatrix.symbole import to_image, to_svg

_NAMES = ("ADRTROIS", "LE BIHAN--KERVELLA", "DA SILVA FERREIRA", "N'DIAYE", "HEBERT")
_ROUNDS = 5


def measure(count: int) -> dict[str, float]:
    """Milliseconds for one symbol, the best of several rounds taken in turn, and ratios to the peer."""
    payloads = [encode_content(_content(rank)) for rank in range(count)]
    pictures = [to_image(payload) for payload in payloads]
    jobs: dict[str, Callable[[int], object]] = {
        "encode to SVG": lambda rank: to_svg(payloads[rank]),
        "decode a clean symbol": lambda rank: parse_content(read_pixels(pictures[rank])[0].texte),
        "ppf.datamatrix encode": lambda rank: DataMatrix(payloads[rank]).svg(),
    }
    best = dict.fromkeys(jobs, float("inf"))
    for _ in range(_ROUNDS):
        for name, job in jobs.items():
            start = time.perf_counter()
            for rank in range(count):
                job(rank)
            best[name] = min(best[name], (time.perf_counter() - start) / count * 1000)
    peer = best["ppf.datamatrix encode"]
    return {
        **{f"{name}, ms": round(value, 3) for name, value in best.items()},
        "encode, times faster": round(peer / best["encode to SVG"], 1),
        "decode, times faster": round(peer / best["decode a clean symbol"], 1),
    }


def render(found: dict[str, float]) -> str:
    return (
        f"**Datamatrix INS**: encoding to SVG {found['encode to SVG, ms']} ms, decoding a clean symbol "
        f"{found['decode a clean symbol, ms']} ms, ppf.datamatrix encoding {found['ppf.datamatrix encode, ms']} ms "
        f"({found['encode, times faster']} and {found['decode, times faster']} times faster)."
    )


def _content(rank: int) -> ContenuIns:
    name = _NAMES[rank % len(_NAMES)]
    return ContenuIns(Matricule("297022A02077878", OID_NIR), name, "DOMINIQUE MARIE", Sexe.F, "1997-02-26", "2A020")
