"""A screen that is locked, and the people who share it.

A locked session opens nothing until its person proves who they are; its page stays as it was, drafts included. In
one browser several people may have a session: one is at work, the others wait, locked. The browser keeps their keys
in a signed cookie, which opens nothing more than they do.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from opensegur.cabinet.comptes import session as sessions
from opensegur.cabinet.comptes.models import Compte
from opensegur.psc import DUREE_MAX

COMPTOIR = "opensegur_comptoir"
PLACES = 9
# nobody touches the keyboard or the mouse
VERROU_APRES = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody whose session waits in this browser. ``reference`` names it without being its key."""

    reference: str
    compte: Compte
    session: SessionStore

    @property
    def page(self) -> str:
        """Where the person was."""
        return str(self.session.get(sessions.VERROU_PAGE, ""))


def lock(session: SessionBase, page: str = "") -> None:
    """``page``: where to come back, when it is one of ours."""
    session[sessions.VERROU] = True
    if url_has_allowed_host_and_scheme(page, allowed_hosts=None) and page.startswith("/"):
        session[sessions.VERROU_PAGE] = page


def unlock(session: SessionBase) -> str:
    """The page to come back to. The session goes on under another key: the former opens nothing any more."""
    session.cycle_key()
    session[sessions.VERROU] = False
    sessions.touch(session, timezone.now())
    return str(session.pop(sessions.VERROU_PAGE, "")) or reverse("accueil:jour")


def is_locked(session: SessionBase) -> bool:
    return bool(session.get(sessions.VERROU))


def holder_of(session: SessionBase) -> Compte | None:
    """Whose locked session this is."""
    return _person(session) if is_locked(session) else None


def reference_of(compte: Compte) -> str:
    """What a page says whose it is with."""
    return hashlib.sha256(f"{settings.SECRET_KEY}{compte.pk}".encode()).hexdigest()[:16]


def waiting(request: HttpRequest) -> list[Place]:
    """Those whose session waits here, without the one at work, the first that came in first."""
    found = []
    now = timezone.now()
    for key in _keys(request):
        session = SessionStore(session_key=key)
        compte = _person(session)
        if key == request.session.session_key or compte is None or sessions.expired(session, now):
            continue
        found.append(Place(hashlib.sha256(key.encode()).hexdigest()[:16], compte, session))
    return found


def join(request: HttpRequest, response: HttpResponse) -> None:
    """The session at work takes its place among those of this browser."""
    keys = [place.session.session_key for place in waiting(request)] + [request.session.session_key]
    response.set_cookie(
        cookie_name(COMPTOIR),
        signing.dumps(keys[-PLACES:], salt=COMPTOIR),
        max_age=int(DUREE_MAX.total_seconds()),
        path=reverse("comptes:compte"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def cookie_name(name: str) -> str:
    """Of a cookie that belongs to some pages only."""
    return f"{settings.OPENSEGUR_COOKIES}{name}"


def step_aside(request: HttpRequest) -> None:
    """Whoever comes in over a locked screen does not take the session that waits there."""
    if is_locked(request.session):
        request.session.save()
        request.session = SessionStore()


def _person(session: SessionBase) -> Compte | None:
    known = session.get("_auth_user_id")
    return Compte.objects.filter(pk=str(known), is_active=True).first() if known else None


def _keys(request: HttpRequest) -> list[str]:
    try:
        return list(signing.loads(request.COOKIES.get(cookie_name(COMPTOIR), ""), salt=COMPTOIR, max_age=DUREE_MAX))
    except signing.BadSignature:
        return []
