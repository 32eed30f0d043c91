"""What has had its time, deleted once a day by the application's worker."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone

from opensegur.cabinet.comptes.models import AppelTelephone, PosteConnu
from opensegur.cabinet.equipe.models import Invitation
from opensegur.cabinet.guichet.models import Lecture
from opensegur.cabinet.patients.copies import forget_old_copies

POSTE, APPEL, INVITATION = timedelta(days=180), timedelta(days=1), timedelta(days=30)
_LAST: list[date] = []


def forget_daily() -> int:
    """Give how many things were deleted: nothing is looked at more than once a day in a process."""
    today = timezone.localdate()
    if [today] == _LAST:
        return 0
    _LAST[:] = [today]
    return sum(forget(timezone.now()).values())


def forget(now: datetime) -> dict[str, int]:
    """Delete what every rule of the kind ``SEUL`` ends; give how many of each."""
    return {name: each(now) for name, each in _MENAGES.items()}


def _sessions(now: datetime) -> int:
    return Session.objects.filter(expire_date__lt=now).delete()[0]


def _machines(now: datetime) -> int:
    return PosteConnu.objects.filter(vu_le__lt=now - POSTE).delete()[0]


def _calls(now: datetime) -> int:
    return AppelTelephone.objects.filter(le__lt=now - APPEL).delete()[0]


def _invitations(now: datetime) -> int:
    return Invitation.objects.filter(expire_le__lt=now - INVITATION).delete()[0]


_MENAGES: dict[str, Callable[[datetime], int]] = {
    "Copie d’une pièce d’identité": forget_old_copies,
    "Lecture de carte ou de code au guichet": Lecture.forget,
    "Session": _sessions,
    "Navigateur reconnu d’une personne": _machines,
    "Demande envoyée à un téléphone": _calls,
    "Code d’ouverture de compte, servi ou passé": _invitations,
}
