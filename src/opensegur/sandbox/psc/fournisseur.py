"""What every part of the provider shares: addresses, key, clients, and the form of its answers."""

from __future__ import annotations

import json
import unicodedata
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from opensegur.sandbox.context import SandboxContext
from opensegur.sandbox.controle import Controle
from opensegur.sandbox.exchanges import Issue, Verdict
from opensegur.sandbox.psc.cles import SigningKey, half_hash
from opensegur.sandbox.psc.memoire import Memoire, Octroi, Session
from opensegur.sandbox.psc.noms import ACCESS_LIFE, ACR, CATALOGUE, REALM, REFRESH_LIFE
from opensegur.sandbox.psc.revendications import subject
from opensegur.sandbox.regles import Manquement, Refus
from opensegur.sandbox.service import Call, Reply

JSON: Final = "application/json"
_STATUSES: Final = {"invalid_client": 401, "invalid_token": 401, "temporarily_unavailable": 503, "server_error": 500}
_CHALLENGES: Final = {
    "invalid_token": (("www-authenticate", 'Bearer realm="esante-wallet", error="invalid_token"'),),
    "invalid_client": (("www-authenticate", 'Basic realm="esante-wallet"'),),
}
Treatment = Callable[[Call, Controle, Memoire], Reply]


@dataclass(frozen=True, slots=True)
class Fournisseur:
    """The provider over one sandbox."""

    context: SandboxContext
    key: SigningKey

    @property
    def issuer(self) -> str:
        return self.context.settings.http_url + REALM

    def active(self, token: str, kind: str, moment: datetime, memoire: Memoire) -> dict[str, Any] | None:
        """The claims of a token of this ``kind`` (Bearer, Refresh) that still serves."""
        claims = self.key.read(token, kind=kind, issuer=self.issuer, moment=moment)
        if claims is None or memoire.is_revoked(claims["jti"]) or memoire.session(claims["sid"]) is None:
            return None
        if kind == "Refresh" and ((known := memoire.refresh(claims["jti"])) is None or known.utilise):
            return None
        return claims

    def run(self, operation: str, treatment: Treatment) -> Callable[[Call], Reply]:
        """A handler that opens the memory, runs ``treatment`` and answers a refusal as Keycloak does, in JSON."""

        def handler(call: Call) -> Reply:
            controle = Controle(catalogue=CATALOGUE, strict=self.context.switches.strict)
            # a refusal commits too: a code that was tried is used up
            with self.context.store.transaction() as connection:
                memoire = Memoire(connection, call.moment)
                memoire.forget_expired()
                try:
                    controle.require(not call.full, "service.plein")
                    reply = treatment(call, controle, memoire)
                except Refus as refus:
                    reply = refusal(refus.premier, controle)
            return Reply(
                reply.status,
                reply.body,
                reply.content_type,
                reply.operation or operation,
                reply.verdict,
                reply.summary,
                reply.headers,
            )

        return handler

    def failed(self, call: Call) -> Reply:  # noqa: ARG002 - the shape of a handler
        manquement = Manquement(CATALOGUE["service.panne"])
        return json_reply({"error": "server_error"}, Verdict(Issue.ERREUR, refus=(manquement,)), status=500)

    def tokens(self, octroi: Octroi, session: Session, memoire: Memoire, call: Call) -> dict[str, Any]:
        """A new set of tokens of ``session``, the answer of the token endpoint."""
        issued = int(call.moment.timestamp())
        common = {
            "iat": issued,
            "auth_time": int(session.ouverte.timestamp()),
            "iss": self.issuer,
            "sub": subject(session.id_nat),
            "azp": octroi.client_id,
            "sid": session.sid,
            "session_state": session.sid,
            "acr": ACR,
        }
        known = self.context.population.situation(session.id_nat)
        identity = {"SubjectNameID": session.id_nat, "preferred_username": session.id_nat}
        access_expires, refresh_expires = (issued + int(life.total_seconds()) for life in (ACCESS_LIFE, REFRESH_LIFE))
        access = self.key.sign(
            {**common, "exp": access_expires, "jti": _jti(), "typ": "Bearer", "scope": octroi.scope, **identity}
        )
        refresh_id = _jti()
        memoire.new_refresh(refresh_id, octroi)
        refresh = self.key.sign(
            {**common, "exp": refresh_expires, "jti": refresh_id, "typ": "Refresh", "aud": self.issuer}
        )
        identity_token = {
            **common,
            "exp": access_expires,
            "jti": _jti(),
            "typ": "ID",
            "aud": octroi.client_id,
            "at_hash": half_hash(access),
            "amr": [session.moyen],
            **identity,
        }
        if octroi.nonce:
            identity_token["nonce"] = octroi.nonce
        if known:
            identity_token |= {
                "given_name": known.professionnel.prenom,
                "family_name": known.professionnel.nom,
            }
        return {
            "access_token": access,
            "expires_in": access_expires - issued,
            "refresh_expires_in": refresh_expires - issued,
            "refresh_token": refresh,
            "token_type": "Bearer",
            "id_token": self.key.sign(identity_token),
            "not-before-policy": 0,
            "session_state": session.sid,
            "scope": octroi.scope,
        }


def json_reply(
    content: Mapping[str, Any],
    verdict: Verdict,
    *,
    status: int = 200,
    summary: Mapping[str, str] | None = None,
    headers: tuple[tuple[str, str], ...] = (),
) -> Reply:
    body = json.dumps(content, ensure_ascii=False).encode()
    return Reply(status, body, JSON, "", verdict, summary or {}, (*headers, ("cache-control", "no-store")))


def refusal(manquement: Manquement, controle: Controle) -> Reply:
    """``{"error": …, "error_description": …}`` with the status that goes with it."""
    code = manquement.code
    content = {"error": code, "error_description": description(manquement)}
    return json_reply(
        content,
        controle.verdict((manquement,)),
        status=_STATUSES.get(code, 400),
        headers=_CHALLENGES.get(code, ()),
    )


def description(manquement: Manquement) -> str:
    """The rule's text within the characters that OAuth admits (RFC 6749 §5.2): ASCII, no quote, no backslash."""
    plain = unicodedata.normalize("NFKD", manquement.texte.replace("’", "'"))
    return "".join(character for character in plain if " " <= character <= "~" and character not in '"\\')


def redirect(
    address: str, values: Mapping[str, str], verdict: Verdict, *, headers: tuple[tuple[str, str], ...] = ()
) -> Reply:
    """Back to the service, with ``values`` added to the query of ``address``."""
    query = urlencode({name: value for name, value in values.items() if value})
    target = address if not query else f"{address}{'&' if '?' in address else '?'}{query}"
    return Reply(
        302, b"", "text/plain", "", verdict, {}, (("location", target), *headers, ("cache-control", "no-store"))
    )


def _jti() -> str:
    return str(uuid.uuid4())


def open_provider(context: SandboxContext) -> Fournisseur:
    """The provider of the sandbox; its key is made at the first start."""
    return Fournisseur(context, SigningKey.open(context.data_dir / "psc" / "signature.cle.pem"))
