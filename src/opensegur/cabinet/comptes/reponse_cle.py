"""What a page's script brings back from a device with passkeys."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest

from opensegur.foundation.errors import InvalidValue

_REPONSE_MAX = 20_000


def read_answer(request: HttpRequest) -> dict[str, Any]:
    """The field ``reponse``. Raises ``InvalidValue`` (CLE_REPONSE)."""
    told = request.POST.get("reponse", "")
    try:
        read = json.loads(told) if len(told) <= _REPONSE_MAX else None
    except (ValueError, RecursionError):
        read = None
    if not isinstance(read, dict):
        raise InvalidValue("CLE_REPONSE", "La clé d’accès n’a pas répondu.", conseil="Recommencez.")
    return read
