"""What somebody may try against a login, and the refusal that each attempt meets.

Sources: RFC 6819, RFC 9700 (OAuth security), OpenID Connect Core §16, CIBA Core §15.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from opensegur.foundation.ports import FixedClock
from opensegur.psc import Demande, PscClient, PscError
from opensegur.psc.testing import EMETTEUR, MEDECIN, POINT, MemoryPsc

MOI = MEDECIN["SubjectNameID"]
AUTRE = {**MEDECIN, "sub": "f:autre", "SubjectNameID": "899700000001", "preferred_username": "899700000001"}
_STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Scene:
    """One person about to come in, and somebody who holds the wire."""

    client: PscClient
    psc: MemoryPsc
    clock: FixedClock

    def begin(self) -> tuple[Demande, dict[str, str]]:
        demande = self.client.begin()
        return demande, self.psc.approve(demande.url)

    def come_back(self, **changes: Any) -> None:
        demande, retour = self.begin()
        kept = {name: value for name, value in (retour | changes).items() if value is not None}
        self.client.complete(demande, kept)

    def believe(self, **claims: Any) -> None:
        """An ID token of the provider itself, with other claims; None takes one away."""
        self.psc.id_claims = claims
        self.come_back()

    def forge(self, key: Any, algorithm: str, **headers: Any) -> None:
        """An ID token that says what is expected, made by somebody else."""
        demande, retour = self.begin()
        now = int(self.clock.now().timestamp())
        claims = {
            "iss": EMETTEUR,
            "aud": POINT.client_id,
            "azp": POINT.client_id,
            "sub": MEDECIN["sub"],
            "iat": now,
            "exp": now + 120,
            "nonce": demande.nonce,
            "acr": "eidas1",
        }
        self.psc.token_answer = {"id_token": jwt.encode(claims, key, algorithm=algorithm, headers=headers)}
        self.client.complete(demande, retour)


def _public_key(scene: Scene) -> bytes:
    """What anybody reads at the address of the keys, as the text of a shared secret."""
    demande, retour = scene.begin()
    session = scene.client.complete(demande, retour)
    kid = jwt.get_unverified_header(session.jetons.identite)["kid"]
    canal = scene.client._canal
    return canal._keys[kid].public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)  # type: ignore[no-any-return]


def _kid(scene: Scene) -> str:
    demande, retour = scene.begin()
    token = scene.client.complete(demande, retour).jetons.identite
    return str(jwt.get_unverified_header(token)["kid"])


def _replayed_return(scene: Scene) -> None:
    demande, retour = scene.begin()
    scene.client.complete(demande, retour)
    scene.client.complete(demande, retour)


def _state_of_another_login(scene: Scene) -> None:
    other = scene.client.begin()
    scene.come_back(state=other.state)


def _code_of_another_login(scene: Scene) -> None:
    """The attacker's own code in the victim's return: the verifier does not answer its challenge."""
    _, stolen = scene.begin()
    scene.come_back(code=stolen["code"])


def _verifier_of_another_login(scene: Scene) -> None:
    demande, retour = scene.begin()
    scene.client.complete(replace(demande, verifier=scene.client.begin().verifier), retour)


def _nonce_of_another_login(scene: Scene) -> None:
    scene.believe(nonce=scene.client.begin().nonce)


def _token_of_another_login(scene: Scene) -> None:
    """A good token, of the same person, obtained before."""
    demande, retour = scene.begin()
    scene.psc.token_answer = {"id_token": scene.client.complete(demande, retour).jetons.identite}
    scene.come_back()


def _refusal_of_another_login(scene: Scene) -> None:
    """A refusal that was sent to somebody else does not end this login."""
    demande = scene.client.begin()
    scene.client.complete(demande, scene.psc.deny(scene.client.begin().url))


def _without_signature(scene: Scene) -> None:
    scene.forge(None, "none", kid=_kid(scene))


def _signature_cut_off(scene: Scene) -> None:
    demande, retour = scene.begin()
    good = scene.psc.sign({"iss": EMETTEUR, "aud": POINT.client_id, "sub": MEDECIN["sub"], "nonce": demande.nonce})
    scene.psc.token_answer = {"id_token": good.rpartition(".")[0] + "."}
    scene.client.complete(demande, retour)


def _content_changed(scene: Scene) -> None:
    demande, retour = scene.begin()
    header, _, signature = scene.psc.sign({"iss": EMETTEUR}).split(".")
    now = int(scene.clock.now().timestamp())
    claims = {"iss": EMETTEUR, "aud": POINT.client_id, "sub": "x", "iat": now, "exp": now + 60, "acr": "eidas1"}
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    scene.psc.token_answer = {"id_token": f"{header}.{body}.{signature}"}
    scene.client.complete(demande, retour)


def _public_key_as_a_secret(scene: Scene) -> None:
    scene.forge(base64.b64encode(_public_key(scene)), "HS256", kid=_kid(scene))


def _client_secret_as_a_key(scene: Scene) -> None:
    scene.forge(POINT.client_secret + 32 * "x", "HS256", kid=_kid(scene))


def _stranger_with_our_kid(scene: Scene) -> None:
    scene.forge(_STRANGER, "RS256", kid=_kid(scene))


def _stranger_with_a_kid_of_its_own(scene: Scene) -> None:
    scene.forge(_STRANGER, "RS256", kid="etranger")


def _stranger_who_brings_its_key(scene: Scene) -> None:
    public = jwt.algorithms.RSAAlgorithm.to_jwk(_STRANGER.public_key(), as_dict=True)
    scene.forge(_STRANGER, "RS256", kid=_kid(scene), jwk=public)


def _stranger_who_says_where_its_key_is(scene: Scene) -> None:
    scene.forge(_STRANGER, "RS256", kid=_kid(scene), jku="https://attaquant.invalid/cles")


def _key_that_was_withdrawn(scene: Scene) -> None:
    """After a rotation, a token of the former key, for a service that has read the keys again."""
    demande, retour = scene.begin()
    former = scene.psc.sign({"iss": EMETTEUR, "aud": POINT.client_id, "sub": "x", "iat": 1, "exp": 2})
    scene.psc.rotate_key()
    scene.client.complete(demande, retour)
    scene.psc.token_answer = {"id_token": former}
    scene.come_back()


def _userinfo_of_another(scene: Scene) -> None:
    """An access token of somebody else slipped into the answer."""
    other = scene.client.begin()
    session = scene.client.complete(other, scene.psc.approve(other.url, AUTRE))
    scene.psc.token_answer = {"access_token": session.jetons.acces}
    scene.come_back()


def _signed_userinfo(scene: Scene, **claims: Any) -> None:
    demande, retour = scene.begin()
    scene.client.refresh(scene.client.complete(demande, retour))
    demande, retour = scene.begin()
    token = jwt.encode(
        {**MEDECIN, "iss": EMETTEUR, "aud": POINT.client_id} | claims,
        _STRANGER,
        algorithm="RS256",
        headers={"kid": _kid(scene)},
    )
    real = scene.psc.send
    scene.psc.send = lambda request: (  # type: ignore[method-assign]
        type(real(request))(200, {"content-type": "application/jwt"}, token.encode())
        if request.url.endswith("/userinfo")
        else real(request)
    )
    scene.client.complete(demande, retour)


def _refresh_of_another(scene: Scene) -> None:
    demande, retour = scene.begin()
    mine = scene.client.complete(demande, retour)
    other = scene.client.begin()
    theirs = scene.client.complete(other, scene.psc.approve(other.url, AUTRE))
    scene.client.refresh(replace(mine, jetons=theirs.jetons))


def _refresh_replayed(scene: Scene) -> None:
    demande, retour = scene.begin()
    session = scene.client.complete(demande, retour)
    scene.client.refresh(session)
    scene.client.refresh(session)


def _refresh_after_the_end(scene: Scene) -> None:
    demande, retour = scene.begin()
    session = scene.client.complete(demande, retour)
    scene.psc.end_sessions()
    scene.client.refresh(session)


def _discovery(**changes: Any) -> Callable[[Scene], None]:
    def attack(scene: Scene) -> None:
        scene.psc.discovery = changes
        scene.come_back()

    return attack


def _phone(refusal: str) -> Callable[[Scene], None]:
    def attack(scene: Scene) -> None:
        demande = scene.client.ask(MOI)
        scene.psc.decline(refusal)
        scene.clock.moment = demande.prochain_le
        scene.client.poll(demande)

    return attack


def _phone_answered_by_another(scene: Scene) -> None:
    demande = scene.client.ask(MOI)
    scene.psc.accept(AUTRE)
    scene.clock.moment = demande.prochain_le
    scene.client.poll(demande)


def _phone_replayed(scene: Scene) -> None:
    demande = scene.client.ask(MOI)
    scene.psc.accept()
    scene.clock.moment = demande.prochain_le
    scene.client.poll(demande)
    scene.client.poll(demande)


def _phone_too_late(scene: Scene) -> None:
    demande = scene.client.ask(MOI)
    scene.psc.accept()
    scene.clock.moment = demande.expire_le + timedelta(seconds=1)
    scene.client.poll(demande)


def _phone_at_a_lower_level(scene: Scene) -> None:
    scene.psc.id_claims = {"acr": "eidas0"}
    demande = scene.client.ask(MOI)
    scene.psc.accept()
    scene.clock.moment = demande.prochain_le
    scene.client.poll(demande)


ATTAQUES: dict[str, tuple[Callable[[Scene], None], str]] = {
    "state absent": (lambda s: s.come_back(state=None), "PSC_STATE"),
    "state empty": (lambda s: s.come_back(state=""), "PSC_STATE"),
    "state guessed": (lambda s: s.come_back(state="0" * 43), "PSC_STATE"),
    "state that is no ASCII": (lambda s: s.come_back(state="é\ud800"), "PSC_STATE"),
    "state of another login": (_state_of_another_login, "PSC_STATE"),
    "refusal of another login": (_refusal_of_another_login, "PSC_STATE"),
    "code absent": (lambda s: s.come_back(code=None), "PSC_STATE"),
    "code guessed": (lambda s: s.come_back(code="devine"), "PSC_SESSION"),
    "code of another login": (_code_of_another_login, "PSC_SESSION"),
    "verifier of another login": (_verifier_of_another_login, "PSC_SESSION"),
    "return replayed": (_replayed_return, "PSC_SESSION"),
    "mix-up: return of another issuer": (lambda s: s.come_back(iss="https://autre.invalid"), "PSC_ISSUER"),
    "nonce absent": (lambda s: s.believe(nonce=None), "PSC_ID_TOKEN"),
    "nonce of another login": (_nonce_of_another_login, "PSC_ID_TOKEN"),
    "token of another login": (_token_of_another_login, "PSC_ID_TOKEN"),
    "alg none": (_without_signature, "PSC_ID_TOKEN"),
    "signature cut off": (_signature_cut_off, "PSC_ID_TOKEN"),
    "content changed": (_content_changed, "PSC_ID_TOKEN"),
    "public key as a shared secret": (_public_key_as_a_secret, "PSC_ID_TOKEN"),
    "client secret as a key": (_client_secret_as_a_key, "PSC_ID_TOKEN"),
    "stranger with our kid": (_stranger_with_our_kid, "PSC_ID_TOKEN"),
    "stranger with a kid of its own": (_stranger_with_a_kid_of_its_own, "PSC_ID_TOKEN"),
    "stranger who brings its key (jwk)": (_stranger_who_brings_its_key, "PSC_ID_TOKEN"),
    "stranger who says where its key is (jku)": (_stranger_who_says_where_its_key_is, "PSC_ID_TOKEN"),
    "key that was withdrawn": (_key_that_was_withdrawn, "PSC_ID_TOKEN"),
    "issuer of the token": (lambda s: s.believe(iss="https://autre.invalid"), "PSC_ID_TOKEN"),
    "audience of another service": (lambda s: s.believe(aud="autre"), "PSC_ID_TOKEN"),
    "two audiences, made for the other": (lambda s: s.believe(aud=[POINT.client_id, "b"], azp="b"), "PSC_ID_TOKEN"),
    "two audiences, made for nobody": (lambda s: s.believe(aud=[POINT.client_id, "b"], azp=None), "PSC_ID_TOKEN"),
    "token expired": (lambda s: s.believe(exp=1), "PSC_ID_TOKEN"),
    "token of tomorrow": (lambda s: s.believe(iat=2**40, exp=2**41), "PSC_ID_TOKEN"),
    "token without an end": (lambda s: s.believe(exp=None), "PSC_ID_TOKEN"),
    "token without a person": (lambda s: s.believe(sub=None), "PSC_ID_TOKEN"),
    "lower level": (lambda s: s.believe(acr="eidas0"), "PSC_ACR"),
    "no level": (lambda s: s.believe(acr=None), "PSC_ACR"),
    "userinfo of another": (_userinfo_of_another, "PSC_USERINFO"),
    "userinfo signed by a stranger": (_signed_userinfo, "PSC_ID_TOKEN"),
    "refresh token of another": (_refresh_of_another, "PSC_SESSION"),
    "refresh token replayed": (_refresh_replayed, "PSC_SESSION"),
    "refresh after the end": (_refresh_after_the_end, "PSC_SESSION"),
    "tokens asked in clear": (_discovery(token_endpoint="http://autre.exemple/token"), "PSC_CONFIGURATION"),
    "keys read in clear": (_discovery(jwks_uri="http://autre.exemple/cles"), "PSC_CONFIGURATION"),
    "phone: refused": (_phone("access_denied"), "PSC_ACCESS_DENIED"),
    "phone: expired": (_phone("expired_token"), "PSC_CIBA_EXPIREE"),
    "phone: answered by another": (_phone_answered_by_another, "PSC_CIBA_AUTRE"),
    "phone: replayed": (_phone_replayed, "PSC_CIBA_EXPIREE"),
    "phone: too late": (_phone_too_late, "PSC_CIBA_EXPIREE"),
    "phone: lower level": (_phone_at_a_lower_level, "PSC_ACR"),
}


@pytest.mark.parametrize("name", ATTAQUES)
def test_an_attack_is_refused(client: PscClient, psc: MemoryPsc, clock: FixedClock, name: str) -> None:
    attack, expected = ATTAQUES[name]

    with pytest.raises(PscError) as refused:
        attack(Scene(client, psc, clock))

    assert refused.value.code == expected
    # what is told holds nothing of what was tried
    assert not {"devine", "autre.invalid", "etranger"} & set(str(refused.value.detail).split())


def test_there_are_forty_of_them_at_least() -> None:
    assert len(ATTAQUES) >= 40


def test_whoever_is_told_to_slow_down_does(client: PscClient, psc: MemoryPsc, clock: FixedClock) -> None:
    demande = client.ask(MOI)
    psc.decline("slow_down")
    clock.moment = demande.prochain_le
    slower = client.poll(demande)
    sent = len(psc.requests)
    clock.moment += timedelta(seconds=demande.intervalle + 4)

    client.poll(slower)  # type: ignore[arg-type]

    assert len(psc.requests) == sent


def test_a_key_that_rotates_is_found_again(client: PscClient, psc: MemoryPsc) -> None:
    for _ in range(3):
        demande = client.begin()
        client.complete(demande, psc.approve(demande.url))
        psc.rotate_key()
