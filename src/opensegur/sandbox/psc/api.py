"""The authorization server of an API Pro Santé Connectée: a token of PSC for one of its own, over mutual TLS.

Source: CI-SIS, couche transport API REST Pro Santé Connectée 1.2.0; RFC 8693, RFC 8705.
"""

from __future__ import annotations

import base64
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from cryptography.hazmat.primitives import hashes

from opensegur.foundation.certificates import subject_dn
from opensegur.sandbox.controle import Controle
from opensegur.sandbox.psc.fournisseur import Fournisseur, json_reply
from opensegur.sandbox.psc.memoire import Memoire
from opensegur.sandbox.psc.noms import REALM
from opensegur.sandbox.psc.requete import form
from opensegur.sandbox.service import Call, Reply

API_REALM: Final = "/auth/realms/api-bac-a-sable"
TOKEN: Final = f"{API_REALM}/protocol/openid-connect/token"
_GRANT: Final = "urn:ietf:params:oauth:grant-type:token-exchange"
_ACCESS: Final = "urn:ietf:params:oauth:token-type:access_token"
_KINDS: Final = frozenset({_ACCESS, "urn:ietf:params:oauth:token-type:jwt"})
_SCOPES: Final = frozenset({"openid", "dossier.lire", "dossier.ecrire"})
_LIFE: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class ServeurApi:
    """One method: the exchange. The client is known by its certificate alone."""

    fournisseur: Fournisseur

    def token(self, call: Call, controle: Controle, memoire: Memoire) -> Reply:
        fields = form(call, controle)
        certificate = call.certificate
        controle.require(certificate is not None, "api.certificat")
        assert certificate is not None
        fault = self.fournisseur.context.pki.confiance.fault_of_authentication(certificate, call.moment)
        controle.require(fault is None, "api.certificat", fault.value if fault else "")
        controle.require(fields.get("grant_type") == _GRANT, "api.octroi")
        controle.require(fields.get("subject_token_type") in _KINDS, "api.sujet_type")
        controle.require(fields.get("subject_issuer", "psc") == "psc", "api.emetteur")
        scopes = fields.get("scope", "").split()
        controle.require(scopes and set(scopes) <= _SCOPES, "api.perimetre")
        claims = self.fournisseur.active(fields.get("subject_token", ""), "Bearer", call.moment, memoire)
        controle.require(claims is not None, "api.sujet")
        assert claims is not None
        # as the servers of the EDC write it, and not as RFC 8705 does
        bound = base64.b64encode(certificate.fingerprint(hashes.SHA256()).hex().encode()).decode()
        issued = int(call.moment.timestamp())
        expires = issued + int(_LIFE.total_seconds())
        access = self.fournisseur.key.sign(
            {
                "iss": self.fournisseur.issuer.replace(REALM, API_REALM),
                "sub": claims["sub"],
                "azp": subject_dn(certificate),
                "aud": "api-bac-a-sable",
                "iat": issued,
                "exp": expires,
                "jti": str(uuid.uuid4()),
                "typ": "Bearer",
                "scope": " ".join(scopes),
                "SubjectNameID": claims["SubjectNameID"],
                "cnf": {"x5t#S256": bound},
            }
        )
        answer = {
            "access_token": access,
            "issued_token_type": _ACCESS,
            "token_type": "Bearer",
            "expires_in": expires - issued,
            "scope": " ".join(scopes),
        }
        summary = {"Certificat": subject_dn(certificate), "Identité": claims["SubjectNameID"]}
        return json_reply(answer, controle.verdict(), summary=summary)
