"""A worker in a process of its own that stops dead at one named step, so that the test can kill it there.

Usage: ouvrier_tue.py STEP REGISTRY. Prints ``pret`` when it stands at STEP; with STEP ``aucun`` it works to the end.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

django.setup()

from service_de_test import ServiceDeTest  # noqa: E402

from opensegur.cabinet.envois import expediteurs, moteur  # noqa: E402
from opensegur.cabinet.envois.ouvrier import Ouvrier  # noqa: E402

_STEP, _REGISTRY = sys.argv[1], Path(sys.argv[2])


def _stop_at(step: str) -> None:
    if step == _STEP:
        print("pret", flush=True)
        threading.Event().wait()


def _with_stop(function: Callable[..., Any], before: str, after: str) -> Callable[..., Any]:
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        _stop_at(before)
        result = function(*args, **kwargs)
        _stop_at(after)
        return result

    return wrapped


def main() -> None:
    if _STEP != "aucun":
        moteur.BAIL = timedelta(0)  # the next worker takes over at once, as it would after the real lease
    expediteurs.register("dmp", "depot", lambda: ServiceDeTest(_REGISTRY, _stop_at))
    moteur.claim = _with_stop(moteur.claim, "avant_reclamation", "apres_reclamation")
    moteur._open_attempt = _with_stop(moteur._open_attempt, "avant_tentative", "apres_tentative")
    moteur._close = _with_stop(moteur._close, "avant_cloture", "apres_cloture")
    moteur.record = _with_stop(moteur.record, "avant_journal", "apres_journal")
    Ouvrier().run_due()


if __name__ == "__main__":
    main()
