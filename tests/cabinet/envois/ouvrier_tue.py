"""A worker in a process of its own that stops dead at one named step, so that the test can kill it there.

Usage: ouvrier_tue.py STEP REGISTRY. Prints ``pret`` when it stands at STEP; with STEP ``aucun`` it works to the end.
The registry is a folder that stands for the national service: one file per identifier, as the DMP would refuse a
second document with the same identifier.
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

from opensegur.cabinet.envois import expediteurs, moteur  # noqa: E402
from opensegur.cabinet.envois.models import Envoi  # noqa: E402
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


class ServiceDeTest:
    def envoyer(self, envoi: Envoi) -> expediteurs.Reussite:
        _stop_at("avant_envoi")
        target = _REGISTRY / envoi.identifiants["document"]
        try:
            with target.open("xb") as stream:
                stream.write(bytes(envoi.contenu))
        except FileExistsError:
            return expediteurs.Reussite(deja_present=True)
        _stop_at("apres_envoi")
        return expediteurs.Reussite()


def main() -> None:
    if _STEP != "aucun":
        moteur.BAIL = timedelta(0)  # the next worker takes over at once, as it would after the real lease
    expediteurs.register("dmp", "depot", ServiceDeTest)
    moteur.claim = _with_stop(moteur.claim, "avant_reclamation", "apres_reclamation")
    moteur._open_attempt = _with_stop(moteur._open_attempt, "avant_tentative", "apres_tentative")
    moteur._close = _with_stop(moteur._close, "avant_cloture", "apres_cloture")
    moteur.record = _with_stop(moteur.record, "avant_journal", "apres_journal")
    Ouvrier().run_due()


if __name__ == "__main__":
    main()
