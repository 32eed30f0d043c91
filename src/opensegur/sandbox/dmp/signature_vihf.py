"""The signature of a VIHF, judged by signxml: what is returned is the only tree that may be read further.

Source: CI-SIS Transport synchrone, VIHF (enveloped signature right after Issuer); W3C XML Signature Best
Practices (see what is signed).
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
from signxml.verifier import SignatureConfiguration, XMLVerifier

from opensegur.sandbox.dmp.catalogue import refuse
from opensegur.sandbox.dmp.noms import DSIG, SAML, q

_TRANSFORMS: Final = (
    "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
    "http://www.w3.org/2001/10/xml-exc-c14n#",
)
_MIN_RSA_BITS = 2048
SHA1_ALGORITHMS: Final = frozenset(
    {"http://www.w3.org/2000/09/xmldsig#rsa-sha1", "http://www.w3.org/2000/09/xmldsig#sha1"}
)


class _Verifier(XMLVerifier):
    # libxml2 writes xmlns="" on the children of an element canonicalized inclusively apart from its document;
    # nothing that a VIHF or a lot signs is ever outside a namespace
    excise_empty_xmlns_declarations = True


@dataclass(frozen=True, slots=True)
class AssertionSignee:
    """``assertion`` as it was signed (comments removed), and whether SHA-1 was used anywhere."""

    assertion: etree._Element
    certificat: x509.Certificate
    sha1: bool


def verify_assertion(assertion: etree._Element) -> AssertionSignee:
    """Raises ``Refus``: no signature, a signature of another shape, or a false one."""
    signatures = list(assertion.iter(q(DSIG, "Signature")))
    if not signatures:
        raise refuse("vihf.signature_absente")
    if len(signatures) > 1:
        raise refuse("vihf.signature_forme", "plusieurs signatures")
    signature = signatures[0]
    _check_shape(assertion, signature)
    certificate = certificate_of(signature)
    if certificate is None:
        raise refuse("vihf.signature_forme", "X509Certificate")
    signed = verify(assertion, certificate, id_attribute="ID", location="./", references=1)
    if signed is None or signed[0].tag != q(SAML, "Assertion"):
        raise refuse("vihf.signature")
    return AssertionSignee(signed[0], certificate, sha1=uses_sha1(signature))


def verify(
    data: etree._Element, certificate: x509.Certificate, *, id_attribute: str, location: str, references: int
) -> list[etree._Element] | None:
    """The elements that the signature in ``data`` covers, or None when it is false."""
    configuration = SignatureConfiguration(
        location=location,
        expect_references=references,
        signature_methods=frozenset({SignatureMethod.RSA_SHA1, SignatureMethod.RSA_SHA256}),
        digest_algorithms=frozenset({DigestAlgorithm.SHA1, DigestAlgorithm.SHA256}),
        # the certificate's own dates are another rule: here only the arithmetic is judged
        verification_time=certificate.not_valid_before_utc,
        default_reference_c14n_method=CanonicalizationMethod.CANONICAL_XML_1_0,
    )
    try:
        result: Any = _Verifier().verify(
            data,
            x509_cert=certificate,
            id_attribute=id_attribute,
            validate_schema=False,
            expect_config=configuration,
        )
    except Exception:  # noqa: BLE001 - signxml lets lxml's, binascii's and cryptography's errors through
        return None
    results = result if isinstance(result, list) else [result]
    signed = [item.signed_xml for item in results]
    return None if any(element is None for element in signed) else signed


def certificate_of(signature: etree._Element) -> x509.Certificate | None:
    """The first certificate of KeyInfo, when it reads and carries an RSA key of a decent size."""
    text = signature.findtext(f"{q(DSIG, 'KeyInfo')}/{q(DSIG, 'X509Data')}/{q(DSIG, 'X509Certificate')}") or ""
    try:
        certificate = x509.load_der_x509_certificate(base64.b64decode("".join(text.split()), validate=True))
        key = certificate.public_key()
        certificate.subject.rfc4514_string()
    except (ValueError, binascii.Error, x509.InvalidVersion):
        return None
    return certificate if isinstance(key, rsa.RSAPublicKey) and key.key_size >= _MIN_RSA_BITS else None


def uses_sha1(signature: etree._Element) -> bool:
    return any(
        element.get("Algorithm") in SHA1_ALGORITHMS
        for element in signature.iter(q(DSIG, "SignatureMethod"), q(DSIG, "DigestMethod"))
    )


def _check_shape(assertion: etree._Element, signature: etree._Element) -> None:
    issuer = assertion.find(q(SAML, "Issuer"))
    if issuer is None or signature.getparent() is not assertion or issuer.getnext() is not signature:
        raise refuse("vihf.signature_forme", "place")
    references = signature.findall(f"{q(DSIG, 'SignedInfo')}/{q(DSIG, 'Reference')}")
    if len(references) != 1 or references[0].get("URI") != f"#{assertion.get('ID')}" or not assertion.get("ID"):
        raise refuse("vihf.signature_forme", "Reference")
    transforms = references[0].findall(f"{q(DSIG, 'Transforms')}/{q(DSIG, 'Transform')}")
    if tuple(transform.get("Algorithm") for transform in transforms) != _TRANSFORMS:
        raise refuse("vihf.signature_forme", "Transforms")
    if signature.find(q(DSIG, "Object")) is not None:
        raise refuse("vihf.signature_forme", "Object")
