"""Headers of every answer, and errors told in French."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render

from opensegur.cabinet.postes.agent import ORIGINES
from opensegur.foundation.errors import ConfigurationError, OpenSegurError, TransportError

_log = logging.getLogger(__name__)

# Nothing inline, nothing from elsewhere; a page may also ask the agent of its own workstation.
_CSP = (
    "default-src 'none'; "
    "script-src 'self'; "
    "style-src 'self'; "
    "img-src 'self' data:; "
    "font-src 'self'; "
    f"connect-src 'self' {' '.join(ORIGINES)}; "
    "frame-src 'self'; "
    "form-action 'self'; "
    "frame-ancestors 'none'; "
    "object-src 'none'; "
    "base-uri 'none'"
)
_PERMISSIONS = "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"
_METHODES = ("GET", "HEAD", "POST")


class EnTetes:
    """The content security policy; pages with people's data are kept by no cache; no method but those of forms."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = request.method in _METHODES
        response = self._get_response(request) if known else HttpResponseNotAllowed(_METHODES)
        response.headers.setdefault("Content-Security-Policy", _CSP)
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS)
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class ErreursEnFrancais:
    """An ``OpenSegurError`` that a view lets through becomes a page: what happened, what to do, the code."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: Any, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, OpenSegurError):
            return None
        _log.warning("%s %s", exception.code, type(exception).__name__)
        template = "cabinet/erreur_fragment.html" if request.htmx else "cabinet/erreur.html"
        return render(request, template, {"erreur": exception}, status=_status(exception))


def _status(error: OpenSegurError) -> int:
    if isinstance(error, TransportError):
        return 502
    return 503 if isinstance(error, ConfigurationError) else 400
