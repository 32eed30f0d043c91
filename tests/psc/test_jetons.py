"""What makes an ID token believed, one check at a time."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from hypothesis import given
from hypothesis import strategies as st

from opensegur.psc import DUREE_MAX, INACTIVITE_MAX, PscError, session_is_over
from opensegur.psc.decouverte import read_discovery
from opensegur.psc.jetons import check_id_token, read_tokens

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ISSUER = "https://auth.exemple.invalid/realm"
CLAIMS = {
    "iss": ISSUER,
    "aud": "cabinet",
    "azp": "cabinet",
    "sub": "s",
    "iat": int(NOW.timestamp()),
    "exp": int(NOW.timestamp()) + 120,
    "nonce": "n",
    "acr": "eidas1",
}


def _check(token: str, **changes):
    arguments = {
        "key_of": lambda kid: KEY.public_key(),
        "emetteur": ISSUER,
        "client_id": "cabinet",
        "nonce": "n",
        "now": NOW,
    }
    return check_id_token(token, **arguments | changes)


def _signed(**changes) -> str:
    claims = {name: value for name, value in (CLAIMS | changes).items() if value is not None}
    return jwt.encode(claims, KEY, algorithm="RS256", headers={"kid": "k"})


def _raw(payload: bytes, header: bytes = b'{"alg":"RS256","kid":"k"}') -> str:
    """A token whose JSON is written by hand, signed all the same."""
    parts = [base64.urlsafe_b64encode(part).rstrip(b"=") for part in (header, payload)]
    signature = KEY.sign(b".".join(parts), padding.PKCS1v15(), hashes.SHA256())
    return b".".join([*parts, base64.urlsafe_b64encode(signature).rstrip(b"=")]).decode()


def test_a_good_token_is_believed():
    assert _check(_signed())["sub"] == "s"
    assert _check(_signed(aud=["autre", "cabinet"]))["sub"] == "s"


@pytest.mark.exigence("PSC.08")
@pytest.mark.parametrize("acr", ["1", "eidas3", "", None, 0])
def test_any_other_level_is_refused(acr):
    with pytest.raises(PscError) as refused:
        _check(_signed(acr=acr))
    assert refused.value.code == "PSC_ACR"


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://autre.invalid"},
        {"iss": None},
        {"aud": "autre"},
        {"aud": None},
        {"azp": "autre"},
        {"aud": ["autre", "cabinet"], "azp": None},
        {"nonce": "autre"},
        {"nonce": None},
        {"exp": int(NOW.timestamp()) - 31},
        {"exp": None},
        {"exp": "demain"},
        {"iat": int(NOW.timestamp()) + 31},
        {"iat": None},
        {"sub": None},
    ],
)
def test_each_claim_is_checked(changes):
    with pytest.raises(PscError) as refused:
        _check(_signed(**changes))
    assert refused.value.code == "PSC_ID_TOKEN"


def test_clocks_may_differ_by_thirty_seconds():
    assert _check(_signed(exp=int(NOW.timestamp()) - 29))
    assert _check(_signed(iat=int(NOW.timestamp()) + 29))


def test_the_hour_is_the_callers_not_the_machines():
    assert _check(_signed(), now=NOW + timedelta(seconds=60))
    with pytest.raises(PscError):
        _check(_signed(), now=NOW + timedelta(days=1))


def test_only_rs256_is_accepted():
    public = KEY.public_key()
    for token in (
        jwt.encode(CLAIMS, "", algorithm="none"),
        jwt.encode(CLAIMS, "secret" * 12, algorithm="HS256"),
        jwt.encode(CLAIMS, KEY, algorithm="RS512"),
        jwt.encode(CLAIMS, KEY, algorithm="PS256"),
    ):
        with pytest.raises(PscError) as refused:
            _check(token, key_of=lambda kid: public)
        assert refused.value.code == "PSC_ID_TOKEN"


def test_the_token_of_another_key_is_refused():
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    with pytest.raises(PscError):
        _check(jwt.encode(CLAIMS, other, algorithm="RS256"))


def test_a_member_written_twice_counts_by_its_last_value():
    """Tokens of 2021 carried two ``acr``: they must not crash, and the last one decides."""
    text = json.dumps({name: value for name, value in CLAIMS.items() if name != "acr"})
    assert _check(_raw(text.replace("{", '{"acr": "1", "acr": "eidas1", ', 1).encode()))
    with pytest.raises(PscError) as refused:
        _check(_raw(text.replace("{", '{"acr": "eidas1", "acr": "eidas3", ', 1).encode()))
    assert refused.value.code == "PSC_ACR"


@pytest.mark.parametrize("payload", [b"", b"[]", b"null", b"\xff", b"[" * 20_000, b'{"exp": NaN}'])
def test_a_signed_nonsense_is_refused_without_a_crash(payload):
    with pytest.raises(PscError):
        _check(_raw(payload))


def test_times_that_are_no_numbers_never_hold():
    text = json.dumps(CLAIMS | {"exp": "X"}).replace('"X"', "NaN")
    with pytest.raises(PscError):
        _check(_raw(text.encode()))


@given(st.text(max_size=60))
def test_any_text_for_a_token_is_refused_without_a_crash(token):
    with pytest.raises(PscError):
        _check(token)


@pytest.mark.fixtures
def test_the_claims_of_the_fixture_are_believed_at_their_hour(official):
    claims = json.loads((official / "psc/tokens/id-token-claims-synthetic.json").read_text(encoding="utf-8"))
    token = jwt.encode(claims, KEY, algorithm="RS256")
    known = {"emetteur": claims["iss"], "client_id": "demo-client", "nonce": claims["nonce"]}
    assert _check(token, **known, now=datetime.fromtimestamp(claims["iat"] + 5, UTC))["SubjectNameID"]


@pytest.mark.fixtures
def test_the_answer_of_the_fixture_is_read(official):
    tokens = read_tokens((official / "psc/tokens/token-response.json").read_bytes(), NOW)
    assert tokens.expire_le == NOW + timedelta(seconds=120)
    assert tokens.rafraichissement_expire_le == NOW + timedelta(seconds=1800)


@pytest.mark.parametrize("life", [None, -1, "120", True, 10**12, 1e400])
def test_a_strange_lifetime_is_no_crash(life):
    body = json.dumps({"access_token": "a", "id_token": "i", "refresh_token": "r", "expires_in": life})
    assert read_tokens(body.encode(), NOW).expire_le >= NOW


@pytest.mark.fixtures
@pytest.mark.parametrize("name", ["discovery-bas.json", "discovery-prod-derived.json"])
def test_the_official_discovery_documents_are_read(official, name):
    provider = read_discovery((official / "psc" / name).read_bytes())
    assert provider.autorisation.split("/")[2].startswith("wallet.")
    assert provider.emetteur.split("/")[2].startswith("auth.")
    assert provider.fin_de_session.endswith("/logout")


@pytest.mark.parametrize(
    ("since_login", "since_seen", "over"),
    [
        (timedelta(0), timedelta(0), False),
        (DUREE_MAX - timedelta(seconds=1), timedelta(minutes=1), False),
        (DUREE_MAX, timedelta(0), True),
        (timedelta(hours=1), INACTIVITE_MAX, True),
        (timedelta(hours=1), INACTIVITE_MAX - timedelta(seconds=1), False),
    ],
)
def test_a_session_ends_after_four_hours_or_thirty_idle_minutes(since_login, since_seen, over):
    assert session_is_over(NOW - since_login, NOW - since_seen, NOW) is over
