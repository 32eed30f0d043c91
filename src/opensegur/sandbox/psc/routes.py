"""The addresses of the Pro Santé Connect simulator, on its real paths."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from starlette.routing import BaseRoute, Route

from opensegur.sandbox.context import SandboxContext
from opensegur.sandbox.psc import memoire
from opensegur.sandbox.psc.api import TOKEN, ServeurApi
from opensegur.sandbox.psc.autorisation import Autorisation
from opensegur.sandbox.psc.ciba import Ciba
from opensegur.sandbox.psc.decouverte import Decouverte
from opensegur.sandbox.psc.fournisseur import Treatment, open_provider
from opensegur.sandbox.psc.jetons import Jetons
from opensegur.sandbox.psc.noms import CATALOGUE, DISCOVERY, OIDC, PHONE, SERVICE, WALLET
from opensegur.sandbox.service import Endpoint

SCHEMA: Final = memoire.SCHEMA

__all__ = ["CATALOGUE", "SCHEMA", "routes"]


def routes(context: SandboxContext) -> Sequence[BaseRoute]:
    provider = open_provider(context)
    ciba, autorisation, decouverte = Ciba(provider), Autorisation(provider), Decouverte(provider)
    jetons = Jetons(provider, ciba)

    def route(path: str, operation: str, treatment: Treatment, *methods: str) -> Route:
        handler = provider.run(operation, treatment)
        return Route(path, Endpoint(context, SERVICE, handler, provider.failed), methods=list(methods))

    return [
        route(DISCOVERY, "Découverte", decouverte.document, "GET"),
        route(WALLET, "Demande d’identification", autorisation.ask, "GET"),
        route(WALLET, "Réponse de la personne", autorisation.decide, "POST"),
        route(f"{OIDC}/token", "Jetons", jetons.token, "GET", "POST"),
        route(f"{OIDC}/userinfo", "Userinfo", jetons.userinfo, "GET", "POST"),
        route(f"{OIDC}/certs", "Clés publiques", decouverte.certs, "GET"),
        route(f"{OIDC}/token/introspect", "Introspection", jetons.introspect, "GET", "POST"),
        route(f"{OIDC}/revoke", "Révocation", jetons.revoke, "GET", "POST"),
        route(f"{OIDC}/ext/ciba/auth", "Demande sur le téléphone", ciba.ask, "GET", "POST"),
        route(TOKEN, "Jeton d’une API", ServeurApi(provider).token, "GET", "POST"),
        route(PHONE, "Téléphone", ciba.phone, "GET"),
        route(PHONE, "Réponse sur le téléphone", ciba.answer, "POST"),
        route(f"{OIDC}/logout", "Déconnexion", jetons.logout, "GET", "POST"),
    ]
