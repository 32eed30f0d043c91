"""Identification without a browser: the service asks, the person answers on a phone or with a card (CIBA, poll).

Source: OpenID Connect CIBA Core 1.0 §7, §10.1, §11, §13; PSC documentation of CIBA (channel, two digits).
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import Final

from opensegur.sandbox.controle import Controle
from opensegur.sandbox.pages import HTML, render, security_headers
from opensegur.sandbox.psc.fournisseur import Fournisseur, json_reply
from opensegur.sandbox.psc.memoire import Attente, Memoire, Octroi, Session
from opensegur.sandbox.psc.noms import ACR, CIBA_INTERVAL, CIBA_LIFE, PHONE, SCOPES
from opensegur.sandbox.psc.requete import authenticated_client, form
from opensegur.sandbox.regles import Refus
from opensegur.sandbox.service import Call, Reply
from opensegur.sandbox.settings import ClientPsc

GRANT: Final = "urn:openid:params:grant-type:ciba"
_DIGITS = re.compile(r"[0-9]{2}")
# what a person must hold to answer on each channel
_MEANS: Final = {"MOBILE": frozenset({"e-CPS"}), "CARD": frozenset({"CPS", "CPE"})}
_ACCEPT, _REFUSE = "accepter", "refuser"


@dataclass(frozen=True, slots=True)
class Ciba:
    """``ask`` is the service's demand; ``phone`` shows what waits for an answer, and ``answer`` takes it."""

    fournisseur: Fournisseur

    def ask(self, call: Call, controle: Controle, memoire: Memoire) -> Reply:
        fields = form(call, controle)
        client = authenticated_client(call, fields, self.fournisseur.context.settings.psc_clients, controle)
        controle.require(client.ciba, "ciba.ferme")
        scopes = fields.get("scope", "").split()
        controle.require("openid" in scopes and set(scopes) <= set(SCOPES), "requete.scope")
        controle.require("scope_all" in scopes, "requete.scope_all")
        controle.require(fields.get("acr_values") == ACR, "requete.acr")
        code = fields.get("binding_message", "")
        controle.require(_DIGITS.fullmatch(code), "ciba.code")
        channel = fields.get("channel", "")
        controle.require(channel in _MEANS, "ciba.canal")
        situation = self.fournisseur.context.population.situation(fields.get("login_hint", ""))
        known = situation is not None and bool(_MEANS.get(channel, _MEANS["MOBILE"]) & set(situation.moyens))
        controle.require(known, "ciba.inconnu")
        attente = Attente(client.client_id, fields["login_hint"], code, channel or "MOBILE", " ".join(scopes))
        answer = {
            "auth_req_id": memoire.keep_wait(attente),
            "expires_in": int(CIBA_LIFE.total_seconds()),
            "interval": int(CIBA_INTERVAL.total_seconds()),
        }
        summary = {"Service": client.nom, "Identité": attente.id_nat, "Canal": attente.canal, "Code": code}
        return json_reply(answer, controle.verdict(), summary=summary)

    def octroi(self, reference: str, client: ClientPsc, controle: Controle, memoire: Memoire) -> Octroi:
        """What the accepted demand gives; opens the session. Refuses while it waits (CIBA Core §11)."""
        attente = memoire.wait(reference)
        controle.require(attente is not None and attente.client_id == client.client_id, "ciba.demande")
        assert attente is not None
        controle.require(not attente.perimee, "ciba.perimee")
        controle.require(memoire.asked_in_time(reference), "ciba.trop_vite")
        controle.require(attente.reponse != _REFUSE, "ciba.refus")
        controle.require(attente.reponse == _ACCEPT, "ciba.attente")
        memoire.forget_wait(reference)
        session = Session(str(uuid.uuid4()), attente.id_nat, attente.canal, memoire.moment)
        memoire.open_session(session.sid, session.id_nat, session.moyen)
        return Octroi(session.sid, client.client_id, attente.scope, "")

    def phone(self, call: Call, controle: Controle, memoire: Memoire) -> Reply:  # noqa: ARG002 - the shape of a treatment
        """Every demand that waits: a sandbox has one phone for everybody."""
        names = {client.client_id: client.nom for client in self.fournisseur.context.settings.psc_clients}
        waiting = [
            {
                "numero": wait.numero,
                "service": names.get(wait.client_id, wait.client_id),
                "nom": self._name(wait.id_nat),
                "id_nat": wait.id_nat,
                "code": wait.code,
                "carte": wait.canal == "CARD",
            }
            for wait in memoire.waits()
        ]
        page = render("psc/telephone.html", attentes=waiting, action=PHONE, accepter=_ACCEPT, refuser=_REFUSE)
        return Reply(200, page, HTML, verdict=controle.verdict(), headers=security_headers())

    def answer(self, call: Call, controle: Controle, memoire: Memoire) -> Reply:
        try:
            fields = form(call, controle)
            decision = fields.get("decision", "")
            controle.require(decision in {_ACCEPT, _REFUSE}, "page.identite")
            controle.require(memoire.decide(fields.get("demande", ""), decision), "page.perimee")
        except Refus as refus:
            page = render("psc/refus.html", manquement=refus.premier)
            return Reply(400, page, HTML, verdict=controle.verdict((refus.premier,)), headers=security_headers())
        headers = (("location", PHONE), ("cache-control", "no-store"))
        return Reply(303, b"", "text/plain", "", controle.verdict(), {"Réponse": decision}, headers)

    def _name(self, id_nat: str) -> str:
        situation = self.fournisseur.context.population.situation(id_nat)
        return f"{situation.professionnel.prenom} {situation.professionnel.nom}" if situation else id_nat
