"""The sessions that a person has open, wherever they are, and how to end one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.contrib.sessions.models import Session
from django.utils import timezone

from opensegur.cabinet.comptes import session as sessions
from opensegur.cabinet.comptes.models import Compte
from opensegur.foundation.errors import InvalidValue


@dataclass(frozen=True, slots=True)
class Ouverte:
    """``reference`` names it without being its key; ``ici``: the one that asks."""

    reference: str
    debut: datetime
    vue: datetime
    poste: str
    moyen: str
    ici: bool


def open_sessions(compte: Compte, key: str | None) -> list[Ouverte]:
    """The latest seen first; ``key``: that of the session that asks."""
    found = [
        Ouverte(
            _reference(row.session_key),
            *sessions.limits_of(data),
            poste=sessions.machine_of(data),
            moyen=sessions.means_of(data),
            ici=row.session_key == key,
        )
        for row, data in _rows(compte)
    ]
    return sorted(found, key=lambda each: each.vue, reverse=True)


def end(compte: Compte, reference: str) -> None:
    """Whoever uses it has to log in again. Raises ``InvalidValue`` (SESSION_INCONNUE)."""
    for row, _ in _rows(compte):
        if _reference(row.session_key) == reference:
            row.delete()
            return
    raise InvalidValue("SESSION_INCONNUE", "Cette session est déjà fermée.", conseil="Rechargez la page.")


def end_in(compte: Compte, rattachement: int) -> None:
    """Every session at work in this place: whoever uses one is out at their next request."""
    for row, data in _rows(compte):
        if sessions.place_of(data) == rattachement:
            row.delete()


def _rows(compte: Compte) -> list[tuple[Session, dict[str, object]]]:
    now = timezone.now()
    rows = Session.objects.filter(expire_date__gt=now).order_by("session_key")
    decoded = ((row, row.get_decoded()) for row in rows)
    mine = ((row, data) for row, data in decoded if data.get("_auth_user_id") == str(compte.pk))
    return [(row, data) for row, data in mine if not sessions.expired(data, now)]


def _reference(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:16]
