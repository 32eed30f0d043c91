"""What every XML signature here shares: names, algorithms, digests and the pieces of a ``ds:Signature``.

Source: W3C XML Signature Syntax and Processing; RFC 6931 for the algorithm names.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from opensegur.foundation.ports import HashName, Signer

NS_DSIG = "http://www.w3.org/2000/09/xmldsig#"
DS = f"{{{NS_DSIG}}}"
EXC_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#"
C14N_WITH_COMMENTS = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments"
ENVELOPED = f"{NS_DSIG}enveloped-signature"


@dataclass(frozen=True, slots=True)
class Algorithms:
    """The URIs that name one hash: as a digest and as RSASSA-PKCS1-v1_5 with it."""

    digest: str
    signature: str


ALGORITHMS: dict[HashName, Algorithms] = {
    "sha256": Algorithms(
        "http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
    ),
    "sha1": Algorithms(f"{NS_DSIG}sha1", f"{NS_DSIG}rsa-sha1"),
}


def digest(data: bytes, hash_name: HashName = "sha256") -> str:
    """The digest of ``data`` in base64, as a DigestValue holds it."""
    return base64.b64encode(hashlib.new(hash_name, data).digest()).decode("ascii")


def add_digest(parent: etree._Element, value: str, hash_name: HashName) -> None:
    """Append DigestMethod and DigestValue to ``parent``."""
    etree.SubElement(parent, f"{DS}DigestMethod", Algorithm=ALGORITHMS[hash_name].digest)
    etree.SubElement(parent, f"{DS}DigestValue").text = value


def add_transforms(reference: etree._Element, *algorithms: str) -> None:
    transforms = etree.SubElement(reference, f"{DS}Transforms")
    for algorithm in algorithms:
        etree.SubElement(transforms, f"{DS}Transform", Algorithm=algorithm)


def add_signed_info(signature: etree._Element, canonicalization: str, hash_name: HashName) -> etree._Element:
    """Append a SignedInfo without references, and give it back."""
    signed_info = etree.SubElement(signature, f"{DS}SignedInfo")
    etree.SubElement(signed_info, f"{DS}CanonicalizationMethod", Algorithm=canonicalization)
    etree.SubElement(signed_info, f"{DS}SignatureMethod", Algorithm=ALGORITHMS[hash_name].signature)
    return signed_info


def certificate_der(signer: Signer) -> bytes:
    return signer.certificate.public_bytes(Encoding.DER)


def add_key_info(signature: etree._Element, signer: Signer) -> None:
    """Append the KeyInfo that carries the signer's certificate."""
    data = etree.SubElement(etree.SubElement(signature, f"{DS}KeyInfo"), f"{DS}X509Data")
    etree.SubElement(data, f"{DS}X509Certificate").text = base64.b64encode(certificate_der(signer)).decode("ascii")


def add_value(signature: etree._Element, signer: Signer, data: bytes, hash_name: HashName) -> None:
    """Append the SignatureValue of ``data``, the canonical SignedInfo."""
    value = base64.b64encode(signer.sign(data, hash_name)).decode("ascii")
    etree.SubElement(signature, f"{DS}SignatureValue").text = value
