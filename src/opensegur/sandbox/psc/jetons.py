"""The back channel: tokens, refresh, userinfo, introspection, revocation, logout.

Sources: RFC 6749 §4.1.3 and §6, RFC 7636 §4.6, RFC 7662, RFC 7009, OIDC Core §5.3, OIDC RP-Initiated Logout.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from datetime import UTC, datetime
from typing import Any

from opensegur.sandbox.controle import Controle
from opensegur.sandbox.pages import HTML, render, security_headers
from opensegur.sandbox.psc.ciba import GRANT, Ciba
from opensegur.sandbox.psc.fournisseur import Fournisseur, json_reply, redirect
from opensegur.sandbox.psc.memoire import Memoire, Octroi
from opensegur.sandbox.psc.noms import SESSION_COOKIE, WALLET
from opensegur.sandbox.psc.requete import admits_logout, authenticated_client, cookie, form, parameters
from opensegur.sandbox.psc.revendications import userinfo
from opensegur.sandbox.service import Call, Reply
from opensegur.sandbox.settings import ClientPsc

_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


class Jetons:
    """One method per address."""

    def __init__(self, fournisseur: Fournisseur, ciba: Ciba) -> None:
        self._fournisseur = fournisseur
        self._ciba = ciba

    def token(self, call: Call, controle: Controle, memoire: Memoire) -> Reply:
        fields = form(call, controle)
        client = authenticated_client(call, fields, self._clients, controle)
        grant = fields.get("grant_type", "")
        controle.require(grant, "jeton.grant_absent")
        controle.require(grant in {"authorization_code", "refresh_token", GRANT}, "jeton.grant")
        if grant == "refresh_token":
            octroi = self._from_refresh(fields.get("refresh_token", ""), client, controle, memoire, call)
        elif grant == GRANT:
            octroi = self._ciba.octroi(fields.get("auth_req_id", ""), client, controle, memoire)
        else:
            octroi = self._from_code(fields.get("code", ""), client, controle, memoire)
            controle.require(fields.get("redirect_uri", "") == octroi.redirect_uri, "jeton.redirection")
            _check_verifier(octroi.challenge, fields.get("code_verifier", ""), controle)
        session = memoire.session(octroi.sid)
        controle.require(session is not None, "jeton.session")
        assert session is not None
        answer = self._fournisseur.tokens(octroi, session, memoire, call)
        summary = {"Service": client.nom, "Octroi": grant, "Identité": session.id_nat}
        return json_reply(answer, controle.verdict(), summary=summary)

    def userinfo(self, call: Call, controle: Controle, memoire: Memoire) -> Reply:
        scheme, _, token = call.headers.get("authorization", "").partition(" ")
        controle.require(scheme.lower() == "bearer" and token.strip(), "porteur.absent")
        claims = self._active(token.strip(), "Bearer", call, memoire)
        controle.require(claims is not None, "porteur.invalide")
        assert claims is not None
        situation = self._fournisseur.context.population.situation(claims["SubjectNameID"])
        controle.require(situation is not None, "porteur.invalide")
        assert situation is not None
        answer = userinfo(situation)
        if "scope_all" not in claims["scope"].split():
            answer = {name: answer[name] for name in ("sub", "preferred_username", "given_name", "family_name")}
        return json_reply(answer, controle.verdict(), summary={"Identité": claims["SubjectNameID"]})

    def introspect(self, call: Call, controle: Controle, memoire: Memoire) -> Reply:
        fields = form(call, controle)
        client = authenticated_client(call, fields, self._clients, controle)
        controle.require(fields.get("token"), "introspection.jeton")
        claims = self._active(fields["token"], "Bearer", call, memoire)
        if claims is None and (claims := self._active(fields["token"], "Refresh", call, memoire)):
            claims.pop("SubjectNameID", None)
        if claims is None:
            return json_reply(
                {"active": False}, controle.verdict(), summary={"Service": client.nom, "Jeton": "inactif"}
            )
        answer = {**claims, "client_id": claims["azp"], "active": True}
        if "preferred_username" in claims:
            answer["username"] = claims["preferred_username"]
        return json_reply(answer, controle.verdict(), summary={"Service": client.nom, "Jeton": "actif"})

    def revoke(self, call: Call, controle: Controle, memoire: Memoire) -> Reply:
        fields = form(call, controle)
        client = authenticated_client(call, fields, self._clients, controle)
        token = fields.get("token", "")
        # an unknown token is answered like a known one (RFC 7009 §2.2)
        if refresh := self._read(token, "Refresh", call):
            if refresh["azp"] == client.client_id:
                memoire.close_session(refresh["sid"])
        elif (access := self._read(token, "Bearer", call)) and access["azp"] == client.client_id:
            memoire.revoke(access["jti"], datetime.fromtimestamp(access["exp"], UTC))
        return Reply(200, b"", "application/json", verdict=controle.verdict(), summary={"Service": client.nom})

    def logout(self, call: Call, controle: Controle, memoire: Memoire) -> Reply:
        """By the browser (GET) or from the back end (POST), with ``id_token_hint``."""
        fields = form(call, controle) if call.method == "POST" else parameters(call.query, controle)
        hint, target = fields.get("id_token_hint", ""), fields.get("post_logout_redirect_uri", "")
        claims = (
            self._fournisseur.key.read(hint, kind="ID", issuer=self._fournisseur.issuer, moment=None)
            if hint
            else None
        )
        controle.require(not hint or claims is not None, "deconnexion.indice")
        client = self._client_of(claims)
        controle.require(not target or (client and admits_logout(client, target)), "deconnexion.redirection")
        own = memoire.session_of_cookie(cookie(call, SESSION_COOKIE))
        for sid in {claims["sid"] if claims else "", own.sid if own else ""} - {""}:
            memoire.close_session(sid)
        forget = ("set-cookie", f"{SESSION_COOKIE}=; Max-Age=0; Path={WALLET}; HttpOnly; SameSite=Lax")
        if target:
            return redirect(target, {"state": fields.get("state", "")}, controle.verdict(), headers=(forget,))
        if call.method == "POST":
            return Reply(204, b"", "application/json", verdict=controle.verdict(), headers=(forget,))
        page = render("psc/deconnexion.html")
        return Reply(200, page, HTML, verdict=controle.verdict(), headers=(forget, *security_headers()))

    @property
    def _clients(self) -> tuple[ClientPsc, ...]:
        return self._fournisseur.context.settings.psc_clients

    def _client_of(self, claims: dict[str, Any] | None) -> ClientPsc | None:
        azp = claims["azp"] if claims else ""
        return next((client for client in self._clients if client.client_id == azp), None)

    def _read(self, token: str, kind: str, call: Call) -> dict[str, Any] | None:
        return self._fournisseur.key.read(token, kind=kind, issuer=self._fournisseur.issuer, moment=call.moment)

    def _active(self, token: str, kind: str, call: Call, memoire: Memoire) -> dict[str, Any] | None:
        return self._fournisseur.active(token, kind, call.moment, memoire)

    def _from_code(self, code: str, client: ClientPsc, controle: Controle, memoire: Memoire) -> Octroi:
        octroi = memoire.take_code(code)
        controle.require(octroi is not None and octroi.client_id == client.client_id, "jeton.code")
        assert octroi is not None
        if octroi.utilise:
            memoire.close_session(octroi.sid)
        controle.require(not octroi.utilise, "jeton.code_reutilise")
        return octroi

    def _from_refresh(
        self, token: str, client: ClientPsc, controle: Controle, memoire: Memoire, call: Call
    ) -> Octroi:
        claims = self._read(token, "Refresh", call)
        controle.require(claims is not None and claims["azp"] == client.client_id, "jeton.refresh")
        assert claims is not None
        octroi = memoire.take_refresh(claims["jti"])
        controle.require(octroi is not None, "jeton.refresh")
        assert octroi is not None
        if octroi.utilise:
            memoire.close_session(octroi.sid)
        controle.require(not octroi.utilise, "jeton.refresh_reutilise")
        return octroi


def _check_verifier(challenge: str, verifier: str, controle: Controle) -> None:
    if not challenge and not verifier:  # a lenient sandbox let a request without PKCE pass
        return
    digest = hashlib.sha256(verifier.encode("ascii", "replace")).digest()
    computed = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    matches = _VERIFIER.fullmatch(verifier) and hmac.compare_digest(computed, challenge)
    controle.require(matches, "jeton.verifier")
