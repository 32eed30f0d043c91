"""The card behind the ``Signer`` port: what a software certificate signs, a card signs."""

from __future__ import annotations

import secrets

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from opensegur.cps.session import Paire, SessionCarte
from opensegur.foundation.ports import HashName

_CHALLENGE = b"OPENSEGUR-DEFI\0"
_MIN_CHALLENGE = 16


class CardSigner:
    """A ``Signer`` over the card's signature pair: VIHF, documents.

    Raises ``CpsError``: CPS_CERTIFICAT_ABSENT or CPS_CLES_INVERSEES at once, CPS_PIN_DEMANDE when it signs without
    the code, ``CarteRetiree`` when the card is gone.
    """

    def __init__(self, session: SessionCarte) -> None:
        self._session = session
        self._certificate = session.certificate(Paire.SIGNATURE)

    @property
    def certificate(self) -> x509.Certificate:
        return self._certificate

    def sign(self, data: bytes, hash_name: HashName = "sha256") -> bytes:
        return self._session.sign(Paire.SIGNATURE, data, hash_name)


def new_challenge() -> bytes:
    return secrets.token_bytes(32)


def answer_challenge(session: SessionCarte, challenge: bytes) -> bytes:
    """Sign ``challenge`` with the authentication pair, behind a prefix of ours.

    The prefix keeps whoever sends the challenge from having the card sign something else. Raises ``CpsError``,
    ``ValueError`` for a challenge that is too short to be one.
    """
    return session.sign(Paire.AUTHENTIFICATION, _framed(challenge))


def check_challenge(certificate: x509.Certificate, challenge: bytes, signature: bytes) -> bool:
    """Whether the holder of ``certificate`` answered ``challenge``; the trust in it is another question."""
    public = certificate.public_key()
    if not isinstance(public, rsa.RSAPublicKey):
        return False
    try:
        public.verify(signature, _framed(challenge), padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True


def _framed(challenge: bytes) -> bytes:
    if len(challenge) < _MIN_CHALLENGE:
        raise ValueError("a challenge has 16 bytes at least")
    return _CHALLENGE + challenge
