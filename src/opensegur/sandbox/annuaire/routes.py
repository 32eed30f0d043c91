"""The addresses of the directory, over plain http like the rest of what is public here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from starlette.routing import BaseRoute, Route

from opensegur.sandbox.annuaire.traitement import BASE, CATALOGUE, SERVICE, ServiceAnnuaire
from opensegur.sandbox.context import SandboxContext
from opensegur.sandbox.service import Endpoint
from opensegur.sandbox.state import Schema

SCHEMA: Final = Schema("annuaire", "")  # who exists is the population's

__all__ = ["CATALOGUE", "SCHEMA", "routes"]


def routes(context: SandboxContext) -> Sequence[BaseRoute]:
    service = ServiceAnnuaire(context)
    endpoint = Endpoint(context, SERVICE, service.answer, service.failed)
    return [Route(f"{BASE}/{{suite:path}}", endpoint, methods=["GET", "POST", "PUT", "DELETE", "PATCH"])]
