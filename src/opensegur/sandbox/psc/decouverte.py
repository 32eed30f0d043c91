"""What the provider publishes of itself: its discovery document and its public key."""

from __future__ import annotations

from typing import Any

from opensegur.sandbox.controle import Controle
from opensegur.sandbox.psc.ciba import GRANT
from opensegur.sandbox.psc.fournisseur import Fournisseur, json_reply
from opensegur.sandbox.psc.memoire import Memoire
from opensegur.sandbox.psc.noms import OIDC, SCOPES, WALLET
from opensegur.sandbox.service import Call, Reply

_SECRETS = ["client_secret_basic", "client_secret_post"]


class Decouverte:
    def __init__(self, fournisseur: Fournisseur) -> None:
        self._fournisseur = fournisseur

    def document(self, call: Call, controle: Controle, memoire: Memoire) -> Reply:  # noqa: ARG002
        return json_reply(self._describe(), controle.verdict())

    def certs(self, call: Call, controle: Controle, memoire: Memoire) -> Reply:  # noqa: ARG002
        return json_reply({"keys": [self._fournisseur.key.jwk]}, controle.verdict())

    def _describe(self) -> dict[str, Any]:
        """Only what is served here: the real document advertises more than PSC grants."""
        root = self._fournisseur.context.settings.http_url
        oidc = root + OIDC
        return {
            "issuer": self._fournisseur.issuer,
            "authorization_endpoint": root + WALLET,
            "token_endpoint": f"{oidc}/token",
            "introspection_endpoint": f"{oidc}/token/introspect",
            "userinfo_endpoint": f"{oidc}/userinfo",
            "end_session_endpoint": f"{oidc}/logout",
            "jwks_uri": f"{oidc}/certs",
            "revocation_endpoint": f"{oidc}/revoke",
            "backchannel_authentication_endpoint": f"{oidc}/ext/ciba/auth",
            "backchannel_token_delivery_modes_supported": ["poll"],
            "grant_types_supported": ["authorization_code", "refresh_token", GRANT],
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "subject_types_supported": ["public"],
            "acr_values_supported": ["0", "0"],  # as the real document, where it means nothing
            "id_token_signing_alg_values_supported": ["RS256"],
            "userinfo_signing_alg_values_supported": ["none"],
            "token_endpoint_auth_methods_supported": _SECRETS,
            "introspection_endpoint_auth_methods_supported": _SECRETS,
            "revocation_endpoint_auth_methods_supported": _SECRETS,
            "claims_supported": [
                "aud",
                "sub",
                "iss",
                "auth_time",
                "given_name",
                "family_name",
                "preferred_username",
                "acr",
            ],
            "claim_types_supported": ["normal"],
            "claims_parameter_supported": False,
            "request_parameter_supported": False,
            "request_uri_parameter_supported": False,
            "scopes_supported": list(SCOPES),
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
        }
