"""A login from end to end, over real messages and no network."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from opensegur.psc import PscClient, PscError
from opensegur.psc.testing import EMETTEUR, MEDECIN, POINT, PORTAIL, MemoryPsc

pytestmark = pytest.mark.exigence("PSC.01")


def _login(client, psc, **changes):
    demande = client.begin()
    return client.complete(demande, psc.approve(demande.url) | changes)


def _code(call, *arguments):
    with pytest.raises(PscError) as refused:
        call(*arguments)
    assert refused.value.conseil
    return refused.value.code


@pytest.mark.exigence("PSC.08")
def test_the_browser_is_sent_with_what_psc_asks(client):
    demande = client.begin()
    assert demande.url.startswith(f"{PORTAIL}?")
    query = {name: values[0] for name, values in parse_qs(urlsplit(demande.url).query).items()}
    assert query["acr_values"] == "eidas1"
    assert query["scope"] == "openid scope_all"
    assert (query["response_type"], query["code_challenge_method"]) == ("code", "S256")
    assert (query["state"], query["nonce"]) == (demande.state, demande.nonce)
    assert len(query["code_challenge"]) == 43
    assert demande.verifier not in demande.url


def test_two_logins_share_nothing(client):
    one, other = client.begin(), client.begin()
    assert not {one.state, one.nonce, one.verifier} & {other.state, other.nonce, other.verifier}


def test_a_login_identifies_a_person(client, psc, clock):
    session = _login(client, psc)
    assert session.userinfo.rpps == "99700218896"
    assert session.moyen == "MOBILE"
    assert session.authentifie_le == clock.now() - timedelta(seconds=5)
    assert session.jetons.expire_le == clock.now() + timedelta(seconds=120)
    assert session.jetons.rafraichissement_expire_le == clock.now() + timedelta(minutes=30)


def test_tokens_and_secrets_are_never_shown(client, psc):
    demande = client.begin()
    session = client.complete(demande, psc.approve(demande.url))
    shown = repr((session, demande, client, POINT))
    hidden = (
        session.jetons.acces,
        session.jetons.identite,
        session.jetons.rafraichissement,
        demande.verifier,
        POINT.client_secret,
    )
    assert not [secret for secret in hidden if secret in shown]


def test_discovery_and_keys_are_read_once(client, psc):
    _login(client, psc)
    _login(client, psc)
    urls = [request.url for request in psc.requests]
    assert len([url for url in urls if url.endswith(("wallet-openid-configuration", "/certs"))]) == 2


def test_an_unknown_key_is_asked_for_again(client, psc):
    _login(client, psc)
    psc.rotate_key()
    assert _login(client, psc).userinfo.rpps


def test_without_a_secret_the_client_names_itself_in_the_form(clock):
    from dataclasses import replace

    point = replace(POINT, client_secret="")
    psc = MemoryPsc(clock, point)
    assert _login(PscClient(psc, point, clock), psc).userinfo.rpps
    token_request = next(request for request in psc.requests if request.url.endswith("/token"))
    assert "Authorization" not in token_request.headers
    assert b"client_id=cabinet-d-essai" in token_request.body


@pytest.mark.parametrize(
    "changes", [{"state": "autre"}, {"state": ""}, {"code": ""}, {"state": "\udc80"}, {"state": "é"}]
)
def test_a_return_that_answers_no_login_is_refused(client, psc, changes):
    assert _code(lambda: _login(client, psc, **changes)) == "PSC_STATE"


def test_another_issuer_in_the_return_is_refused_and_none_is_accepted(client, psc):
    assert _code(lambda: _login(client, psc, iss="https://autre.invalid")) == "PSC_ISSUER"
    demande = client.begin()
    back = psc.approve(demande.url)
    del back["iss"]
    assert client.complete(demande, back).userinfo.rpps


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ("access_denied", "PSC_ACCESS_DENIED"),
        ("login_required", "PSC_SESSION"),
        ("temporarily_unavailable", "PSC_UNAVAILABLE"),
        ("server_error", "PSC_UNAVAILABLE"),
        ("unauthorized_client", "PSC_CLIENT"),
        ("invalid_scope", "PSC_CLIENT"),
        ("<script>", "PSC_ACCESS_DENIED"),
    ],
)
def test_each_refusal_of_the_return_has_its_own_words(client, psc, error, code):
    demande = client.begin()
    assert _code(client.complete, demande, psc.deny(demande.url, error)) == code


def test_a_code_serves_once(client, psc):
    demande = client.begin()
    back = psc.approve(demande.url)
    client.complete(demande, back)
    assert _code(client.complete, demande, back) == "PSC_SESSION"


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("after", [0, 1, 2, 3])
def test_a_provider_that_fails_at_any_step_is_unavailable(client, psc, status, after):
    """Discovery, token, keys and userinfo: the four requests of a login."""
    with pytest.raises(PscError) as refused:
        _fail_after(client, psc, after, lambda: psc.answer_next(status, b"<html>erreur</html>"))
    assert (refused.value.code, refused.value.retryable) == ("PSC_UNAVAILABLE", True)
    assert "https://status.esante.gouv.fr" in refused.value.conseil


@pytest.mark.parametrize("after", [0, 1, 2, 3])
def test_a_provider_that_does_not_answer_is_unavailable(client, psc, after):
    with pytest.raises(PscError) as refused:
        _fail_after(client, psc, after, psc.cut_next)
    assert refused.value.code == "PSC_UNAVAILABLE"


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"\xff", b"[" * 100_000])
@pytest.mark.parametrize("after", [0, 1, 2, 3])
def test_an_answer_that_is_no_json_is_refused_without_a_crash(client, psc, after, body):
    with pytest.raises(PscError):
        _fail_after(client, psc, after, lambda: psc.answer_next(200, body))


def _fail_after(client, psc, count, plan):
    send = psc.send
    seen = []

    def counting(request):
        if len(seen) == count:
            plan()
        seen.append(request)
        return send(request)

    psc.send = counting
    _login(client, psc)


def test_a_failed_discovery_is_tried_again_at_the_next_login(client, psc):
    psc.answer_next(503)
    assert _code(client.begin) == "PSC_UNAVAILABLE"
    assert _login(client, psc).userinfo.rpps


@pytest.mark.parametrize(
    "changes",
    [
        {"token_endpoint": "http://auth.exemple.invalid/token"},
        {"end_session_endpoint": "javascript:alert(1)"},
        {"jwks_uri": 3},
        {"authorization_endpoint": ""},
    ],
)
def test_a_discovery_that_points_elsewhere_is_refused(client, psc, changes):
    psc.discovery = changes
    assert _code(client.begin) == "PSC_CONFIGURATION"


def test_the_person_of_userinfo_is_that_of_the_token(client, psc):
    psc.id_claims = {"sub": "f:un-autre"}
    assert _code(lambda: _login(client, psc)) == "PSC_USERINFO"


def test_a_signed_userinfo_is_verified_and_read(client, psc):
    psc.signed_userinfo = True
    assert _login(client, psc).userinfo.rpps == "99700218896"


def test_a_signed_userinfo_of_a_stranger_is_refused(client, psc):
    stranger = MemoryPsc(psc._clock)
    for _ in range(5):
        stranger.rotate_key()
    forged = stranger.sign({**MEDECIN, "iss": EMETTEUR, "aud": POINT.client_id})
    with pytest.raises(PscError):
        _fail_after(client, psc, 3, lambda: psc.answer_next(200, forged.encode(), "application/jwt"))


def test_a_refresh_gives_new_tokens_and_spends_the_old_one(client, psc, clock):
    session = _login(client, psc)
    clock.moment += timedelta(minutes=20)
    again = client.refresh(session)
    assert again.jetons.rafraichissement != session.jetons.rafraichissement
    assert again.jetons.expire_le == clock.now() + timedelta(seconds=120)
    assert _code(client.refresh, session) == "PSC_SESSION"


def test_a_refresh_takes_lost_rights_away(client, psc):
    demande = client.begin()
    person = {**MEDECIN}
    session = client.complete(demande, psc.approve(demande.url, person))
    person["SubjectRefPro"], person["SubjectRole"] = {"exercices": []}, []
    assert client.refresh(session).userinfo.choices() == ()


def test_a_refresh_never_changes_the_person_nor_the_hour_of_the_login(client, psc, clock):
    demande = client.begin()
    person = {**MEDECIN}
    session = client.complete(demande, psc.approve(demande.url, person))
    psc.id_claims = {"auth_time": None}
    clock.moment += timedelta(minutes=10)
    again = client.refresh(session)
    assert again.authentifie_le == session.authentifie_le
    person["sub"] = "f:un-autre"
    assert _code(client.refresh, again) == "PSC_SESSION"


def test_an_ended_session_cannot_be_refreshed(client, psc):
    session = _login(client, psc)
    psc.end_sessions()
    assert _code(client.refresh, session) == "PSC_SESSION"


def test_a_session_without_a_refresh_token_cannot_be_refreshed(client, psc):
    psc.token_answer = {"refresh_token": None, "refresh_expires_in": None}
    assert _code(client.refresh, _login(client, psc)) == "PSC_SESSION"


def test_the_logout_address_carries_the_token_and_a_state(client, psc):
    session = _login(client, psc)
    address = client.logout_url(session.jetons.identite, "https://cabinet.exemple.invalid/", "s1")
    query = parse_qs(urlsplit(address).query)
    assert query["id_token_hint"] == [session.jetons.identite]
    assert query["post_logout_redirect_uri"] == ["https://cabinet.exemple.invalid/"]
    assert query["state"] == ["s1"]
    assert "state" not in client.logout_url("jeton", "https://cabinet.exemple.invalid/")


@pytest.mark.parametrize("answer", [{"discovery": {"end_session_endpoint": None}}])
def test_without_a_logout_address_there_is_none(client, psc, answer):
    psc.discovery = answer["discovery"]
    assert client.logout_url("jeton", "https://cabinet.exemple.invalid/") == ""


def test_the_detail_of_a_refusal_never_holds_a_token(client, psc):
    session = _login(client, psc)
    psc.id_claims = {"iss": "https://autre.invalid"}
    demande = client.begin()
    back = psc.approve(demande.url)
    with pytest.raises(PscError) as refused:
        client.complete(demande, back)
    told = f"{refused.value} {refused.value.detail} {refused.value.conseil}"
    assert back["code"] not in told
    assert session.jetons.acces not in told
    assert "eyJ" not in told
