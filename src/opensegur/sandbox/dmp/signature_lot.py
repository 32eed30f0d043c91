"""The signature of a submission set: XAdES 1.1.1 with a Manifest of the documents (IHE DSG, 2009 flavour).

Sources: IHE DSG supplement 2009, W3C XML Signature §5.1 (Manifest), GIE SESAM-Vitale examples.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from opensegur.foundation.xml import canonicalize
from opensegur.sandbox.dmp.catalogue import refuse
from opensegur.sandbox.dmp.enveloppe import read_xml
from opensegur.sandbox.dmp.noms import DSIG, XADES, q
from opensegur.sandbox.dmp.signature_vihf import certificate_of, uses_sha1, verify
from opensegur.sandbox.regles import Refus

_TYPES: Final = (f"{DSIG}Manifest", f"{XADES}SignedProperties")
_HASHES: Final = {
    "http://www.w3.org/2000/09/xmldsig#sha1": "sha1",
    "http://www.w3.org/2001/04/xmlenc#sha256": "sha256",
}
_C14N: Final = {
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315": (False, False),
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments": (False, True),
    "http://www.w3.org/2001/10/xml-exc-c14n#": (True, False),
    "http://www.w3.org/2001/10/xml-exc-c14n#WithComments": (True, True),
}


@dataclass(frozen=True, slots=True)
class SignatureLot:
    certificat: x509.Certificate
    sha1: bool


def verify_lot(data: bytes, lot_uid: str, documents: Mapping[str, bytes]) -> SignatureLot:
    """Check the signature document ``data`` of the lot ``lot_uid``.

    ``documents`` maps the uniqueId of every submitted document, the signature itself excepted, to its bytes.
    Raises ``Refus`` with the first rule broken.
    """
    try:
        root = read_xml(data)
    except Refus as error:
        raise refuse("signature.forme", "XML") from error
    _check_shape(root)
    certificate = certificate_of(root)
    if certificate is None:
        raise refuse("signature.forme", "X509Certificate")
    signed = verify(root, certificate, id_attribute="Id", location=".", references=2)
    if signed is None:
        raise refuse("signature.fausse")
    by_name = {element.tag: element for element in signed}
    manifest, properties = by_name.get(q(DSIG, "Manifest")), by_name.get(q(XADES, "SignedProperties"))
    if manifest is None or properties is None:
        raise refuse("signature.forme", "Manifest, SignedProperties")
    _check_signing_certificate(properties, certificate)
    _check_manifest(manifest, lot_uid, documents)
    return SignatureLot(certificate, sha1=uses_sha1(root))


def _check_shape(root: etree._Element) -> None:
    if root.tag != q(DSIG, "Signature"):
        raise refuse("signature.forme", "Signature")
    if len(list(root.iter(q(DSIG, "Signature")))) != 1 or len(list(root.iter(q(DSIG, "Manifest")))) != 1:
        raise refuse("signature.forme", "un seul Manifest")
    identifiers = [str(element.get("Id")) for element in root.iter(etree.Element) if element.get("Id")]
    if len(set(identifiers)) != len(identifiers):
        raise refuse("signature.forme", "Id répété")
    references = root.findall(f"{q(DSIG, 'SignedInfo')}/{q(DSIG, 'Reference')}")
    if {reference.get("Type") for reference in references} != set(_TYPES) or len(references) != len(_TYPES):
        raise refuse("signature.forme", "Reference")
    if any(
        not (reference.get("URI") or "").startswith("#") or reference.find(q(DSIG, "Transforms")) is not None
        for reference in references
    ):
        raise refuse("signature.forme", "Reference")


def _check_signing_certificate(properties: etree._Element, certificate: x509.Certificate) -> None:
    digest = properties.find(f".//{q(XADES, 'Cert')}/{q(XADES, 'CertDigest')}")
    if digest is None or properties.findtext(f".//{q(XADES, 'SigningTime')}") is None:
        raise refuse("signature.forme", "SigningCertificate")
    # the children of CertDigest are in the XAdES namespace by its schema 1.1.1, in dsig's by later ones
    method = next((child.get("Algorithm", "") for child in digest if str(child.tag).endswith("DigestMethod")), "")
    value = next((child.text or "" for child in digest if str(child.tag).endswith("DigestValue")), "")
    der = certificate.public_bytes(Encoding.DER)
    if method not in _HASHES or _decode(value) != hashlib.new(_HASHES[method], der).digest():
        raise refuse("signature.forme", "CertDigest")


def _check_manifest(manifest: etree._Element, lot_uid: str, documents: Mapping[str, bytes]) -> None:
    references = manifest.findall(q(DSIG, "Reference"))
    uris = [reference.get("URI", "") for reference in references]
    if not references or uris[0] != f"urn:oid:{lot_uid}":
        raise refuse("signature.lot")
    if references[0].findtext(q(DSIG, "DigestValue"), "").strip() != "AA==":
        raise refuse("signature.lot", "AA==")
    expected = {f"urn:oid:{uid}" for uid in documents}
    if set(uris[1:]) != expected or len(uris) != len(expected) + 1:
        raise refuse("signature.couverture")
    for reference, uri in zip(references[1:], uris[1:], strict=True):
        _check_digest(reference, documents[uri.removeprefix("urn:oid:")])


def _check_digest(reference: etree._Element, document: bytes) -> None:
    method = reference.find(q(DSIG, "DigestMethod"))
    name = _HASHES.get(method.get("Algorithm", "") if method is not None else "")
    if name is None:
        raise refuse("signature.forme", "DigestMethod")
    octets = _transformed(reference, document)
    digest = _decode(reference.findtext(q(DSIG, "DigestValue"), ""))
    if digest != hashlib.new(name, octets).digest():
        raise refuse("signature.empreinte")


def _transformed(reference: etree._Element, document: bytes) -> bytes:
    transforms = [transform.get("Algorithm", "") for transform in reference.iter(q(DSIG, "Transform"))]
    if not transforms:
        return document
    if len(transforms) != 1 or transforms[0] not in _C14N:
        raise refuse("signature.forme", "Transforms")
    exclusive, comments = _C14N[transforms[0]]
    # canonical from the document node: comments and instructions outside the root belong to it
    try:
        root = read_xml(document)
    except Refus as error:
        raise refuse("cda.lecture", "Transforms") from error
    if exclusive:
        return canonicalize(root, exclusive=True, with_comments=comments)
    return etree.tostring(root.getroottree(), method="c14n", with_comments=comments)


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (ValueError, binascii.Error):
        return b""
