"""The searches that were asked for, made one after the other beside the deliveries, which do not wait for them."""

from __future__ import annotations

import logging
import threading

from django.db import DatabaseError, close_old_connections

from opensegur.cabinet.doublons.base_entiere import claim, run

_log = logging.getLogger(__name__)
_FIL: list[threading.Thread] = []


def start_due() -> int:
    """Begin the next search in a thread of its own, unless this process is making one."""
    if any(fil.is_alive() for fil in _FIL):
        return 0
    _FIL.clear()
    if (recherche := claim()) is None:
        return 0

    def work() -> None:
        try:
            run(recherche)
        except DatabaseError:
            # its row still says that it is under way: it is taken up again when it has been silent for long enough
            _log.warning("the database did not answer search %s", recherche.pk, exc_info=True)
        finally:
            close_old_connections()

    _FIL.append(threading.Thread(target=work, name="doublons", daemon=True))
    _FIL[0].start()
    return 1
