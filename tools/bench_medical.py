"""How long a person waits at the medical record: its page, the suggestions, the VSM.

    python tools/bench_medical.py [--requests 40]

The demonstration is served as in a practice and read over HTTP by one browser; a record holds forty lines. The
floor, in the same run, is the health page.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import urllib3

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_LINES = 20
_WARM_UP = 3


class Navigateur:
    """One browser, logged in as the doctor of the demonstration."""

    def __init__(self, pool: urllib3.PoolManager, address: str, password: str) -> None:
        self._pool, self._address, self._cookies = pool, address, {}
        self.post("/compte/connexion/", {"identifiant": "claire.marchand", "mot_de_passe": password})

    def get(self, path: str) -> str:
        return self._ask("GET", path)

    def post(self, path: str, data: dict[str, str | list[str]], page: str = "") -> str:
        token = _TOKEN.search(self.get(page or "/aide/")) or _TOKEN.search(self.get("/compte/connexion/"))
        assert token
        return self._ask("POST", path, urlencode({**data, "csrfmiddlewaretoken": token[1]}, doseq=True))

    def send(self, path: str, body: str) -> str:
        return self._ask("POST", path, body)

    def body(self, data: dict[str, str | list[str]], page: str) -> str:
        token = _TOKEN.search(self.get(page))
        assert token
        return urlencode({**data, "csrfmiddlewaretoken": token[1]}, doseq=True)

    def _ask(self, method: str, path: str, body: str = "") -> str:
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
            "Origin": self._address,
            "Referer": self._address + path,
        }
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        answer = self._pool.request(method, self._address + path, body=body or None, headers=headers, redirect=False)
        assert answer.status in {200, 302}, (answer.status, path)
        for line in answer.headers.getlist("Set-Cookie"):
            name, _, value = line.partition(";")[0].partition("=")
            self._cookies[name] = value
        return answer.data.decode()


def main(requests: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        from opensegur.cabinet.serveur import CabinetServer  # noqa: PLC0415 - Django is set up after the folder is known

        server = CabinetServer(port=0)
        os.environ["OPENSEGUR_CABINET_ADRESSE"] = server.adresse
        from opensegur.cabinet import installation  # noqa: PLC0415

        installation.prepare(Path(folder))
        from opensegur.cabinet import demo  # noqa: PLC0415
        from opensegur.cabinet.patients.models import Patient  # noqa: PLC0415

        demo.load()
        patient = Patient.objects.get(structure__secteur="SA07", ipp=1)
        with server, urllib3.PoolManager() as pool:
            _measure(Navigateur(pool, server.adresse, demo.MOT_DE_PASSE), str(patient.pk), requests)


def _measure(browser: Navigateur, patient: str, requests: int) -> None:
    medical = f"/patients/{patient}/medical"
    for rank in range(_LINES):
        browser.post(f"{medical}/noter/problemes/", {"diagnostic": f"Maladie {rank}"})
        browser.post(f"{medical}/noter/traitements/", {"produit": f"PRODUIT {rank}", "posologie": "1 le matin"})
    preview = f"{medical}/synthese/"
    kept = re.findall(r'name="retenu" value="([^"]+)"', browser.get(preview))
    asked = {
        name: browser.body({"texte": text}, preview)
        for name, text in (("problemes", "hypert art"), ("medicaments", "amlod biog 5"))
    }
    vsm = browser.body({"retenu": kept, "geste": "garder"}, preview)
    cases: tuple[tuple[str, Callable[[], str]], ...] = (
        ("health (floor)", lambda: browser.get("/sante/")),
        ("medical record, 40 lines", lambda: browser.get(f"{medical}/")),
        ("suggestions, problem", lambda: browser.send("/suggestions/problemes/", asked["problemes"])),
        ("suggestions, medicine", lambda: browser.send("/suggestions/medicaments/", asked["medicaments"])),
        ("VSM, preview", lambda: browser.get(preview)),
        ("VSM, written with its PDF", lambda: browser.send(preview, vsm)),
    )
    taken: dict[str, list[float]] = {name: [] for name, _ in cases}
    # interleaved: what slows the machine for a while slows every case
    for turn in range(_WARM_UP + requests):
        for name, call in cases:
            start = time.perf_counter()
            call()
            if turn >= _WARM_UP:
                taken[name].append(1000 * (time.perf_counter() - start))
    floor = statistics.median(taken["health (floor)"])
    for name, values in taken.items():
        values.sort()
        half, most = statistics.median(values), values[int(0.95 * len(values)) - 1]
        print(f"{name:28} p50 {half:6.1f} ms  p95 {most:6.1f} ms  {half / floor:5.1f} × floor")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=40)
    main(parser.parse_args().requests)
