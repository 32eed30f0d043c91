"""Who is asking, and for how long a session lives."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import UpdateError
from django.http import HttpResponse
from django.utils import timezone

from opensegur.cabinet.comptes import session as sessions
from opensegur.cabinet.comptes import verrou
from opensegur.cabinet.journal.port import record


class Limites:
    """Ends a session after four hours or thirty idle minutes; otherwise sets ``request.qui``."""

    def __init__(self, get_response: Callable[[Any], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.qui = None
        if verrou.is_locked(request.session):
            # to the pages of a locked screen, nobody is there
            request.user = AnonymousUser()
        if request.user.is_authenticated:
            now = timezone.now()
            if sessions.expired(request.session, now):
                self._end(request)
            else:
                self._touch(request, now)
                request.qui = sessions.qui_of(request.user, request.session)
        return self._get_response(request)

    @staticmethod
    def _touch(request: Any, now: datetime) -> None:
        """Written at once: at the end of the request it would undo what another tab did meanwhile, such as a lock."""
        if sessions.touch(request.session, now):
            # deleted in this very instant: its next request says so
            with suppress(UpdateError):
                request.session.save()
            request.session.modified = False

    @staticmethod
    def _end(request: Any) -> None:
        qui = sessions.qui_of(request.user, request.session)
        record(
            "deconnexion",
            structure_id=qui.structure.pk if qui else "",
            acteur=request.user.acteur,
            motif="limite de session",
        )
        logout(request)
        messages.info(request, "Votre session s’est fermée (30 minutes sans activité, ou 4 heures au plus).")
