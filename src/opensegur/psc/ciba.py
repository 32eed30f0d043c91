"""Identification on a phone or with a card, without the browser going anywhere (CIBA, poll mode).

The two digits that the screen shows are those of the phone: the person accepts only when they are the same.
Source: OpenID Connect CIBA Core 1.0 §7.1, §7.3, §10.1, §11; PSC documentation of CIBA (channel, binding_message).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from opensegur.psc.canal import OK, Canal, SessionPsc
from opensegur.psc.decouverte import read_json
from opensegur.psc.errors import psc_error
from opensegur.psc.jetons import ACR, read_seconds

_GRANT = "urn:openid:params:grant-type:ciba"
_DEFAULT_LIFE = 120
_DEFAULT_INTERVAL = 5  # CIBA Core §7.3
_SLOWER = 5  # §11: what slow_down adds, in seconds
_LONGEST = 600
_REFUSED = {
    "unknown_user_id": "PSC_CIBA_INCONNU",
    "invalid_binding_message": "PSC_CIBA_CODE",
    "unauthorized_client": "PSC_CIBA_FERME",
    "invalid_client": "PSC_CLIENT",
    "access_denied": "PSC_ACCESS_DENIED",
    "expired_token": "PSC_CIBA_EXPIREE",
    "invalid_grant": "PSC_CIBA_EXPIREE",
}


class MoyenPsc(StrEnum):
    """Where the person answers: the e-CPS of a phone, or a card in the reader of the workstation (CPS-Gestion)."""

    MOBILE = "MOBILE"
    CARD = "CARD"


@dataclass(frozen=True, slots=True)
class DemandeCiba:
    """A demand under way: show ``code`` in large, ask again from ``prochain_le`` on and until ``expire_le``."""

    reference: str = field(repr=False)
    id_nat: str
    code: str
    moyen: MoyenPsc
    expire_le: datetime
    intervalle: int
    prochain_le: datetime


def ask(canal: Canal, id_nat: str, moyen: MoyenPsc) -> DemandeCiba:
    """Begin. ``id_nat``: the PS_IdNat of the person (``8`` and the RPPS for most).

    Raises ``PscError``: PSC_CIBA_INCONNU (no active e-CPS), PSC_CIBA_FERME, PSC_UNAVAILABLE…
    """
    address = canal.provider.ciba
    if not address:
        raise psc_error("PSC_CIBA_FERME", "not in the discovery document")
    code = f"{secrets.randbelow(100):02}"
    form = {
        "scope": "openid scope_all",
        "acr_values": ACR,
        "login_hint": id_nat,
        "binding_message": code,
        "channel": moyen.value,
    }
    answer = canal.post(address, form)
    if answer.status != OK:
        raise canal.refusal(answer, _REFUSED, "PSC_TOKEN")
    said = read_json(answer.body, "PSC_TOKEN")
    reference = said.get("auth_req_id")
    if not isinstance(reference, str) or not reference:
        raise psc_error("PSC_TOKEN", "no auth_req_id")
    now = canal.clock.now()
    life = read_seconds(said.get("expires_in"), _DEFAULT_LIFE, _LONGEST)
    interval = max(1, read_seconds(said.get("interval"), _DEFAULT_INTERVAL, _LONGEST))
    return DemandeCiba(
        reference, id_nat, code, moyen, now + timedelta(seconds=life), interval, now + timedelta(seconds=interval)
    )


def poll(canal: Canal, demande: DemandeCiba) -> SessionPsc | DemandeCiba:
    """Who accepted, or the demand to ask again later. Too early, nothing is sent.

    Raises ``PscError``: PSC_ACCESS_DENIED, PSC_CIBA_EXPIREE, PSC_CIBA_AUTRE, PSC_UNAVAILABLE (ask again)…
    """
    now = canal.clock.now()
    if now >= demande.expire_le:
        raise psc_error("PSC_CIBA_EXPIREE")
    if now < demande.prochain_le:
        return demande
    answer = canal.post(canal.provider.jetons, {"grant_type": _GRANT, "auth_req_id": demande.reference})
    if answer.status != OK:
        error = read_json(answer.body, "PSC_TOKEN").get("error")
        if error not in {"authorization_pending", "slow_down"}:
            raise canal.refusal(answer, _REFUSED, "PSC_TOKEN")
        interval = min(demande.intervalle + (_SLOWER if error == "slow_down" else 0), _LONGEST)
        return replace(demande, intervalle=interval, prochain_le=now + timedelta(seconds=interval))
    session = canal.session(canal.tokens(answer), None)
    if demande.id_nat not in session.userinfo.identifiants:
        raise psc_error("PSC_CIBA_AUTRE")
    return replace(session, moyen=session.moyen or demande.moyen.value)
