"""The provider asks the phone: what a service that speaks CIBA by hand sees."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from opensegur.sandbox.context import SandboxContext

from .conftest import Fs

CLAIRE = "899700500012"
GRANT = "urn:openid:params:grant-type:ciba"
ASKED = {
    "scope": "openid scope_all",
    "acr_values": "eidas1",
    "login_hint": CLAIRE,
    "binding_message": "42",
    "channel": "MOBILE",
}


@pytest.fixture(autouse=True)
def stopped(contexte: SandboxContext) -> None:
    contexte.clock.stop_at(contexte.clock.now() - timedelta(minutes=5))


def ask(fs: Fs, **changes: str) -> Any:
    return fs.back("ext/ciba/auth", **{**ASKED, **changes})


def poll(fs: Fs, reference: str) -> Any:
    return fs.back("token", grant_type=GRANT, auth_req_id=reference)


def answer(fs: Fs, decision: str) -> Any:
    page = fs.http.get("/auth/telephone")
    number = re.search(r'name="demande" value="([^"]+)"', page.text)
    assert number, page.text
    return fs.http.post("/auth/telephone", data={"demande": number[1], "decision": decision})


def test_the_phone_shows_who_asks_and_the_digits_and_acceptance_gives_tokens(
    fs: Fs, contexte: SandboxContext
) -> None:
    said = ask(fs).json()
    assert (said["expires_in"], said["interval"]) == (120, 1)
    page = fs.http.get("/auth/telephone").text
    assert ">42<" in page
    assert CLAIRE in page
    assert said["auth_req_id"] not in page

    contexte.clock.advance(timedelta(seconds=1))
    assert poll(fs, said["auth_req_id"]).json()["error"] == "authorization_pending"
    assert answer(fs, "accepter").status_code == 303
    contexte.clock.advance(timedelta(seconds=1))
    tokens = poll(fs, said["auth_req_id"]).json()

    claims = fs.verified(tokens["id_token"], audience="opensegur-demo", options={"verify_exp": False})
    assert (claims["acr"], claims["amr"], claims["SubjectNameID"]) == ("eidas1", ["MOBILE"], CLAIRE)
    assert fs.userinfo(tokens["access_token"]).json()["SubjectNameID"] == CLAIRE
    assert fs.refresh(tokens["refresh_token"]).status_code == 200
    contexte.clock.advance(timedelta(seconds=2))
    assert poll(fs, said["auth_req_id"]).json()["error"] == "invalid_grant"


def test_a_refusal_is_told_to_the_service(fs: Fs, contexte: SandboxContext) -> None:
    reference = ask(fs).json()["auth_req_id"]
    answer(fs, "refuser")
    contexte.clock.advance(timedelta(seconds=1))

    assert poll(fs, reference).json()["error"] == "access_denied"
    assert "Aucune demande" in fs.http.get("/auth/telephone").text


def test_whoever_asks_too_fast_must_slow_down_and_more_each_time(fs: Fs, contexte: SandboxContext) -> None:
    reference = ask(fs).json()["auth_req_id"]
    assert poll(fs, reference).json()["error"] == "slow_down"
    contexte.clock.advance(timedelta(seconds=5))
    assert poll(fs, reference).json()["error"] == "slow_down"
    contexte.clock.advance(timedelta(seconds=11))
    assert poll(fs, reference).json()["error"] == "authorization_pending"


def test_a_demand_lives_two_minutes(fs: Fs, contexte: SandboxContext) -> None:
    reference = ask(fs).json()["auth_req_id"]
    contexte.clock.advance(timedelta(seconds=121))

    assert poll(fs, reference).json()["error"] == "expired_token"
    assert "Aucune demande" in fs.http.get("/auth/telephone").text


def test_a_demand_is_answered_once_and_only_if_it_exists(fs: Fs) -> None:
    ask(fs)
    page = fs.http.get("/auth/telephone").text
    number = re.search(r'name="demande" value="([^"]+)"', page)
    assert number
    fs.http.post("/auth/telephone", data={"demande": number[1], "decision": "accepter"})

    for demande in (number[1], "inconnue"):
        assert fs.http.post("/auth/telephone", data={"demande": demande, "decision": "refuser"}).status_code == 400


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"binding_message": "4"}, "invalid_binding_message"),
        ({"binding_message": "deux"}, "invalid_binding_message"),
        ({"channel": ""}, "invalid_request"),
        ({"channel": "PIGEON"}, "invalid_request"),
        ({"login_hint": "899700000001"}, "unknown_user_id"),
        ({"login_hint": ""}, "unknown_user_id"),
        ({"acr_values": "eidas3"}, "invalid_request"),
        ({"scope": "openid"}, "invalid_scope"),
        ({"scope": "scope_all"}, "invalid_scope"),
    ],
)
def test_a_demand_that_psc_would_refuse_is_refused(fs: Fs, changes: dict[str, str], error: str) -> None:
    answered = ask(fs, **changes)

    assert (answered.status_code, answered.json()["error"]) == (400, error)
    assert "Aucune demande" in fs.http.get("/auth/telephone").text


def test_a_card_is_not_a_phone(fs: Fs) -> None:
    """Somebody with a card alone is unknown on the phone, and found with the card."""
    card_only = "500000099200016/CPAT00001"
    assert ask(fs, login_hint=card_only).json()["error"] == "unknown_user_id"

    assert ask(fs, login_hint=card_only, channel="CARD").status_code == 200
    assert "Carte dans le lecteur" in fs.http.get("/auth/telephone").text


def test_a_service_proves_itself_and_another_does_not_take_its_answer(fs: Fs) -> None:
    unproved = fs.http.post("/auth/realms/esante-wallet/protocol/openid-connect/ext/ciba/auth", data=ASKED)

    assert (unproved.status_code, unproved.json()["error"]) == (401, "invalid_client")
    assert poll(fs, "inventee").json()["error"] == "invalid_grant"


def test_the_discovery_document_says_that_it_is_asked_by_polling(fs: Fs) -> None:
    said = fs.metadata
    assert said["backchannel_authentication_endpoint"].endswith("/protocol/openid-connect/ext/ciba/auth")
    assert said["backchannel_token_delivery_modes_supported"] == ["poll"]
    assert GRANT in said["grant_types_supported"]
