"""The addresses of the DMP simulator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from starlette.routing import BaseRoute, Route

from opensegur.sandbox.context import SandboxContext
from opensegur.sandbox.dmp import depot, graines
from opensegur.sandbox.dmp.catalogue import CATALOGUE, SERVICE
from opensegur.sandbox.dmp.service_dmp import ServiceDmp
from opensegur.sandbox.dmp.traitement import SERVICES
from opensegur.sandbox.service import Endpoint
from opensegur.sandbox.state import Schema

SCHEMA: Final = Schema(SERVICE, depot.SCHEMA, graines.seed)
_RACINE: Final = "/si-dmp-server/v2/services"

__all__ = ["CATALOGUE", "SCHEMA", "routes"]


def routes(context: SandboxContext) -> Sequence[BaseRoute]:
    found: list[BaseRoute] = []
    for name in SERVICES:
        service = ServiceDmp(context, name)
        answer = Endpoint(context, SERVICE, service.answer, service.failed)
        found.append(Route(f"{_RACINE}/{name}", answer, methods=["POST"]))
        if name == "registry":
            describe = Endpoint(context, SERVICE, service.describe, service.failed)
            found.append(Route(f"{_RACINE}/{name}", describe, methods=["GET"]))
            found.append(Route(f"{_RACINE}/{name}/{{schema}}", describe, methods=["GET"]))
    return found
