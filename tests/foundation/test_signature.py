"""Signatures are judged by programs that nobody here wrote: xmlsec1 and signxml."""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import time
from copy import deepcopy
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from lxml import etree
from signxml import SignatureConfiguration, XMLVerifier
from signxml.algorithms import DigestAlgorithm, SignatureMethod

from opensegur.foundation.certificates import SoftwareSigner, issuer_dn
from opensegur.foundation.dsig import DS
from opensegur.foundation.errors import InvalidValue
from opensegur.foundation.ports import HashName
from opensegur.foundation.signature import sign_enveloped
from opensegur.foundation.soap import NS_WSSE, build_envelope
from opensegur.foundation.verification import verify_enveloped
from opensegur.foundation.xades import DUMMY_DIGEST, NS_XADES, ManifestReference, digest, sign_manifest
from opensegur.foundation.xml import canonicalize, parse, serialize

_SAML = "{urn:oasis:names:tc:SAML:2.0:assertion}"
_MOMENT = datetime(2026, 1, 15, 10, 0, tzinfo=timezone(timedelta(hours=1)))
_HASHES: list[HashName] = ["sha256", "sha1"]
_ID_OF_MANIFEST = "http://www.w3.org/2000/09/xmldsig#:Manifest"
_ID_OF_PROPERTIES = f"{NS_XADES}:SignedProperties"
_DOCUMENT = b'<ClinicalDocument xmlns="urn:hl7-org:v3"><!-- note --><title  a="1"   >essai</title></ClinicalDocument>'
_REFERENCES = [
    ManifestReference("urn:oid:1.2.250.1.999.9.9.42.3.1", DUMMY_DIGEST),
    ManifestReference(
        "urn:oid:1.2.250.1.999.9.9.42.4.1",
        digest(canonicalize(etree.fromstring(_DOCUMENT), exclusive=False, with_comments=True)),
        canonicalized=True,
    ),
    ManifestReference("urn:oid:1.2.250.1.999.9.9.42.4.2", digest(b"%PDF-1.4")),
]


def _assertion() -> etree._Element:
    """As a VIHF is: values of HL7 V3 with their own default namespace and type."""
    source = """<saml2:Assertion xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion"
      xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ID="_a1" IssueInstant="2026-01-15T09:00:00Z" Version="2.0">
      <saml2:Issuer>CN=DMP SIGN,OU=1750099990,O=CH EXEMPLE,C=FR</saml2:Issuer>
      <saml2:Subject><saml2:NameID>899700123456</saml2:NameID></saml2:Subject>
      <saml2:AttributeStatement><saml2:Attribute Name="urn:oasis:names:tc:xacml:2.0:subject:role"><saml2:AttributeValue>
        <Role xmlns="urn:hl7-org:v3" xsi:type="CE" code="10" displayName="Médecin"/></saml2:AttributeValue>
      </saml2:Attribute></saml2:AttributeStatement></saml2:Assertion>"""
    return etree.fromstring(source)


def _xmlsec1(tmp_path: Path, data: bytes, *options: str) -> str:
    program = shutil.which("xmlsec1")
    if program is None:
        pytest.skip("needs xmlsec1")
    file = tmp_path / "signature.xml"
    file.write_bytes(data)
    # --insecure: the key is the one of the certificate inside, whose trust is not the matter here
    done = subprocess.run(
        [program, "--verify", "--insecure", *options, str(file)], check=False, capture_output=True, text=True
    )
    return f"{'valid' if done.returncode == 0 else 'invalid'} {done.stderr}"


@pytest.mark.parametrize("hash_name", _HASHES)
def test_xmlsec1_verifies_an_assertion_inside_its_envelope(
    hash_name: HashName, signer: SoftwareSigner, tmp_path: Path
) -> None:
    assertion = _assertion()
    sign_enveloped(assertion, signer, hash_name=hash_name)
    security = etree.Element(f"{{{NS_WSSE}}}Security", nsmap={"wsse": NS_WSSE})
    security.append(assertion)
    envelope = build_envelope(etree.Element("{urn:essai}x"), action="a", message_id="b", headers=[security])
    verdict = _xmlsec1(
        tmp_path, serialize(envelope), "--id-attr:ID", "urn:oasis:names:tc:SAML:2.0:assertion:Assertion"
    )
    assert verdict.startswith("valid"), verdict
    received = parse(serialize(envelope)).find(f".//{_SAML}Assertion")
    assert received is not None
    assert verify_enveloped(received) == signer.certificate


@pytest.mark.parametrize("hash_name", _HASHES)
def test_signxml_verifies_an_assertion(hash_name: HashName, signer: SoftwareSigner) -> None:
    assertion = _assertion()
    sign_enveloped(assertion, signer, hash_name=hash_name)
    admitted = SignatureConfiguration(
        signature_methods=frozenset({SignatureMethod.RSA_SHA1, SignatureMethod.RSA_SHA256}),
        digest_algorithms=frozenset({DigestAlgorithm.SHA1, DigestAlgorithm.SHA256}),
    )
    result = XMLVerifier().verify(serialize(assertion), x509_cert=signer.certificate, expect_config=admitted)
    assert isinstance(result, list) is False
    assert result.signed_xml is not None  # type: ignore[union-attr]
    assert result.signed_xml.get("ID") == "_a1"  # type: ignore[union-attr]


def test_the_signature_stands_right_after_the_issuer(signer: SoftwareSigner) -> None:
    assertion = _assertion()
    signature = sign_enveloped(assertion, signer)
    assert list(assertion).index(signature) == 1
    assert assertion[0].tag == f"{_SAML}Issuer"


