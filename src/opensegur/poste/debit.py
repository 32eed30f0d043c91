"""How many requests a while: a page that runs wild must not spoil a card, nor a guesser go on."""

from __future__ import annotations

import threading
from collections import deque


class Debit:
    """At most ``combien`` in ``duree`` seconds."""

    def __init__(self, combien: int, duree: float) -> None:
        self._combien = combien
        self._duree = duree
        self._moments: deque[float] = deque()
        self._lock = threading.Lock()

    def spend(self, now: float) -> bool:
        """Count one, unless there are too many already."""
        with self._lock:
            if self._is_full(now):
                return False
            self._moments.append(now)
            return True

    def is_full(self, now: float) -> bool:
        with self._lock:
            return self._is_full(now)

    def _is_full(self, now: float) -> bool:
        while self._moments and self._moments[0] <= now - self._duree:
            self._moments.popleft()
        return len(self._moments) >= self._combien
