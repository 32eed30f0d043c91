"""The wallet's page: what the service asks, who identifies with what, and back with a code or a refusal.

Sources: RFC 6749 §4.1, RFC 7636, OIDC Core §3.1.2; PSC integration guide (acr_values, scope_all).
"""

from __future__ import annotations

import re
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from opensegur.sandbox.controle import Controle
from opensegur.sandbox.pages import HTML, render, security_headers
from opensegur.sandbox.psc.fournisseur import Fournisseur, description, redirect
from opensegur.sandbox.psc.memoire import Demande, Memoire, Session
from opensegur.sandbox.psc.noms import (
    ACR,
    EPHEMERAL_COOKIE,
    SCOPES,
    SESSION_COOKIE,
    SESSION_LIFE,
    WALLET,
)
from opensegur.sandbox.psc.requete import admits_redirect, cookie, form, parameters
from opensegur.sandbox.regles import Manquement, Refus
from opensegur.sandbox.service import Call, Reply
from opensegur.sandbox.settings import ClientPsc

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_MOYENS: Final = {"e-CPS": "MOBILE", "CPS": "CARD", "CPE": "CARD"}
_DENIED = "refuser"


class Autorisation:
    """``ask`` answers GET, ``decide`` the POST of the page."""

    def __init__(self, fournisseur: Fournisseur) -> None:
        self._fournisseur = fournisseur

    def ask(self, call: Call, controle: Controle, memoire: Memoire) -> Reply:
        try:
            asked = parameters(call.query, controle)
            client = self._client(asked, controle)
        except Refus as refus:
            # an unknown address is never redirected to
            return _stop_page(refus.premier, controle)
        demande = Demande(
            client_id=client.client_id,
            redirect_uri=asked["redirect_uri"],
            scope=asked.get("scope", ""),
            etat=asked.get("state", ""),
            nonce=asked.get("nonce", ""),
            challenge=asked.get("code_challenge", ""),
        )
        summary = {"Service": client.nom, "Périmètres": demande.scope}
        prompt = asked.get("prompt", "").split()
        try:
            _check_request(demande, asked, controle)
            session = memoire.session_of_cookie(cookie(call, SESSION_COOKIE))
            if session and "login" not in prompt:
                return replace(self._grant(demande, session, controle, memoire), summary=summary)
            controle.require("none" not in prompt, "session.requise")
        except Refus as refus:
            return replace(self._back_with_error(demande, refus.premier, controle), summary=summary)
        return replace(self._page(client, demande, call, controle, memoire), summary=summary)

    def decide(self, call: Call, controle: Controle, memoire: Memoire) -> Reply:
        try:
            fields = form(call, controle)
            demande = memoire.take_request(fields.get("demande", ""), cookie(call, EPHEMERAL_COOKIE))
            controle.require(demande is not None, "page.perimee")
        except Refus as refus:
            return _stop_page(refus.premier, controle)
        assert demande is not None
        identity, _, moyen = fields.get("identite", "").rpartition("|")
        try:
            controle.require(fields.get("decision") != _DENIED, "utilisateur.refus")
            situation = self._fournisseur.context.population.situation(identity)
            controle.require(situation is not None and moyen in situation.moyens, "page.identite")
        except Refus as refus:
            return self._back_with_error(demande, refus.premier, controle)
        session = Session(str(uuid.uuid4()), identity, _MOYENS[moyen], call.moment)
        secret = memoire.open_session(session.sid, session.id_nat, session.moyen)
        reply = self._grant(demande, session, controle, memoire)
        kept = _cookie(SESSION_COOKIE, secret, int(SESSION_LIFE.total_seconds()))
        return replace(reply, headers=(*reply.headers, kept), summary={"Identité": identity, "Moyen": moyen})

    def _client(self, asked: Mapping[str, str], controle: Controle) -> ClientPsc:
        clients = self._fournisseur.context.settings.psc_clients
        client = next((item for item in clients if item.client_id == asked.get("client_id")), None)
        controle.require(client is not None, "client.inconnu")
        assert client is not None
        controle.require(admits_redirect(client, asked.get("redirect_uri", "")), "redirection.inconnue")
        return client

    def _page(self, client: ClientPsc, demande: Demande, call: Call, controle: Controle, memoire: Memoire) -> Reply:
        browser = cookie(call, EPHEMERAL_COOKIE) or secrets.token_urlsafe(24)
        number = memoire.keep_request(demande, browser)
        body = render(
            "psc/identification.html",
            service=client.nom,
            demande=number,
            situations=_choices(self._fournisseur),
            action=WALLET,
            refuser=_DENIED,
        )
        headers = (_cookie(EPHEMERAL_COOKIE, browser, 3600), *security_headers(form_target=demande.redirect_uri))
        return Reply(200, body, HTML, verdict=controle.verdict(), headers=headers)

    def _grant(self, demande: Demande, session: Session, controle: Controle, memoire: Memoire) -> Reply:
        values = {
            "state": demande.etat,
            "session_state": session.sid,
            "iss": self._fournisseur.issuer,
            "code": memoire.new_code(session.sid, demande),
        }
        return redirect(demande.redirect_uri, values, controle.verdict())

    def _back_with_error(self, demande: Demande, manquement: Manquement, controle: Controle) -> Reply:
        values = {
            "error": manquement.code,
            "error_description": description(manquement),
            "state": demande.etat,
            "iss": self._fournisseur.issuer,
        }
        return redirect(demande.redirect_uri, values, controle.verdict((manquement,)))


def _check_request(demande: Demande, asked: Mapping[str, str], controle: Controle) -> None:
    controle.require(asked.get("response_type") == "code", "requete.response_type")
    scopes = demande.scope.split()
    controle.require("openid" in scopes and set(scopes) <= set(SCOPES), "requete.scope")
    controle.require("scope_all" in scopes, "requete.scope_all")
    controle.require(asked.get("acr_values") == ACR, "requete.acr")
    controle.require(demande.etat, "requete.state")
    controle.require(demande.nonce, "requete.nonce")
    method = asked.get("code_challenge_method", "")
    controle.require(demande.challenge and method == "S256", "requete.pkce")
    controle.require(not demande.challenge or _CHALLENGE.fullmatch(demande.challenge), "requete.pkce_forme")


def _choices(fournisseur: Fournisseur) -> list[dict[str, object]]:
    population = fournisseur.context.population
    return [
        {
            "id_nat": situation.professionnel.id_nat,
            "nom": f"{situation.professionnel.prenom} {situation.professionnel.nom}",
            "titre": population.titre(situation.professionnel),
            "structures": ", ".join(poste.structure.nom for poste in situation.postes) or "sans activité",
            "moyens": situation.moyens,
        }
        for situation in population.situations
    ]


def _stop_page(manquement: Manquement, controle: Controle) -> Reply:
    body = render("psc/refus.html", manquement=manquement)
    return Reply(400, body, HTML, verdict=controle.verdict((manquement,)), headers=security_headers())


def _cookie(name: str, value: str, seconds: int) -> tuple[str, str]:
    return "set-cookie", f"{name}={value}; Max-Age={seconds}; Path={WALLET}; HttpOnly; SameSite=Lax"
