"""Looking at the readers now and then, so that one that loses its card is known before somebody needs it."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping

from opensegur.foundation.errors import OpenSegurError
from opensegur.poste.capacites import FENETRE, Vue
from opensegur.poste.materiel import LecteurVu, Materiel

_TOUR = 2.0
_GARDEES = int(FENETRE / _TOUR) + 1


class Veille:
    """``look`` now; ``start`` looks by itself. A reader that goes is remembered as one without its card."""

    def __init__(self, materiel: Materiel, now: Callable[[], float] = time.monotonic) -> None:
        self._materiel = materiel
        self._now = now
        self._vues: dict[str, deque[Vue]] = {}
        self._lock = threading.Lock()
        self._fin = threading.Event()

    def look(self) -> tuple[tuple[LecteurVu, ...] | None, OpenSegurError | None]:
        """The readers; or ``None``, and why they cannot be asked."""
        try:
            readers = self._materiel.readers()
        except OpenSegurError as error:
            return None, error
        moment, present = self._now(), {each.nom: each.carte for each in readers}
        with self._lock:
            for name in {*present, *self._vues}:
                kept = self._vues.setdefault(name, deque(maxlen=_GARDEES))
                kept.append(Vue(moment, present.get(name, False)))
            for name in [name for name, kept in self._vues.items() if name not in present and self._is_old(kept)]:
                del self._vues[name]
        return readers, None

    def seen(self) -> Mapping[str, tuple[Vue, ...]]:
        with self._lock:
            return {name: tuple(kept) for name, kept in self._vues.items()}

    def start(self) -> None:
        threading.Thread(target=self._run, name="lecteurs", daemon=True).start()

    def stop(self) -> None:
        self._fin.set()

    def _run(self) -> None:
        while not self._fin.wait(_TOUR):
            self.look()

    def _is_old(self, kept: deque[Vue]) -> bool:
        return not any(each.carte and each.moment > self._now() - FENETRE for each in kept)
