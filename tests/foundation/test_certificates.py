"""Software signers refuse what cannot sign; names compare by their parts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from opensegur.foundation.certificates import (
    SoftwareSigner,
    check_period,
    format_dn,
    issuer_dn,
    load_certificate,
    same_dn,
    subject_dn,
)
from opensegur.foundation.errors import ConfigurationError
from opensegur.foundation.testing import Authority, Issued

_values = st.text(st.characters(codec="utf-8", exclude_categories=("C",)), min_size=1, max_size=20).filter(str.strip)
_oids = st.sampled_from([NameOID.COMMON_NAME, NameOID.SURNAME, NameOID.ORGANIZATION_NAME, NameOID.SERIAL_NUMBER])
_rdns = st.dictionaries(_oids, _values, min_size=1, max_size=3).map(
    lambda parts: x509.RelativeDistinguishedName([x509.NameAttribute(oid, value) for oid, value in parts.items()])
)
_names = st.lists(_rdns, min_size=1, max_size=4).map(x509.Name)


@given(_names)
def test_a_name_equals_itself_as_others_write_it(name: x509.Name) -> None:
    text = format_dn(name)
    assert same_dn(text, text)
    assert same_dn(text, name.rfc4514_string())


@given(_names, _names)
def test_two_names_are_not_one(a: x509.Name, b: x509.Name) -> None:
    def parts(name: x509.Name) -> list[set[tuple[str, str]]]:
        return [{(i.oid.dotted_string, " ".join(str(i.value).casefold().split())) for i in rdn} for rdn in name.rdns]

    if parts(a) not in (parts(b), parts(b)[::-1]):
        assert not same_dn(format_dn(a), format_dn(b))


@pytest.mark.parametrize(
    "other",
    [
        "CN=899700123456+SN=MARTIN+GN=CLAIRE,OU=Médecin,O=TEST,C=FR",
        "cn=899700123456 + surname=martin + givenName=Claire, ou=médecin, o=Test, c=fr",
        "CN=899700123456+2.5.4.4=#0c064d415254494e+2.5.4.42=#1306434c41495245,OU=M\\C3\\A9decin,O=TEST,C=FR",
        '2.5.4.42=CLAIRE+CN=899700123456+OID.2.5.4.4=MARTIN,OU=Me\u0301decin,O="TEST",C=FR',
        "C=FR,O=TEST,OU=Médecin,SN=MARTIN+CN=899700123456+GN=CLAIRE",
    ],
)
def test_the_writings_of_a_card_holder_are_one_name(other: str) -> None:
    assert same_dn("CN=899700123456+SN=MARTIN+GN=CLAIRE,OU=Médecin,O=TEST,C=FR", other)


@pytest.mark.parametrize(
    "other",
    [
        "",
        "bonjour",
        "CN",
        "CN=899700123456",
        "CN=899700123456,SN=MARTIN,GN=CLAIRE,OU=Médecin,O=TEST,C=FR",
        "CN=899700123457+SN=MARTIN+GN=CLAIRE,OU=Médecin,O=TEST,C=FR",
        "XX=1,CN=899700123456+SN=MARTIN+GN=CLAIRE,OU=Médecin,O=TEST,C=FR",
        "CN=#0c82",
    ],
)
def test_another_name_is_another(other: str) -> None:
    assert not same_dn("CN=899700123456+SN=MARTIN+GN=CLAIRE,OU=Médecin,O=TEST,C=FR", other)
    assert not same_dn("", other)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_may_be_compared(a: str, b: str) -> None:
    assert same_dn(a, b) is same_dn(b, a)


def test_names_are_written_in_the_manner_of_rfc_2253(authority: Authority, issued: Issued) -> None:
    assert subject_dn(issued.certificate) == "CN=DMP SIGN,OU=1750099990,O=CH EXEMPLE,C=FR"
    assert issuer_dn(issued.certificate) == subject_dn(authority.root.certificate)
    parts = [(NameOID.COMMON_NAME, ' #a,"b"+ '), (NameOID.SURNAME, "ABC")]
    name = x509.Name([x509.NameAttribute(oid, value) for oid, value in parts])
    assert format_dn(name) == '2.5.4.4=#0c03414243,CN=\\ #a\\,\\"b\\"\\+\\ '


@pytest.mark.parametrize("hash_name", ["sha1", "sha256"])
def test_a_signer_signs(hash_name: str, issued: Issued) -> None:
    signer = SoftwareSigner.from_pem(issued.certificate_pem, issued.key_pem)
    value = signer.sign(b"data", hash_name)  # type: ignore[arg-type]
    algorithm = {"sha1": hashes.SHA1(), "sha256": hashes.SHA256()}[hash_name]
    key = signer.certificate.public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    key.verify(value, b"data", padding.PKCS1v15(), algorithm)


def test_a_signer_comes_from_an_encrypted_key(issued: Issued) -> None:
    key = issued.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret"))
    assert SoftwareSigner.from_pem(issued.certificate_pem, key, "secret").sign(b"x")
    for password in (None, "autre"):
        with pytest.raises(ConfigurationError, match="CERT_PASSWORD"):
            SoftwareSigner.from_pem(issued.certificate_pem, key, password)


def test_a_signer_comes_from_a_pkcs12_file(issued: Issued) -> None:
    data = pkcs12.serialize_key_and_certificates(
        b"x", issued.private_key, issued.certificate, None, BestAvailableEncryption(b"secret")
    )
    assert SoftwareSigner.from_pkcs12(data, "secret").certificate == issued.certificate
    with pytest.raises(ConfigurationError, match="CERT_PASSWORD"):
        SoftwareSigner.from_pkcs12(data, "autre")
    alone = pkcs12.serialize_key_and_certificates(b"x", None, issued.certificate, None, NoEncryption())
    with pytest.raises(ConfigurationError, match="CERT_UNREADABLE"):
        SoftwareSigner.from_pkcs12(alone)


def test_a_key_of_another_certificate_is_refused(issued: Issued, authority: Authority) -> None:
    with pytest.raises(ConfigurationError, match="CERT_KEY_MISMATCH"):
        SoftwareSigner(issued.certificate, authority.root.private_key)


def test_a_key_that_is_not_rsa_is_refused(issued: Issued) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(ConfigurationError, match="CERT_KEY_TYPE"):
        SoftwareSigner.from_pem(issued.certificate_pem, pem)


@pytest.mark.parametrize("data", [b"", b"bonjour", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_a_certificate_that_is_not_one_is_refused(data: bytes, issued: Issued) -> None:
    with pytest.raises(ConfigurationError, match="CERT_UNREADABLE"):
        load_certificate(data)
    with pytest.raises(ConfigurationError, match="CERT_"):
        SoftwareSigner.from_pem(issued.certificate_pem, data)
    with pytest.raises(ConfigurationError, match="CERT_"):
        SoftwareSigner.from_pkcs12(data)


def test_a_certificate_is_read_in_der_too(issued: Issued) -> None:
    assert load_certificate(issued.certificate.public_bytes(Encoding.DER)) == issued.certificate


def test_a_certificate_has_its_time(authority: Authority) -> None:
    certificate = authority.issue(
        "X", not_before=datetime(2026, 1, 1, tzinfo=UTC), not_after=datetime(2026, 12, 31, tzinfo=UTC)
    ).certificate
    check_period(certificate, datetime(2026, 6, 1, tzinfo=UTC))
    with pytest.raises(ConfigurationError, match="CERT_NOT_YET"):
        check_period(certificate, datetime(2025, 6, 1, tzinfo=UTC))
    with pytest.raises(ConfigurationError, match="31/12/2026"):
        check_period(certificate, datetime(2027, 6, 1, tzinfo=UTC))
