"""Stopping a command that runs until it is told to: Ctrl+C, or the system's own way of ending a service."""

from __future__ import annotations

import signal
import threading

_SIGNAUX = ("SIGINT", "SIGTERM", "SIGBREAK")
_TOUR = 1.0


def when_asked_to_stop() -> threading.Event:
    """Set by whichever signal comes first."""
    stopped = threading.Event()
    for name in _SIGNAUX:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: stopped.set())
    return stopped


def wait_for(stopped: threading.Event) -> None:
    """Windows hears a signal only between two waits."""
    while not stopped.wait(_TOUR):
        continue
