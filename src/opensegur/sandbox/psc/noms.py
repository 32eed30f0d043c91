"""Paths, lifetimes and names of Pro Santé Connect.

Sources: the provider's discovery document; CI-SIS transport layer "API REST Pro Santé Connectée" (lifetimes).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from opensegur.sandbox.regles import load_catalogue

SERVICE: Final = "psc"
CATALOGUE: Final = load_catalogue("opensegur.sandbox.psc", SERVICE)
REALM: Final = "/auth/realms/esante-wallet"
OIDC: Final = f"{REALM}/protocol/openid-connect"
WALLET: Final = "/auth"
PHONE: Final = "/auth/telephone"
DISCOVERY: Final = f"{REALM}/.well-known/wallet-openid-configuration"
FEDERATION: Final = "f:550dc1c8-d97b-4b1e-ac8c-8eb4471cf9dd:"

CODE_LIFE: Final = timedelta(seconds=60)
REQUEST_LIFE: Final = timedelta(minutes=15)
ACCESS_LIFE: Final = timedelta(seconds=120)
REFRESH_LIFE: Final = timedelta(minutes=30)
SESSION_LIFE: Final = timedelta(hours=4)
CIBA_LIFE: Final = timedelta(seconds=120)
CIBA_INTERVAL: Final = timedelta(seconds=1)
CIBA_SLOWER: Final = timedelta(seconds=5)  # CIBA Core §11

ACR: Final = "eidas1"
SCOPES: Final = (
    "openid",
    "scope_all",
    "identity",
    "rpps",
    "referentiel",
    "interop",
    "eidas1",
    "profile",
    "email",
    "offline_access",
)
EPHEMERAL_COOKIE: Final = "PSC_DEMANDE"
SESSION_COOKIE: Final = "PSC_SESSION"
