"""The addresses of the authorities, over plain http as everywhere: what they give is signed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from starlette.routing import BaseRoute, Route

from opensegur.sandbox.context import SandboxContext
from opensegur.sandbox.igc.traitement import CATALOGUE, SERVICE, ServiceIgc
from opensegur.sandbox.pki.magasin import ORGANISATIONS, PERSONNES
from opensegur.sandbox.service import Endpoint
from opensegur.sandbox.state import Schema

SCHEMA: Final = Schema("igc", "")  # the register is the core's: every service asks it who is revoked

__all__ = ["CATALOGUE", "SCHEMA", "routes"]


def routes(context: SandboxContext) -> Sequence[BaseRoute]:
    for porteur, usage, certificate in context.pki.issued():
        autorite = PERSONNES if usage.startswith("cps-") else ORGANISATIONS
        context.registre.record(autorite, porteur, usage, certificate)
    service = ServiceIgc(context)
    ocsp = Endpoint(context, SERVICE, service.status, service.failed)
    return [
        Route("/igc/lcr/{nom}", Endpoint(context, SERVICE, service.revoked, service.failed)),
        Route("/igc/autorites/{nom}", Endpoint(context, SERVICE, service.certificate, service.failed)),
        Route("/igc/ocsp/{nom}", ocsp, methods=["GET", "POST"]),
        Route("/igc/ocsp/{nom}/{demande:path}", ocsp),
    ]
