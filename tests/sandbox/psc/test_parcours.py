"""From the button to the claims: code, PKCE, tokens, userinfo, refresh, introspection, logout."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import timedelta

import pytest


def test_the_discovery_is_at_pscs_own_address_and_its_issuer_is_the_realm(fs, client):
    found = fs.metadata
    assert found["issuer"] == "http://localhost:8080/auth/realms/esante-wallet"
    assert found["authorization_endpoint"] == "http://localhost:8080/auth"
    assert found["code_challenge_methods_supported"] == ["S256"]
    assert client.get("/auth/realms/esante-wallet/.well-known/openid-configuration").status_code == 404


@pytest.mark.fixtures
def test_every_name_of_the_discovery_is_one_of_the_real_document(fs, official):
    real = json.loads((official / "psc/discovery-bas.json").read_text(encoding="utf-8"))
    assert set(fs.metadata) <= set(real)


def test_a_doctor_identifies(fs):
    back = fs.returned(fs.choose(fs.ask()))
    assert back["state"] == "etat-1"
    assert back["page"] == "1"
    assert back["iss"] == fs.metadata["issuer"]
    answer = fs.token(back["code"])
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    tokens = answer.json()
    assert (tokens["expires_in"], tokens["refresh_expires_in"], tokens["token_type"]) == (120, 1800, "Bearer")
    assert tokens["session_state"] == back["session_state"]
    identity = fs.verified(tokens["id_token"], audience="opensegur-demo")
    assert identity["nonce"] == "nonce-1"
    assert identity["acr"] == "eidas1"
    assert identity["azp"] == "opensegur-demo"
    assert identity["SubjectNameID"] == "899700500012"
    assert identity["amr"] == ["MOBILE"]
    half = hashlib.sha256(tokens["access_token"].encode()).digest()[:16]
    assert identity["at_hash"] == base64.urlsafe_b64encode(half).decode().rstrip("=")
    access = fs.verified(tokens["access_token"])
    assert access["exp"] - access["iat"] == 120
    assert fs.userinfo(tokens["access_token"]).json()["sub"] == identity["sub"]


def test_the_secret_may_be_in_the_form(fs):
    assert fs.token(fs.login(), basic=False).status_code == 200


@pytest.mark.parametrize(
    ("identite", "exercices", "activites"),
    [
        ("899700500012|CPS", 1, 2),
        ("899700500038|e-CPS", 1, 1),
        ("899700500053|e-CPS", 1, 0),
        ("500000099200016/CPAT00001|CPE", 0, 0),
    ],
)
def test_the_claims_of_each_situation(fs, identite, exercices, activites):
    claims = fs.userinfo(fs.token(fs.login(identite)).json()["access_token"]).json()
    held = claims["SubjectRefPro"]["exercices"]
    assert claims["SubjectNameID"] == identite.partition("|")[0]
    assert len(held) == exercices
    assert sum(len(item["activities"]) for item in held) == activites
    assert len(claims["SubjectRole"]) == exercices


@pytest.mark.fixtures
@pytest.mark.parametrize(
    ("identite", "sample"),
    [
        ("899700500012|e-CPS", "medecin-edit-5-activites.json"),
        ("899700500038|e-CPS", "synthetic-pharmacienne.json"),
        ("500000099200016/CPAT00001|CPE", "synthetic-cpe-secretaire.json"),
        ("899700500053|e-CPS", "synthetic-sans-activite.json"),
    ],
)
def test_the_claims_have_the_names_of_the_real_ones(fs, official, identite, sample):
    real = json.loads((official / "psc/userinfo" / sample).read_text(encoding="utf-8"))
    ours = fs.userinfo(fs.token(fs.login(identite)).json()["access_token"]).json()
    assert set(real) <= set(ours)
    for theirs, mine in zip(real["SubjectRefPro"]["exercices"], ours["SubjectRefPro"]["exercices"], strict=False):
        assert set(theirs) <= set(mine)
        for one, other in zip(theirs["activities"], mine["activities"], strict=False):
            assert set(one) <= set(other)


def test_without_scope_all_userinfo_gives_only_who(fs, contexte):
    from dataclasses import replace

    contexte.board.change(replace(contexte.switches, strict=False))
    claims = fs.userinfo(fs.token(fs.login(scope="openid")).json()["access_token"]).json()
    assert set(claims) == {"sub", "preferred_username", "given_name", "family_name"}


def test_the_session_spares_the_page_for_four_hours(fs, contexte):
    fs.login()
    assert "code" in fs.returned(fs.ask(prompt="none"))
    assert fs.ask(prompt="login").status_code == 200
    contexte.clock.advance(timedelta(hours=5))
    assert fs.returned(fs.ask(prompt="none"))["error"] == "login_required"


def test_the_refresh_token_turns(fs, contexte):
    first = fs.token(fs.login()).json()
    second = fs.refresh(first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert fs.verified(second["id_token"], audience="opensegur-demo")["nonce"] == "nonce-1"
    contexte.clock.advance(timedelta(minutes=29))
    third = fs.refresh(second["refresh_token"])
    assert third.status_code == 200
    contexte.clock.advance(timedelta(minutes=31))
    assert fs.refresh(third.json()["refresh_token"]).json()["error"] == "invalid_grant"


def test_a_used_refresh_token_closes_the_session(fs):
    first = fs.token(fs.login()).json()
    second = fs.refresh(first["refresh_token"]).json()
    assert fs.refresh(first["refresh_token"]).json()["error"] == "invalid_grant"
    assert fs.refresh(second["refresh_token"]).json()["error"] == "invalid_grant"
    assert fs.userinfo(second["access_token"]).status_code == 401


def test_introspection_tells_an_access_token_a_refresh_token_and_nothing(fs, contexte):
    tokens = fs.token(fs.login()).json()
    access = fs.back("token/introspect", token=tokens["access_token"]).json()
    assert access["active"] is True
    assert access["SubjectNameID"] == "899700500012"
    assert access["client_id"] == "opensegur-demo"
    assert access["username"] == "899700500012"
    refresh = fs.back("token/introspect", token=tokens["refresh_token"]).json()
    assert refresh["active"] is True
    assert "SubjectNameID" not in refresh
    assert fs.back("token/introspect", token="faux").json() == {"active": False}
    contexte.clock.advance(timedelta(seconds=121))
    assert fs.back("token/introspect", token=tokens["access_token"]).json() == {"active": False}


def test_revocation_of_each_token(fs):
    tokens = fs.token(fs.login()).json()
    assert fs.back("revoke", token=tokens["access_token"]).status_code == 200
    assert fs.userinfo(tokens["access_token"]).status_code == 401
    renewed = fs.refresh(tokens["refresh_token"]).json()
    fs.back("revoke", token=renewed["refresh_token"])
    assert fs.refresh(renewed["refresh_token"]).json()["error"] == "invalid_grant"
    assert fs.back("revoke", token="inconnu").status_code == 200


def test_logout_comes_back_with_its_state_and_closes_the_session(fs, client):
    tokens = fs.token(fs.login()).json()
    answer = client.get(
        "/auth/realms/esante-wallet/protocol/openid-connect/logout",
        params={
            "id_token_hint": tokens["id_token"],
            "post_logout_redirect_uri": "http://localhost:9000/au-revoir",
            "state": "s",
        },
    )
    assert answer.headers["location"] == "http://localhost:9000/au-revoir?state=s"
    assert fs.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert fs.returned(fs.ask(prompt="none"))["error"] == "login_required"


def test_logout_from_the_back_end_and_by_a_browser_alone(fs, client):
    tokens = fs.token(fs.login()).json()
    path = "/auth/realms/esante-wallet/protocol/openid-connect/logout"
    assert client.post(path, data={"id_token_hint": tokens["id_token"]}).status_code == 204
    assert "déconnecté" in client.get(path).text


def test_the_person_may_refuse(fs):
    back = fs.returned(fs.choose(fs.ask(), decision="refuser"))
    assert back["error"] == "access_denied"
    assert back["state"] == "etat-1"


def test_the_page_is_in_french_lists_everybody_and_lets_the_form_lead_back(fs):
    page = fs.ask()
    assert "S’identifier auprès de" in page.text
    assert page.text.count('type="radio"') == 11
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self' http://localhost:9000" in policy