def test_an_inclusive_prefix_of_other_writers_is_kept(signer: SoftwareSigner) -> None:
    assertion = _assertion()
    canonical = canonicalize(assertion, exclusive=True, inclusive_prefixes=["xsi"])
    assert b'<saml2:Assertion xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:xsi=' in canonical


def test_what_has_no_identifier_is_not_signed(signer: SoftwareSigner) -> None:
    with pytest.raises(InvalidValue, match="SIGN_ID"):
        sign_enveloped(etree.Element("a"), signer)


def test_what_is_signed_is_not_signed_again(signer: SoftwareSigner) -> None:
    assertion = _assertion()
    sign_enveloped(assertion, signer)
    with pytest.raises(InvalidValue, match="SIGN_TWICE"):
        sign_enveloped(assertion, signer)


@pytest.mark.parametrize("hash_name", _HASHES)
def test_xmlsec1_verifies_the_signature_of_a_lot(hash_name: HashName, signer: SoftwareSigner, tmp_path: Path) -> None:
    data = serialize(sign_manifest(_REFERENCES, signer, _MOMENT, hash_name=hash_name))
    options = ["--ignore-manifests", "--id-attr:Id", _ID_OF_MANIFEST, "--id-attr:Id", _ID_OF_PROPERTIES]
    verdict = _xmlsec1(tmp_path, data, *options)
    assert verdict.startswith("valid"), verdict
    assert "2/2" in verdict
    for changed in (data.replace(b"42.4.1", b"42.4.3"), data.replace(b"T10:00", b"T11:00")):
        assert changed != data
        assert _xmlsec1(tmp_path, changed, *options).startswith("invalid")


def test_the_signature_of_a_lot_names_its_certificate(signer: SoftwareSigner) -> None:
    signature = sign_manifest(_REFERENCES, signer, _MOMENT)
    xa = f"{{{NS_XADES}}}"
    certificate = base64.b64decode(signature.findtext(f"{DS}KeyInfo/{DS}X509Data/{DS}X509Certificate") or "")
    assert signature.findtext(f".//{xa}SigningTime") == "2026-01-15T10:00:00.000+01:00"
    assert signature.findtext(f".//{xa}CertDigest/{xa}DigestValue") == digest(certificate)
    assert signature.findtext(f".//{xa}IssuerSerial/{DS}X509IssuerName") == issuer_dn(signer.certificate)
    assert signature.findtext(f".//{xa}IssuerSerial/{DS}X509SerialNumber") == str(signer.certificate.serial_number)


def test_the_manifest_says_which_documents_are_canonicalized(signer: SoftwareSigner) -> None:
    manifest = sign_manifest(_REFERENCES, signer, _MOMENT).find(f".//{DS}Manifest")
    assert manifest is not None
    assert manifest.findtext(f"{DS}Reference/{DS}DigestValue") == "AA=="
    assert [reference.find(f"{DS}Transforms") is not None for reference in manifest] == [False, True, False]


def _shape(element: etree._Element) -> list[object]:
    attributes = sorted(name for name in element.attrib)
    return [element.tag, attributes, [_shape(child) for child in element]]


@pytest.mark.fixtures
@pytest.mark.parametrize("hash_name", _HASHES)
def test_the_signature_of_a_lot_has_the_shape_of_the_sample(
    hash_name: HashName, official: Path, signer: SoftwareSigner
) -> None:
    sample = parse((official / "dmp" / "samples-dmp" / f"td2.1-signature-xades-{hash_name}.xml").read_bytes())
    made = sign_manifest(_REFERENCES[:2], signer, _MOMENT, hash_name=hash_name)
    assert _shape(made) == _shape(sample)
    algorithms = [element.get("Algorithm") for element in sample.iter() if element.get("Algorithm")]
    assert [element.get("Algorithm") for element in made.iter() if element.get("Algorithm")] == algorithms


@pytest.mark.fixtures
@pytest.mark.parametrize("hash_name", _HASHES)
def test_the_sample_vihf_verify(hash_name: HashName, official: Path) -> None:
    sample = parse((official / "dmp" / "samples-dmp" / f"vihf-indirect-org.signed-{hash_name}.xml").read_bytes())
    assert verify_enveloped(sample).serial_number == 42


@pytest.mark.parametrize(
    ("references", "moment", "code"),
    [
        ([], _MOMENT, "XADES_REFERENCES"),
        (_REFERENCES[:1] * 2, _MOMENT, "XADES_REFERENCES"),
        (_REFERENCES, _MOMENT.replace(tzinfo=None), "XADES_MOMENT"),
    ],
)
def test_a_senseless_lot_is_not_signed(
    references: list[ManifestReference], moment: datetime, code: str, signer: SoftwareSigner
) -> None:
    with pytest.raises(InvalidValue, match=code):
        sign_manifest(references, signer, moment)


def test_a_digest_is_in_base64() -> None:
    assert digest(b"x") == base64.b64encode(hashlib.sha256(b"x").digest()).decode()
    assert digest(b"x", "sha1") == base64.b64encode(hashlib.sha1(b"x").digest()).decode()


def test_signing_does_not_read_the_key_each_time(signer: SoftwareSigner) -> None:
    assertions = [deepcopy(_assertion()) for _ in range(60)]
    start = time.process_time()
    for assertion in assertions:
        sign_enveloped(assertion, signer)
    # reading a PEM key for each signature costs more than 40 ms; a signature about 1 ms
    assert time.process_time() - start < 60 * 0.02


def test_the_moment_may_be_utc(signer: SoftwareSigner) -> None:
    signature = sign_manifest(_REFERENCES, signer, datetime(2026, 1, 15, 9, 0, tzinfo=UTC))
    assert signature.findtext(f".//{{{NS_XADES}}}SigningTime") == "2026-01-15T09:00:00.000+00:00"
