"""The sandbox with a crowd: how long it takes to make, and how fast INSi answers among a million people.

Usage: python tools/bench_population.py [--people 1000000] [--searches 500] [--json]

The floor, in the same run, is the same searches in a sandbox that has the shipped population alone. Both are asked in
this process, by the sandbox's own service, its checks included: the network is left out.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from cryptography import x509

from bench_measures import conditions
from opensegur.foundation.points import Lps, Profil
from opensegur.foundation.ports import HttpRequest, HttpResponse, SystemClock
from opensegur.ins import InsiClient, RequeteTraits, Sexe
from opensegur.sandbox.app import open_sandbox
from opensegur.sandbox.context import SandboxContext
from opensegur.sandbox.insi.traitement import ServiceInsi
from opensegur.sandbox.population.acteurs import CABINET
from opensegur.sandbox.population.foule.base import FICHIER, Foule
from opensegur.sandbox.population.foule.familles import BLOC, people_of
from opensegur.sandbox.population.personnes import OIDS, Personne
from opensegur.sandbox.psc.fournisseur import open_provider
from opensegur.sandbox.service import Call
from opensegur.sandbox.settings import SandboxSettings

_SEED = 20261127
_LPS = Lps("Mesure", "1.0", "1.2.3", "b3549edd-4ae9-472a-b26f-fd2fb4ef397f", "BAC-A-SABLE-0001")


class Direct:
    """A ``Transport`` straight to the service."""

    def __init__(self, context: SandboxContext) -> None:
        self._service = ServiceInsi(context, open_provider(context))
        self._context = context
        pair = context.pki.insi(CABINET.id_nat)
        self._certificate = x509.load_pem_x509_certificate(pair.certificat.read_bytes())

    def send(self, request: HttpRequest) -> HttpResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        moment = self._context.clock.now()
        reply = self._service.answer(Call("POST", "/lps", "", headers, request.body, moment, self._certificate, True))  # noqa: FBT003
        return HttpResponse(reply.status, {"content-type": reply.content_type}, reply.body)


def measure(people: int, searches: int) -> dict[str, object]:
    with tempfile.TemporaryDirectory(prefix="opensegur-foule-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        context = open_sandbox(SandboxSettings(folder))
        floor = _search(context, list(context.population.personnes), searches)
        start = time.perf_counter()
        made = Foule(folder / FICHIER, OIDS["test"]).fill(people, 1)
        seconds = time.perf_counter() - start
        return {
            "people": made,
            "seconds to make": round(seconds, 1),
            "megabytes": round((folder / FICHIER).stat().st_size / 1e6),
            "search": _search(context, _some(context, people), searches),
            "floor: the shipped population": floor,
        }


def _some(context: SandboxContext, people: int) -> list[Personne]:
    draw = random.Random(_SEED)
    blocks = draw.sample(range(people // BLOC), min(5, people // BLOC))
    asked = [each for block in blocks for each in draw.sample(people_of(1, block), 200)]
    found = (context.population.born(each.nom, each.naissance.isoformat()) for each in asked)
    return [person for persons in found for person in persons[:1]]


def _search(context: SandboxContext, people: list[Personne], searches: int) -> dict[str, float]:
    client = InsiClient(
        Direct(context), "https://localhost/lps", _LPS, CABINET.id_nat, SystemClock(), profil=Profil.BAC_A_SABLE
    )
    draw = random.Random(_SEED)
    times = []
    for person in draw.choices(people, k=searches):
        asked = RequeteTraits(person.nom_naissance, person.prenoms, Sexe(person.sexe), person.date_naissance)
        start = time.perf_counter()
        client.search_by_traits(asked)
        times.append((time.perf_counter() - start) * 1000)
    return {"p50 ms": round(statistics.median(times), 2), "p95 ms": round(statistics.quantiles(times, n=20)[-1], 2)}


def render(figures: dict) -> str:
    search, floor = figures["search"], figures["floor: the shipped population"]
    return (
        f"**A crowd of {figures['people']:,} people**: made in {figures['seconds to make']} s, "
        f"{figures['megabytes']} MB; INSi answers in p50 {search['p50 ms']} ms, p95 {search['p95 ms']} ms "
        f"(floor, 315 people: {floor['p50 ms']} and {floor['p95 ms']} ms)."
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--searches", type=int, default=500)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    figures = measure(asked.people, asked.searches)
    print(json.dumps(figures) if asked.json else "\n\n".join([conditions("lxml"), render(figures)]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
