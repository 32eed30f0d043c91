"""A device with passkeys, written from W3C Web Authentication (§6.1, §6.5) and RFC 8949, not from our code."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

_PRESENTE, _VERIFIEE, _ATTESTEE = 0x01, 0x04, 0x40


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Appareil:
    """``verifie``: whether it asks for a finger or a code; ``compte``: whether it counts its signatures."""

    origine: str = "http://testserver"
    verifie: bool = True
    compte: bool = False
    identifiant: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    cle: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    signatures: int = 0

    def create(self, options: dict[str, Any]) -> str:
        public = options["publicKey"]
        client = self._client(type="webauthn.create", challenge=public["challenge"])
        attested = bytes(16) + struct.pack(">H", len(self.identifiant)) + self.identifiant + self._cose()
        data = self._data(public["rp"]["id"], _ATTESTEE) + attested
        attestation = _map(
            (_text("fmt"), _text("none")), (_text("attStmt"), _map()), (_text("authData"), _bytes(data))
        )
        return self._answer({"clientDataJSON": b64(client), "attestationObject": b64(attestation)})

    def sign(self, options: dict[str, Any], **autre: Any) -> str:
        public = options["publicKey"]
        client = self._client(**{"type": "webauthn.get", "challenge": public["challenge"], **autre})
        data = self._data(public["rpId"], 0)
        signature = self.cle.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {"clientDataJSON": b64(client), "authenticatorData": b64(data), "signature": b64(signature)}
        )

    def _client(self, **told: Any) -> bytes:
        return json.dumps({"origin": self.origine, "crossOrigin": False, **told}).encode()

    def _data(self, rp_id: str, flags: int) -> bytes:
        flags |= _PRESENTE | (_VERIFIEE if self.verifie else 0)
        self.signatures += self.compte
        return hashlib.sha256(rp_id.encode()).digest() + struct.pack(">BI", flags, self.signatures)

    def _cose(self) -> bytes:
        numbers = self.cle.public_key().public_numbers()
        point = [_bytes(each.to_bytes(32, "big")) for each in (numbers.x, numbers.y)]
        # kty EC2, alg ES256, crv P-256, x, y (RFC 9053)
        pairs = ((1, b"\x02"), (3, b"\x26"), (-1, b"\x01"), (-2, point[0]), (-3, point[1]))
        return _map(*((_small(number), value) for number, value in pairs))

    def _answer(self, response: dict[str, str]) -> str:
        identifier = b64(self.identifiant)
        return json.dumps({"id": identifier, "rawId": identifier, "type": "public-key", "response": response})


def _head(major: int, length: int) -> bytes:
    if length < 24:
        return bytes([major << 5 | length])
    return (
        struct.pack(">BB", major << 5 | 24, length) if length < 256 else struct.pack(">BH", major << 5 | 25, length)
    )


def _small(number: int) -> bytes:
    return _head(0, number) if number >= 0 else _head(1, -1 - number)


def _text(value: str) -> bytes:
    return _head(3, len(value)) + value.encode()


def _bytes(value: bytes) -> bytes:
    return _head(2, len(value)) + value


def _map(*pairs: tuple[bytes, bytes]) -> bytes:
    return _head(5, len(pairs)) + b"".join(key + value for key, value in pairs)
