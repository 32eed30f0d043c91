"""How long a session may live. Pure rules.

Sources: CI-SIS, couche transport API REST (tokens of 2 minutes and 30 minutes); PSC session of 4 hours at most.
"""

from __future__ import annotations

from datetime import datetime, timedelta

DUREE_MAX = timedelta(hours=4)
INACTIVITE_MAX = timedelta(minutes=30)


def session_is_over(authenticated_at: datetime, last_seen: datetime, now: datetime) -> bool:
    """Four hours since the identification, or thirty minutes without anybody."""
    return now - authenticated_at >= DUREE_MAX or now - last_seen >= INACTIVITE_MAX
