"""Doubles and throw-away certificates, for the tests of whoever uses this library.

``ScriptedTransport`` answers without a network; ``Authority`` issues certificates that the TLS contexts and the
signers of this package accept. Never use them outside tests.
"""

from __future__ import annotations

import ipaddress
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from lxml import etree

from opensegur.foundation.certificates import SoftwareSigner
from opensegur.foundation.ports import HttpRequest, HttpResponse
from opensegur.foundation.soap import build_envelope
from opensegur.foundation.xml import serialize

Reply = HttpResponse | Exception | Callable[[HttpRequest], HttpResponse]

_KEY_SIZE = 2048
_START = datetime(2020, 1, 1, tzinfo=UTC)
_END = datetime(2049, 12, 31, tzinfo=UTC)


class ScriptedTransport:
    """A ``Transport`` that gives its ``replies`` one by one and keeps the ``requests`` that it was sent.

    A reply is an answer, an error to raise, or a function of the request.
    """

    def __init__(self, replies: Iterable[Reply] = ()) -> None:
        self._replies = deque(replies)
        self.requests: list[HttpRequest] = []

    def add(self, reply: Reply) -> None:
        """Put one more reply at the end of the script."""
        self._replies.append(reply)

    def send(self, request: HttpRequest) -> HttpResponse:
        self.requests.append(request)
        if not self._replies:
            raise AssertionError(f"the script has no reply for request {len(self.requests)}: {request.url}")
        reply = self._replies.popleft()
        if isinstance(reply, Exception):
            raise reply
        return reply(request) if callable(reply) else reply


def soap_response(
    body: etree._Element,
    *,
    action: str = "",
    relates_to: str = "",
    message_id: str = "urn:uuid:reponse",
    status: int = 200,
) -> HttpResponse:
    """An HTTP answer that carries ``body`` in a SOAP 1.2 envelope."""
    envelope = build_envelope(body, action=action, message_id=message_id, reply_to=False, relates_to=relates_to)
    return HttpResponse(status, {"content-type": "application/soap+xml; charset=utf-8"}, serialize(envelope))


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate with its key."""

    certificate: x509.Certificate
    private_key: rsa.RSAPrivateKey

    @property
    def signer(self) -> SoftwareSigner:
        return SoftwareSigner(self.certificate, self.private_key)

    @property
    def certificate_pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        return self.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def write(self, folder: Path, name: str) -> tuple[Path, Path]:
        """Write ``<name>.pem`` and ``<name>-cle.pem`` in ``folder``; give both paths back."""
        certificate, key = folder / f"{name}.pem", folder / f"{name}-cle.pem"
        certificate.write_bytes(self.certificate_pem)
        key.write_bytes(self.key_pem)
        return certificate, key


class Authority:
    """A certification authority that lives as long as the test."""

    def __init__(self, common_name: str = "AC DE TEST OPENSEGUR") -> None:
        key = _new_key()
        name = _name(common_name, "AUTORITE FICTIVE", "")
        builder = _builder(name, name, key, _START, _END).add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        )
        self.root = Issued(
            builder.add_extension(_usage(authority=True), critical=True).sign(key, hashes.SHA256()), key
        )

    def issue(
        self,
        common_name: str,
        *,
        organization: str = "CABINET FICTIF",
        unit: str = "",
        hosts: Iterable[str] = (),
        not_before: datetime = _START,
        not_after: datetime = _END,
    ) -> Issued:
        """A certificate for ``common_name``, for clients, signatures and, with ``hosts``, servers of those names."""
        key = _new_key()
        subject = _name(common_name, organization, unit)
        builder = _builder(subject, self.root.certificate.subject, key, not_before, not_after)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(_usage(authority=False), critical=True)
        purposes = [ExtendedKeyUsageOID.CLIENT_AUTH]
        if names := [_general_name(host) for host in hosts]:
            purposes.append(ExtendedKeyUsageOID.SERVER_AUTH)
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
        authority_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.root.private_key.public_key())
        builder = builder.add_extension(authority_key, critical=False)
        return Issued(builder.sign(self.root.private_key, hashes.SHA256()), key)

    def write_anchors(self, folder: Path, name: str = "ancres") -> Path:
        """Write the root as ``<name>.pem`` in ``folder``."""
        path = folder / f"{name}.pem"
        path.write_bytes(self.root.certificate_pem)
        return path


def make_signer(common_name: str = "SIGN FICTIF", **subject: str) -> SoftwareSigner:
    """A signer with a new certificate of a new authority. ``subject``: ``organization``, ``unit``."""
    return (
        Authority()
        .issue(common_name, organization=subject.get("organization", "CABINET FICTIF"), unit=subject.get("unit", ""))
        .signer
    )


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=_KEY_SIZE)


def _name(common_name: str, organization: str, unit: str) -> x509.Name:
    parts = [(NameOID.COUNTRY_NAME, "FR"), (NameOID.ORGANIZATION_NAME, organization)]
    if unit:
        parts.append((NameOID.ORGANIZATIONAL_UNIT_NAME, unit))
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in [*parts, (NameOID.COMMON_NAME, common_name)]])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPrivateKey, start: datetime, end: datetime
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder(subject_name=subject, issuer_name=issuer, public_key=key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(start).not_valid_after(end)
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=not authority,
        key_encipherment=not authority,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
