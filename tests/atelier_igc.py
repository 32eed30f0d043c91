"""A small tree of authorities with its lists and its answers, for the tests of trust and revocation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
LCR, OCSP = "http://igc.exemple.invalid/liste.crl", "http://igc.exemple.invalid/ocsp"
DAY = timedelta(days=1)


@cache
def key(name: str, size: int = 2048) -> rsa.RSAPrivateKey:
    del name
    return rsa.generate_private_key(public_exponent=65537, key_size=size)


@dataclass(frozen=True)
class Pair:
    certificate: x509.Certificate
    key: rsa.RSAPrivateKey


def name(common: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"), x509.NameAttribute(NameOID.COMMON_NAME, common)]
    )


def make(
    common: str,
    issuer: Pair | None,
    *,
    ca: bool = False,
    path_length: int | None = None,
    start: datetime = NOW - 30 * DAY,
    end: datetime = NOW + 300 * DAY,
    size: int = 2048,
    published: bool = True,
    cert_sign: bool = True,
    extra: tuple[tuple[x509.ExtensionType, bool], ...] = (),
) -> Pair:
    private = key(common, size)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(common))
        .issuer_name(issuer.certificate.subject if issuer else name(common))
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=path_length), critical=True)
    )
    if ca:
        builder = builder.add_extension(
            x509.KeyUsage(*[False] * 5, cert_sign, cert_sign, *[False] * 2), critical=True
        )
    if published and not ca:
        point = x509.DistributionPoint([x509.UniformResourceIdentifier(LCR)], None, None, None)
        access = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(OCSP))
        builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
        builder = builder.add_extension(x509.AuthorityInformationAccess([access]), critical=False)
    for value, critical in extra:
        builder = builder.add_extension(value, critical=critical)
    signer = issuer.key if issuer else private
    return Pair(builder.sign(signer, hashes.SHA256()), private)


def crl(
    issuer: Pair,
    *serials: int,
    start: datetime = NOW - timedelta(hours=1),
    life: timedelta = DAY,
    signer: rsa.RSAPrivateKey | None = None,
    extra: tuple[tuple[x509.ExtensionType, bool], ...] = (),
) -> x509.CertificateRevocationList:
    builder = x509.CertificateRevocationListBuilder(issuer.certificate.subject, start, start + life)
    for serial in serials:
        line = x509.RevokedCertificateBuilder(serial, start - DAY).add_extension(
            x509.CRLReason(x509.ReasonFlags.key_compromise), critical=False
        )
        builder = builder.add_revoked_certificate(line.build())
    for value, critical in extra:
        builder = builder.add_extension(value, critical=critical)
    return builder.sign(signer or issuer.key, hashes.SHA256())


def responder(issuer: Pair, **options: object) -> Pair:
    """A certificate that ``issuer`` gave to whoever answers for it."""
    usages = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING])
    return make("REPONDEUR", issuer, published=False, extra=((usages, False),), **options)  # type: ignore[arg-type]


def answer(
    request: ocsp.OCSPRequest,
    about: x509.Certificate,
    issuer: Pair,
    *,
    signer: Pair | None = None,
    status: ocsp.OCSPCertStatus = ocsp.OCSPCertStatus.GOOD,
    start: datetime = NOW - timedelta(minutes=1),
    life: timedelta | None = timedelta(hours=12),
    nonce: bytes | None = None,
) -> ocsp.OCSPResponse:
    who = signer or issuer
    revoked = status is ocsp.OCSPCertStatus.REVOKED
    builder = ocsp.OCSPResponseBuilder().add_response(
        cert=about,
        issuer=issuer.certificate,
        algorithm=hashes.SHA1(),
        cert_status=status,
        this_update=start,
        next_update=start + life if life else None,
        revocation_time=start - DAY if revoked else None,
        revocation_reason=x509.ReasonFlags.cessation_of_operation if revoked else None,
    )
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, who.certificate)
    if signer:
        builder = builder.certificates([signer.certificate])
    given = nonce if nonce is not None else request.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce
    if given:
        builder = builder.add_extension(x509.OCSPNonce(given), critical=False)
    return builder.sign(who.key, hashes.SHA256())
