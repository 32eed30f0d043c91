"""The signature of a DMP lot: XAdES v1.1.1 over a manifest of its documents (IHE DSG, 2009 flavour).

The shape is the one that the DMP's own examples and clients emit; no XAdES library writes this namespace.
Inclusive canonicalisation with comments is named for SignedInfo and for XML documents; the manifest and the
signed properties have no Transforms, hence canonical XML 1.0 without comments (XML Signature §4.3.3.2).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from opensegur.foundation.distinguished_names import issuer_dn
from opensegur.foundation.dsig import (
    ALGORITHMS,
    C14N_WITH_COMMENTS,
    DS,
    NS_DSIG,
    add_digest,
    add_key_info,
    add_signed_info,
    add_transforms,
    add_value,
    certificate_der,
    digest,
)
from opensegur.foundation.errors import InvalidValue
from opensegur.foundation.ports import HashName, Signer
from opensegur.foundation.xml import canonicalize

__all__ = ["DUMMY_DIGEST", "NS_XADES", "PURPOSE_SOURCE", "ManifestReference", "digest", "sign_manifest"]

NS_XADES = "http://uri.etsi.org/01903/v1.1.1#"
PURPOSE_SOURCE = "1.2.840.10065.1.12.1.14"
"""The purpose of the signature: the software that is the documents' source (ASTM E1762)."""
DUMMY_DIGEST = "AA=="
"""The digest of the first reference, the lot itself: a lot has no bytes of its own."""

_XA = f"{{{NS_XADES}}}"
_MANIFEST_ID = "IHEManifest"
_PROPERTIES_ID = "S0-SignedProperties"


@dataclass(frozen=True, slots=True)
class ManifestReference:
    """One thing that the lot holds: ``uri`` (``urn:oid:…``) and its ``digest`` in base64.

    ``canonicalized`` says that the digest is of the document's canonical form with comments (XML documents),
    not of its bytes.
    """

    uri: str
    digest: str
    canonicalized: bool = False


def sign_manifest(
    references: Sequence[ManifestReference],
    signer: Signer,
    moment: datetime,
    *,
    hash_name: HashName = "sha256",
    signature_id: str = "sig-1",
) -> etree._Element:
    """The signature document of a lot, made at ``moment`` (aware).

    The caller's first reference is the lot itself, with ``DUMMY_DIGEST``; one per document follows.

    Raises ``InvalidValue`` XADES_MOMENT for a moment without a time zone, XADES_REFERENCES for an empty manifest or
    two references to one thing.
    """
    if moment.tzinfo is None:
        raise InvalidValue("XADES_MOMENT", "L’heure de signature n’a pas de fuseau horaire.")
    if not references or len({reference.uri for reference in references}) != len(references):
        raise InvalidValue("XADES_REFERENCES", "Le lot à signer est vide, ou cite deux fois le même document.")

    signature = etree.Element(f"{DS}Signature", nsmap={None: NS_DSIG}, Id=signature_id)
    signed_info = add_signed_info(signature, C14N_WITH_COMMENTS, hash_name)
    # the objects are digested in their final place, then moved behind the value and the key
    objects = [
        _purpose(signature, signature_id),
        manifest := _manifest(signature, references, hash_name),
        properties := _properties(signature, signer, moment, hash_name, signature_id),
    ]
    _refer(signed_info, f"{NS_DSIG}Manifest", _MANIFEST_ID, manifest[0], hash_name)
    _refer(signed_info, f"{NS_XADES}SignedProperties", _PROPERTIES_ID, properties[0][0], hash_name)
    add_value(signature, signer, canonicalize(signed_info, exclusive=False, with_comments=True), hash_name)
    add_key_info(signature, signer)
    signature.extend(objects)
    return signature


def _refer(
    signed_info: etree._Element, kind: str, identifier: str, target: etree._Element, hash_name: HashName
) -> None:
    reference = etree.SubElement(signed_info, f"{DS}Reference", Type=kind, URI=f"#{identifier}")
    add_digest(reference, digest(canonicalize(target, exclusive=False), hash_name), hash_name)


def _purpose(signature: etree._Element, signature_id: str) -> etree._Element:
    holder = etree.SubElement(signature, f"{DS}Object")
    properties = etree.SubElement(holder, f"{DS}SignatureProperties")
    purpose = etree.SubElement(
        properties, f"{DS}SignatureProperty", Id="purposeOfSignature", Target=f"#{signature_id}"
    )
    purpose.text = PURPOSE_SOURCE
    return holder


def _manifest(
    signature: etree._Element, references: Sequence[ManifestReference], hash_name: HashName
) -> etree._Element:
    holder = etree.SubElement(signature, f"{DS}Object")
    manifest = etree.SubElement(holder, f"{DS}Manifest", Id=_MANIFEST_ID)
    for item in references:
        reference = etree.SubElement(manifest, f"{DS}Reference", URI=item.uri)
        if item.canonicalized:
            add_transforms(reference, C14N_WITH_COMMENTS)
        add_digest(reference, item.digest, hash_name)
    return holder


def _properties(
    signature: etree._Element, signer: Signer, moment: datetime, hash_name: HashName, signature_id: str
) -> etree._Element:
    holder = etree.SubElement(signature, f"{DS}Object")
    qualifying = etree.SubElement(
        holder, f"{_XA}QualifyingProperties", nsmap={None: NS_XADES}, Target=f"#{signature_id}"
    )
    signed = etree.SubElement(qualifying, f"{_XA}SignedProperties", Id=_PROPERTIES_ID)
    of_signature = etree.SubElement(signed, f"{_XA}SignedSignatureProperties")
    etree.SubElement(of_signature, f"{_XA}SigningTime").text = moment.isoformat(timespec="milliseconds")
    cert = etree.SubElement(etree.SubElement(of_signature, f"{_XA}SigningCertificate"), f"{_XA}Cert")
    cert_digest = etree.SubElement(cert, f"{_XA}CertDigest")
    # in v1.1.1 the digest's method and value belong to the XAdES namespace
    etree.SubElement(cert_digest, f"{_XA}DigestMethod", Algorithm=ALGORITHMS[hash_name].digest)
    etree.SubElement(cert_digest, f"{_XA}DigestValue").text = digest(certificate_der(signer), hash_name)
    issuer = etree.SubElement(cert, f"{_XA}IssuerSerial")
    for name, text in (
        ("X509IssuerName", issuer_dn(signer.certificate)),
        ("X509SerialNumber", str(signer.certificate.serial_number)),
    ):
        etree.SubElement(issuer, f"{DS}{name}", nsmap={None: NS_DSIG}).text = text
    policy = etree.SubElement(of_signature, f"{_XA}SignaturePolicyIdentifier")
    etree.SubElement(policy, f"{_XA}SignaturePolicyImplied")
    etree.SubElement(signed, f"{_XA}SignedDataObjectProperties")
    return holder
