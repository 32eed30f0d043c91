"""The addresses of the appli carte Vitale simulator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from starlette.routing import BaseRoute, Route

from opensegur.sandbox.apcv import memoire
from opensegur.sandbox.apcv.memoire import SERVICE
from opensegur.sandbox.apcv.traitement import CATALOGUE, ServiceApcv
from opensegur.sandbox.context import SandboxContext
from opensegur.sandbox.service import Endpoint

SCHEMA: Final = memoire.SCHEMA

__all__ = ["CATALOGUE", "SCHEMA", "routes"]


def routes(context: SandboxContext) -> Sequence[BaseRoute]:
    service = ServiceApcv(context)
    return [
        Route("/apcv/jetons", Endpoint(context, SERVICE, service.tokens, service.failed), methods=["POST"]),
        Route("/apcv/contextes", Endpoint(context, SERVICE, service.contexts, service.failed), methods=["POST"]),
        Route(
            "/apcv/contextes/{contexte}/beneficiaire",
            Endpoint(context, SERVICE, service.choose, service.failed),
            methods=["POST"],
        ),
    ]
