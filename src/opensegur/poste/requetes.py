"""A request and its answer, without the wire."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from opensegur.foundation.errors import OpenSegurError, RefusedInput

CORPS_MAX = 8192


@dataclass(frozen=True, slots=True)
class Requete:
    """``entetes``: names in lower case, each given once (the wire refuses twice)."""

    methode: str
    chemin: str
    entetes: Mapping[str, str] = field(default_factory=dict)
    corps: bytes = field(default=b"", repr=False)

    @property
    def origine(self) -> str:
        return self.entetes.get("origin", "")

    def json(self) -> dict[str, Any]:
        """Raises ``RefusedInput`` POSTE_CORPS."""
        if self.entetes.get("content-type", "").partition(";")[0].strip() == "application/json":
            try:
                said = json.loads(self.corps)
            except (ValueError, RecursionError):
                said = None
            if isinstance(said, dict):
                return said
        raise RefusedInput("POSTE_CORPS", "La demande est illisible.", conseil="Rechargez la page.")


@dataclass(frozen=True, slots=True)
class Reponse:
    statut: int
    corps: bytes = b""
    entetes: Mapping[str, str] = field(default_factory=dict)


def in_json(said: Mapping[str, Any], statut: int = 200) -> Reponse:
    return Reponse(statut, json.dumps(said, ensure_ascii=False).encode(), {"content-type": "application/json"})


def in_error(error: OpenSegurError, statut: int) -> Reponse:
    """``essais``: what is left to try, when the error is a code's."""
    said = {"code": error.code, "message": error.message, "conseil": error.conseil}
    if essais := getattr(error, "essais", None):
        said["essais"] = str(essais)
    return in_json(said, statut)
