"""The addresses of the INSi simulator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from starlette.routing import BaseRoute, Route

from opensegur.sandbox.context import SandboxContext
from opensegur.sandbox.insi import verification
from opensegur.sandbox.insi.controle import CATALOGUE
from opensegur.sandbox.insi.noms import SERVICE
from opensegur.sandbox.insi.traitement import ServiceInsi
from opensegur.sandbox.psc.fournisseur import open_provider
from opensegur.sandbox.service import Endpoint

SCHEMA: Final = verification.SCHEMA

__all__ = ["CATALOGUE", "SCHEMA", "routes"]


def routes(context: SandboxContext) -> Sequence[BaseRoute]:
    service = ServiceInsi(context, open_provider(context))
    answer = Endpoint(context, SERVICE, service.answer, service.failed)
    describe = Endpoint(context, SERVICE, service.describe, service.failed)
    return [
        Route("/lps", answer, methods=["POST"]),
        Route("/lps", describe, methods=["GET"]),
        Route("/lps/{path:path}", describe, methods=["GET"]),
    ]
