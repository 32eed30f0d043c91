"""The sandbox as one ASGI application.

Each service is a folder whose ``routes.py`` offers ``SCHEMA`` (its tables), ``CATALOGUE`` (its rules) and
``routes(context)``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from opensegur.sandbox import debit, refus_tls
from opensegur.sandbox.annuaire import routes as annuaire
from opensegur.sandbox.apcv import routes as apcv
from opensegur.sandbox.console import routes as console
from opensegur.sandbox.context import SandboxContext, open_context
from opensegur.sandbox.dmp import routes as dmp
from opensegur.sandbox.igc import routes as igc
from opensegur.sandbox.insi import routes as insi
from opensegur.sandbox.psc import routes as psc
from opensegur.sandbox.regles import Regle
from opensegur.sandbox.settings import SandboxSettings
from opensegur.sandbox.state import Schema
from opensegur.sandbox.vitale import routes as vitale


class Service(Protocol):
    """What ``routes.py`` of a service offers."""

    SCHEMA: Schema
    CATALOGUE: Mapping[str, Regle]

    def routes(self, context: SandboxContext) -> Sequence[BaseRoute]: ...


SERVICES: Final[tuple[Service, ...]] = (insi, dmp, psc, apcv, vitale, igc, annuaire)


def open_sandbox(settings: SandboxSettings) -> SandboxContext:
    """What lies in the data folder, made at the first start. Raises ``ConfigurationError``."""
    return open_context(settings, tuple(service.SCHEMA for service in SERVICES))


def build_app(context: SandboxContext) -> Starlette:
    """The application over ``context``, which it keeps as ``state.context``."""
    routes = [route for service in SERVICES for route in service.routes(context)]
    catalogues = (*(service.CATALOGUE for service in SERVICES), refus_tls.CATALOGUE)
    rules = tuple(rule for catalogue in catalogues for rule in catalogue.values())
    application = Starlette(routes=[*routes, debit.ROUTE, *console.routes(context, rules)])
    application.state.context = context
    return application


def create_app(settings: SandboxSettings) -> Starlette:
    """The whole sandbox over the data folder of ``settings``. Raises ``ConfigurationError``."""
    return build_app(open_sandbox(settings))
