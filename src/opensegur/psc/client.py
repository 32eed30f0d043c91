"""The relying party: identification by the browser or by the phone, then refresh, introspection and logout.

Sources: RFC 6749, RFC 7636, RFC 7009, RFC 7662, OIDC Core, OIDC RP-Initiated Logout; PSC integration guide.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from opensegur.foundation.points import PointPsc
from opensegur.foundation.ports import Clock, Transport
from opensegur.psc import ciba
from opensegur.psc.canal import OK, Canal, SessionPsc
from opensegur.psc.ciba import DemandeCiba, MoyenPsc
from opensegur.psc.decouverte import read_json
from opensegur.psc.errors import PscError, error_of_return, psc_error
from opensegur.psc.jetons import ACR, Jetons

_SCOPE = "openid scope_all"
_REFUSALS = {
    "invalid_grant": "PSC_SESSION",
    "invalid_client": "PSC_CLIENT",
    "unauthorized_client": "PSC_CLIENT",
    "access_denied": "PSC_ACCESS_DENIED",
}
_NO_CONTENT = 204


@dataclass(frozen=True, slots=True)
class Demande:
    """A login begun: send the browser to ``url`` and keep the rest until it comes back, bound to its session."""

    url: str
    state: str
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


class PscClient:
    """One service declared at Pro Santé Connect.

    ``transport`` presents the client's certificate when there is no secret. Every method raises ``PscError``.
    """

    def __init__(self, transport: Transport, point: PointPsc, clock: Clock) -> None:
        self._point = point
        self._canal = Canal(transport, point, clock)

    def begin(self) -> Demande:
        """Prepare a login."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        query = {
            "response_type": "code",
            "client_id": self._point.client_id,
            "redirect_uri": self._point.redirection,
            "scope": _SCOPE,
            "acr_values": ACR,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return Demande(_with_query(self._canal.provider.autorisation, query), state, nonce, verifier)

    def complete(self, demande: Demande, retour: Mapping[str, str]) -> SessionPsc:
        """Turn what the browser brought back into a person. ``retour``: the query of the redirection address."""
        provider = self._canal.provider
        if not hmac.compare_digest(retour.get("state", "").encode(errors="replace"), demande.state.encode()):
            raise psc_error("PSC_STATE")
        if retour.get("iss", provider.emetteur) != provider.emetteur:
            raise psc_error("PSC_ISSUER")
        if "error" in retour:
            raise error_of_return(retour["error"])
        code = retour.get("code")
        if not code:
            raise psc_error("PSC_STATE", "no code")
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._point.redirection,
            "code_verifier": demande.verifier,
        }
        return self._canal.session(self._tokens(form), demande.nonce)

    def ask(self, id_nat: str, moyen: MoyenPsc = MoyenPsc.MOBILE) -> DemandeCiba:
        """Begin an identification on the phone (or with the card) of the person whose PS_IdNat is ``id_nat``."""
        return ciba.ask(self._canal, id_nat, moyen)

    def poll(self, demande: DemandeCiba) -> SessionPsc | DemandeCiba:
        """Who accepted, or the demand to ask again from its ``prochain_le`` on."""
        return ciba.poll(self._canal, demande)

    def refresh(self, session: SessionPsc) -> SessionPsc:
        """New tokens and fresh claims; the old refresh token is spent. PSC_SESSION when PSC ended the session."""
        if not session.jetons.rafraichissement:
            raise psc_error("PSC_SESSION")
        form = {"grant_type": "refresh_token", "refresh_token": session.jetons.rafraichissement}
        again = self._canal.session(self._tokens(form), None)
        if again.userinfo.sujet != session.userinfo.sujet:
            raise psc_error("PSC_SESSION", "another sub after a refresh")  # OIDC Core §12.2
        # only a new login moves the hour of the login, on which the limit of four hours rests
        return replace(again, authentifie_le=session.authentifie_le, moyen=session.moyen)

    def introspect(self, token: str) -> Mapping[str, Any]:
        """What PSC says of a token received from somebody else (RFC 7662); empty when it no longer serves."""
        answer = self._canal.post(self._address("introspection"), {"token": token})
        if answer.status != OK:
            raise self._canal.refusal(answer, _REFUSALS, "PSC_TOKEN")
        said = read_json(answer.body, "PSC_TOKEN")
        return said if said.get("active") is True else {}

    def revoke(self, token: str) -> None:
        """A token that serves no more (RFC 7009); an unknown one is no error."""
        answer = self._canal.post(self._address("revocation"), {"token": token})
        if answer.status != OK:
            raise self._canal.refusal(answer, _REFUSALS, "PSC_TOKEN")

    def logout_url(self, id_token: str, retour: str, state: str = "") -> str:
        """Where to send the browser to leave PSC; "" when PSC offers none. It may come back without ``state``."""
        end = self._canal.provider.fin_de_session
        if not end:
            return ""
        query = {"id_token_hint": id_token, "post_logout_redirect_uri": retour}
        return _with_query(end, query | ({"state": state} if state else {}))

    def leave(self, id_token: str) -> bool:
        """End the session at PSC from here, where no browser took part (CIBA). False when PSC did not confirm."""
        try:
            answer = self._canal.post(self._address("fin_de_session"), {"id_token_hint": id_token})
        except PscError:
            return False
        return answer.status in {OK, _NO_CONTENT}

    def _tokens(self, form: Mapping[str, str]) -> Jetons:
        answer = self._canal.post(self._canal.provider.jetons, form)
        if answer.status != OK:
            raise self._canal.refusal(answer, _REFUSALS, "PSC_TOKEN")
        return self._canal.tokens(answer)

    def _address(self, name: str) -> str:
        found: str = getattr(self._canal.provider, name)
        if not found:
            raise psc_error("PSC_CONFIGURATION", f"{name} is missing")
        return found


def _with_query(address: str, query: Mapping[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"
