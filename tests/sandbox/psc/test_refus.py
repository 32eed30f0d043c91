"""What Pro Santé Connect refuses, on the page, on the way back and on the back channel."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opensegur.sandbox.exchanges import Issue
from opensegur.sandbox.faults import Fault, Nature

OIDC = "/auth/realms/esante-wallet/protocol/openid-connect"


def rule(contexte):
    return contexte.exchanges.search(limit=1)[0].verdict.refus[0].regle.id


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"client_id": "autre"}, "client.inconnu"),
        ({"client_id": None}, "client.inconnu"),
        ({"redirect_uri": None}, "redirection.inconnue"),
        ({"redirect_uri": "https://ailleurs.example/retour"}, "redirection.inconnue"),
        ({"redirect_uri": "http://localhost:9000/retour#x"}, "redirection.inconnue"),
        ({"redirect_uri": "http://localhost@ailleurs.example/"}, "redirection.inconnue"),
        ({"redirect_uri": "javascript:alert(1)"}, "redirection.inconnue"),
        ({"redirect_uri": "http://[::1"}, "redirection.inconnue"),
    ],
)
def test_an_unknown_service_or_address_is_never_redirected_to(fs, contexte, changes, expected):
    answer = fs.ask(**changes)
    assert answer.status_code == 400
    assert "location" not in answer.headers
    assert "refusée" in answer.text
    assert rule(contexte) == expected


def test_a_declared_address_is_compared_exactly(donnees):
    from opensegur.sandbox.psc.requete import admits_redirect
    from opensegur.sandbox.settings import ClientPsc

    client = ClientPsc("c", "s", "Service", redirect_uris=("https://service.example/retour",))
    assert admits_redirect(client, "https://service.example/retour")
    for other in ("https://service.example/retour/", "https://service.example/Retour", "http://localhost/"):
        assert not admits_redirect(client, other)


@pytest.mark.parametrize(
    ("changes", "error", "expected"),
    [
        ({"response_type": "token"}, "unsupported_response_type", "requete.response_type"),
        ({"response_type": None}, "unsupported_response_type", "requete.response_type"),
        ({"scope": "scope_all"}, "invalid_scope", "requete.scope"),
        ({"scope": "openid autre"}, "invalid_scope", "requete.scope"),
        ({"scope": "openid"}, "invalid_scope", "requete.scope_all"),
        ({"acr_values": None}, "invalid_request", "requete.acr"),
        ({"acr_values": "eidas3"}, "invalid_request", "requete.acr"),
        ({"state": None}, "invalid_request", "requete.state"),
        ({"nonce": None}, "invalid_request", "requete.nonce"),
        ({"code_challenge": None}, "invalid_request", "requete.pkce"),
        ({"code_challenge_method": "plain"}, "invalid_request", "requete.pkce"),
        ({"code_challenge_method": None}, "invalid_request", "requete.pkce"),
        ({"code_challenge": "court"}, "invalid_request", "requete.pkce_forme"),
        ({"prompt": "none"}, "login_required", "session.requise"),
    ],
)
def test_a_wrong_request_comes_back_with_its_error(fs, contexte, changes, error, expected):
    back = fs.returned(fs.ask(**changes))
    assert back["error"] == error
    assert rule(contexte) == expected
    assert "code" not in back


def test_the_lenient_mode_lets_an_old_service_in(fs, contexte):
    contexte.board.change(replace(contexte.switches, strict=False))
    code = fs.login(nonce=None, state=None, code_challenge=None, code_challenge_method=None, acr_values=None)
    answer = fs.http.post(
        f"{OIDC}/token",
        data={"grant_type": "authorization_code", "code": code, "redirect_uri": fs.asked["redirect_uri"]},
        auth=("opensegur-demo", "secret-public-de-demonstration"),
    )
    assert answer.status_code == 200


def test_a_parameter_given_twice(client, contexte):
    assert client.get("/auth?client_id=a&client_id=b").status_code == 400
    assert rule(contexte) == "requete.doublon"


def test_a_code_serves_once_and_its_second_use_closes_the_session(fs, contexte):
    code = fs.login()
    tokens = fs.token(code).json()
    answer = fs.token(code)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    assert rule(contexte) == "jeton.code_reutilise"
    assert fs.userinfo(tokens["access_token"]).status_code == 401


def test_a_code_lives_sixty_seconds(fs, contexte):
    code = fs.login()
    contexte.clock.advance(timedelta(seconds=61))
    assert fs.token(code).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("changes", "error", "expected"),
    [
        ({"code_verifier": "x" * 50}, "invalid_grant", "jeton.verifier"),
        ({"code_verifier": ""}, "invalid_grant", "jeton.verifier"),
        ({"redirect_uri": "http://localhost:9000/retour"}, "invalid_grant", "jeton.redirection"),
        ({"grant_type": "password"}, "unsupported_grant_type", "jeton.grant"),
        ({"grant_type": ""}, "invalid_request", "jeton.grant_absent"),
        ({"code": "faux"}, "invalid_grant", "jeton.code"),
        ({"client_secret": "x"}, "invalid_request", "jeton.client_double"),
    ],
)
def test_a_wrong_token_request(fs, contexte, changes, error, expected):
    answer = fs.token(**{"code": fs.login(), **changes})
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert answer.json()["error_description"].isascii()
    assert rule(contexte) == expected


def test_a_wrong_verifier_uses_the_code_up(fs):
    code = fs.login()
    fs.token(code, code_verifier="x" * 50)
    assert fs.token(code).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("auth", [("opensegur-demo", "faux"), ("autre", "faux"), ("", "")])
def test_a_service_that_does_not_prove_itself(client, contexte, auth):
    answer = client.post(f"{OIDC}/token", data={"grant_type": "authorization_code"}, auth=auth)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert answer.headers["www-authenticate"].startswith("Basic ")
    assert rule(contexte) == "jeton.client"


def test_the_secret_is_not_kept_in_the_headers_of_an_exchange(fs, contexte):
    fs.token(fs.login())
    kept = dict(contexte.exchanges.search(limit=1)[0].entetes_requete)
    assert kept["authorization"] == "Basic …"
    answered = next(item for item in contexte.exchanges.search() if item.operation == "Réponse de la personne")
    assert dict(answered.entetes_reponse)["set-cookie"] == "…"


@pytest.mark.parametrize(
    ("header", "status", "error"),
    [
        ({}, 400, "invalid_request"),
        ({"authorization": "Basic abc"}, 400, "invalid_request"),
        ({"authorization": "Bearer abc"}, 401, "invalid_token"),
    ],
)
def test_userinfo_without_a_good_token(client, header, status, error):
    answer = client.get(f"{OIDC}/userinfo", headers=header)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert ("www-authenticate" in answer.headers) == (status == 401)


def test_an_access_token_lives_two_minutes_and_an_id_token_is_not_one(fs, contexte):
    tokens = fs.token(fs.login()).json()
    assert fs.userinfo(tokens["id_token"]).status_code == 401
    assert fs.userinfo(tokens["refresh_token"]).status_code == 401
    contexte.clock.advance(timedelta(seconds=120))
    assert fs.userinfo(tokens["access_token"]).status_code == 401


def test_the_page_serves_once_and_only_in_its_browser(fs, client, contexte):
    page = fs.ask()
    client.cookies.clear()
    assert fs.choose(page).status_code == 400
    assert rule(contexte) == "page.perimee"
    page = fs.ask()
    fs.choose(page)
    assert fs.choose(page).status_code == 400


def test_an_identity_that_is_not_of_the_list(fs, contexte):
    assert fs.returned(fs.choose(fs.ask(), "899999999999|e-CPS"))["error"] == "invalid_request"
    assert fs.returned(fs.choose(fs.ask(), "500000099200016/CPAT00001|e-CPS"))["error"] == "invalid_request"


@pytest.mark.parametrize(
    "asked",
    [
        {"id_token_hint": "faux"},
        {"post_logout_redirect_uri": "https://ailleurs.example/"},
        {"post_logout_redirect_uri": "http://localhost:9000/"},
    ],
)
def test_a_logout_that_leads_nowhere(client, asked):
    answer = client.get(f"{OIDC}/logout", params=asked)
    assert answer.status_code in {400, 401}
    assert "location" not in answer.headers


def test_a_full_provider(fs, contexte):
    contexte.faults.order(Fault("psc", Nature.FULL))
    answer = fs.back("token/introspect", token="x")
    assert (answer.status_code, answer.json()["error"]) == (503, "temporarily_unavailable")


@pytest.mark.parametrize("path", ["token", "token/introspect", "revoke", "logout"])
@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe=%ff&a", b"a=1&a=2", b"x" * 250_000, b"&".join(b"k%d=1" % i for i in range(500))]
)
def test_hostile_forms(client, contexte, path, content):
    client.post(f"{OIDC}/{path}", content=content, headers={"content-type": "application/x-www-form-urlencoded"})
    assert contexte.exchanges.search(limit=1)[0].verdict.issue is not Issue.ERREUR


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(token=st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=60))
def test_no_token_makes_the_provider_fail(client, contexte, token):
    client.get(f"{OIDC}/userinfo", headers={"authorization": f"Bearer {token}"})
    assert contexte.exchanges.search(limit=1)[0].verdict.issue is Issue.REFUSEE
