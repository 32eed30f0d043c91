"""An identification on the phone: two digits on both screens, and the person accepts."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs

import pytest

from opensegur.foundation.ports import FixedClock
from opensegur.psc import DemandeCiba, MoyenPsc, PscClient, PscError, SessionPsc
from opensegur.psc.testing import MEDECIN, MemoryPsc

pytestmark = pytest.mark.exigence("PSC.01")
MOI = MEDECIN["SubjectNameID"]


def _later(clock: FixedClock, seconds: float) -> None:
    clock.moment += timedelta(seconds=seconds)


def _ask_again(client: PscClient, clock: FixedClock, demande: DemandeCiba) -> SessionPsc | DemandeCiba:
    clock.moment = max(clock.moment, demande.prochain_le)
    return client.poll(demande)


def _code(call, *arguments) -> str:
    with pytest.raises(PscError) as refused:
        call(*arguments)
    assert refused.value.conseil
    return refused.value.code


@pytest.mark.parametrize("moyen", MoyenPsc)
def test_the_phone_shows_the_two_digits_of_the_screen(client: PscClient, psc: MemoryPsc, moyen: MoyenPsc) -> None:
    demande = client.ask(MOI, moyen)

    assert len(demande.code) == 2
    assert demande.code.isdigit()
    assert dict(psc.asked) == {
        "scope": "openid scope_all",
        "acr_values": "eidas1",
        "login_hint": MOI,
        "binding_message": demande.code,
        "channel": moyen.value,
    }
    assert demande.reference not in repr(demande)


def test_it_waits_until_the_person_accepts(client: PscClient, psc: MemoryPsc, clock: FixedClock) -> None:
    demande = client.ask(MOI)
    waiting = _ask_again(client, clock, demande)
    assert isinstance(waiting, DemandeCiba)
    assert waiting.prochain_le == clock.now() + timedelta(seconds=1)

    psc.accept()
    session = _ask_again(client, clock, waiting)

    assert isinstance(session, SessionPsc)
    assert (session.userinfo.id_nat, session.moyen) == (MOI, "MOBILE")


def test_it_never_asks_before_the_time_that_was_given(client: PscClient, psc: MemoryPsc, clock: FixedClock) -> None:
    psc.ciba_answer = {"interval": 5}
    demande = client.ask(MOI)
    sent = len(psc.requests)
    _later(clock, 4.9)

    assert client.poll(demande) is demande
    assert len(psc.requests) == sent


def test_it_slows_down_when_it_is_told_to(client: PscClient, psc: MemoryPsc, clock: FixedClock) -> None:
    demande = client.ask(MOI)
    psc.decline("slow_down")

    slower = _ask_again(client, clock, demande)

    assert isinstance(slower, DemandeCiba)
    assert slower.intervalle == demande.intervalle + 5


def test_an_interval_that_is_not_given_is_of_five_seconds(client: PscClient, psc: MemoryPsc) -> None:
    psc.ciba_answer = {"interval": None}
    assert client.ask(MOI).intervalle == 5


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ("access_denied", "PSC_ACCESS_DENIED"),
        ("expired_token", "PSC_CIBA_EXPIREE"),
        ("invalid_grant", "PSC_CIBA_EXPIREE"),
        ("anything", "PSC_TOKEN"),
    ],
)
def test_an_end_is_told_with_what_to_do(
    client: PscClient, psc: MemoryPsc, clock: FixedClock, error: str, code: str
) -> None:
    demande = client.ask(MOI)
    psc.decline(error)
    _later(clock, 2)

    assert _code(client.poll, demande) == code


def test_a_demand_that_is_too_old_is_not_asked_again(client: PscClient, psc: MemoryPsc, clock: FixedClock) -> None:
    demande = client.ask(MOI)
    sent = len(psc.requests)
    _later(clock, 120)

    assert _code(client.poll, demande) == "PSC_CIBA_EXPIREE"
    assert len(psc.requests) == sent


def test_a_demand_serves_once(client: PscClient, psc: MemoryPsc, clock: FixedClock) -> None:
    demande = client.ask(MOI)
    psc.accept()
    _ask_again(client, clock, demande)

    assert _code(client.poll, demande) == "PSC_CIBA_EXPIREE"


def test_whoever_answers_in_the_place_of_another_does_not_enter(
    client: PscClient, psc: MemoryPsc, clock: FixedClock
) -> None:
    demande = client.ask(MOI)
    psc.accept({**MEDECIN, "SubjectNameID": "899700000001", "preferred_username": "899700000001"})
    _later(clock, 2)

    assert _code(client.poll, demande) == "PSC_CIBA_AUTRE"


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"acr": "eidas0"}, "PSC_ACR"),
        ({"iss": "https://autre.invalid"}, "PSC_ID_TOKEN"),
        ({"aud": "autre"}, "PSC_ID_TOKEN"),
        ({"exp": 1}, "PSC_ID_TOKEN"),
    ],
)
def test_a_token_that_does_not_hold_is_refused_here_too(
    client: PscClient, psc: MemoryPsc, clock: FixedClock, claims: dict[str, object], code: str
) -> None:
    demande = client.ask(MOI)
    psc.id_claims = claims
    psc.accept()
    _later(clock, 2)

    assert _code(client.poll, demande) == code


def test_whoever_has_no_active_ecps_is_told_so(client: PscClient) -> None:
    assert _code(client.ask, "899700000001") == "PSC_CIBA_INCONNU"


def test_a_provider_that_has_not_opened_it_says_so(client: PscClient, psc: MemoryPsc) -> None:
    psc.discovery = {"backchannel_authentication_endpoint": None}
    assert _code(client.ask, MOI) == "PSC_CIBA_FERME"


@pytest.mark.parametrize(("status", "error"), [(400, "unauthorized_client"), (401, "invalid_client"), (503, "")])
def test_a_refusal_of_the_demand_has_its_message(client: PscClient, psc: MemoryPsc, status: int, error: str) -> None:
    client.begin()
    psc.answer_next(status, f'{{"error":"{error}"}}'.encode(), "application/json")

    expected = {400: "PSC_CIBA_FERME", 401: "PSC_CLIENT", 503: "PSC_UNAVAILABLE"}
    assert _code(client.ask, MOI) == expected[status]


def test_a_poll_without_an_answer_may_be_tried_again(client: PscClient, psc: MemoryPsc, clock: FixedClock) -> None:
    demande = client.ask(MOI)
    psc.accept()
    _later(clock, 2)
    psc.cut_next()
    assert _code(client.poll, demande) == "PSC_UNAVAILABLE"

    assert isinstance(client.poll(demande), SessionPsc)


def test_the_token_of_somebody_else_is_asked_of_psc(client: PscClient, psc: MemoryPsc, clock: FixedClock) -> None:
    demande = client.ask(MOI)
    psc.accept()
    session = _ask_again(client, clock, demande)
    assert isinstance(session, SessionPsc)
    access = session.jetons.acces
    assert client.introspect(access)["SubjectNameID"] == MOI

    client.revoke(access)

    assert client.introspect(access) == {}


def test_leaving_is_told_to_psc_and_its_silence_holds_nobody_back(client: PscClient, psc: MemoryPsc) -> None:
    client.begin()
    assert client.leave("un-jeton")
    assert parse_qs(psc.requests[-1].body.decode())["id_token_hint"] == ["un-jeton"]

    psc.cut_next()
    assert not client.leave("un-jeton")
