"""The worker: a thread of the application on a small installation, a process of its own on a large one."""

from __future__ import annotations

import logging
import os
import platform
import threading
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import DatabaseError, close_old_connections, transaction
from django.utils import timezone

from opensegur.cabinet.envois import moteur
from opensegur.cabinet.envois.models import OuvrierVu
from opensegur.cabinet.journal.chaine import seal_pending

_log = logging.getLogger(__name__)

_REVEIL = threading.Event()
_TACHES: list[Callable[[], int]] = []
PERIODE = 1.0
SIGNE, OUBLI = timedelta(seconds=30), timedelta(days=1)


def add_task(tache: Callable[[], int]) -> None:
    """Something else to look at on each round: short, and it gives how much it did."""
    if tache not in _TACHES:
        _TACHES.append(tache)


def wake_on_commit() -> None:
    """Call inside the transaction that wrote a delivery: a worker of this process starts at once on commit."""
    transaction.on_commit(_REVEIL.set)


class Ouvrier:
    """Makes the attempts that are due, one after the other, until it is asked to stop.

    Other processes' deliveries are found by looking every ``periode`` seconds.
    """

    def __init__(self, *, periode: float = PERIODE) -> None:
        self.nom = f"{platform.node()}:{os.getpid()}:{uuid.uuid4().hex[:6]}"
        self._periode = periode
        self._arret = threading.Event()
        self._fil: threading.Thread | None = None
        self._vu: datetime | None = None

    def start(self) -> None:
        self._fil = threading.Thread(target=self.run, name="envois", daemon=True)
        self._fil.start()

    def stop(self, *, attente: float = 40.0) -> None:
        """Let the attempt under way end, then stop."""
        self._arret.set()
        _REVEIL.set()
        if self._fil:
            self._fil.join(attente)

    def run(self) -> None:
        while not self._arret.is_set():
            _REVEIL.clear()
            if not self.run_due():
                _REVEIL.wait(self._periode)

    def _show_up(self) -> None:
        """Say that it is at work, and forget those who have not for a day."""
        now = timezone.now()
        if self._vu is not None and now - self._vu < SIGNE:
            return
        self._vu = now
        if not OuvrierVu.objects.filter(nom=self.nom).update(vu_le=now):
            OuvrierVu.objects.create(nom=self.nom, depuis=now, vu_le=now)
        OuvrierVu.objects.filter(vu_le__lt=now - OUBLI).delete()

    def run_due(self) -> int:
        """Make every attempt that is due now and seal the journal; give how many were made."""
        made = 0
        close_old_connections()
        try:
            self._show_up()
            while not self._arret.is_set() and (taken := moteur.claim(self.nom)):
                for pk in taken:
                    moteur.run_one(pk, self.nom)
                    made += 1
            for tache in _TACHES:
                made += tache()
            seal_pending()
        except DatabaseError:
            # a busy or restarting database: what is due is still in its row, and is tried again next round
            _log.warning("the database did not answer the worker", exc_info=True)
        finally:
            close_old_connections()
        return made
