"""The signature of a lot, computed by hand."""

from __future__ import annotations

import base64
import hashlib
from xml.sax.saxutils import escape

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from atelier_dmp.peuple import Paire
from atelier_dmp.porteur import DS, Change


def _c14n(data: bytes) -> bytes:
    return etree.tostring(etree.ElementTree(etree.fromstring(data)), method="c14n", with_comments=True)


def sign_lot(
    uid: str, documents: dict[str, bytes], paire: Paire, *, sha1: bool = False, coupe: Change | None = None
) -> bytes:
    """The XAdES of a lot, by hand; ``coupe`` alters it before SignedInfo is computed."""
    certificate, key = paire
    algorithm = hashes.SHA1() if sha1 else hashes.SHA256()
    method = f"{DS}sha1" if sha1 else "http://www.w3.org/2001/04/xmlenc#sha256"
    rsa_method = f"{DS}rsa-sha1" if sha1 else "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"

    def digest(data: bytes) -> str:
        return base64.b64encode(hashlib.new("sha1" if sha1 else "sha256", data).digest()).decode()

    comments = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments"
    transforms = f'<Transforms><Transform Algorithm="{comments}"/></Transforms>'

    def reference(name: str, data: bytes) -> str:
        is_xml = data.startswith((b"<", b"\xef\xbb\xbf<")) and b"<!DOCTYPE" not in data
        return (
            f'<Reference URI="urn:oid:{name}">{transforms if is_xml else ""}<DigestMethod Algorithm="{method}"/>'
            f"<DigestValue>{digest(_c14n(data) if is_xml else data)}</DigestValue></Reference>"
        )

    references = "".join(reference(name, data) for name, data in documents.items())
    der = certificate.public_bytes(Encoding.DER)
    text = (
        f'<Signature xmlns="{DS}" Id="sig"><SignedInfo/><SignatureValue/><KeyInfo><X509Data><X509Certificate>'
        f"{base64.b64encode(der).decode()}</X509Certificate></X509Data></KeyInfo>"
        '<Object><SignatureProperties><SignatureProperty Id="purposeOfSignature" Target="#sig">'
        "1.2.840.10065.1.12.1.14</SignatureProperty></SignatureProperties></Object>"
        f'<Object><Manifest Id="IHEManifest"><Reference URI="urn:oid:{uid}"><DigestMethod Algorithm="{method}"/>'
        f"<DigestValue>AA==</DigestValue></Reference>{references}</Manifest></Object>"
        '<Object><QualifyingProperties xmlns="http://uri.etsi.org/01903/v1.1.1#" Target="#sig"><SignedProperties'
        ' Id="S0"><SignedSignatureProperties><SigningTime>2026-11-25T08:59:55Z</SigningTime><SigningCertificate><Cert>'
        f'<CertDigest><DigestMethod Algorithm="{method}"/><DigestValue>{digest(der)}</DigestValue></CertDigest>'
        f'<IssuerSerial><X509IssuerName xmlns="{DS}">{escape(certificate.issuer.rfc4514_string())}</X509IssuerName>'
        f'<X509SerialNumber xmlns="{DS}">{certificate.serial_number}</X509SerialNumber></IssuerSerial></Cert>'
        "</SigningCertificate><SignaturePolicyIdentifier><SignaturePolicyImplied/></SignaturePolicyIdentifier>"
        "</SignedSignatureProperties></SignedProperties></QualifyingProperties></Object></Signature>"
    )
    root = etree.fromstring(text)
    if coupe:
        coupe(root)
    entries = []
    for name, kind in (("IHEManifest", f"{DS}Manifest"), ("S0", "http://uri.etsi.org/01903/v1.1.1#SignedProperties")):
        found = root.xpath("//*[@Id=$name]", name=name)
        data = etree.tostring(found[0], with_tail=False) if found else b"<x/>"
        entries.append(
            f'<Reference URI="#{name}" Type="{kind}"><DigestMethod Algorithm="{method}"/><DigestValue>'
            f"{digest(_c14n(data))}</DigestValue></Reference>"
        )
    info = etree.fromstring(
        f'<SignedInfo xmlns="{DS}"><CanonicalizationMethod Algorithm="{comments}"/><SignatureMethod'
        f' Algorithm="{rsa_method}"/>{"".join(entries)}</SignedInfo>'
    )
    value = key.sign(_c14n(etree.tostring(info)), padding.PKCS1v15(), algorithm)
    root.replace(root[0], info)
    root[1].text = base64.b64encode(value).decode()
    return etree.tostring(root)
