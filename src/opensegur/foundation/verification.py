"""Verification of the enveloped signature that ``signature`` writes, and of nothing wider.

Reading only the one shape that SAML allows closes the doors of signature wrapping: one reference, to the very
element that carries the signature, by an identifier that no other element of the document has.
"""

from __future__ import annotations

import base64
import binascii
from copy import deepcopy

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from lxml import etree

from opensegur.foundation.dsig import ALGORITHMS, DS, ENVELOPED, EXC_C14N, digest
from opensegur.foundation.errors import RefusedInput
from opensegur.foundation.ports import HashName
from opensegur.foundation.xml import canonicalize

_HASHES: dict[HashName, hashes.HashAlgorithm] = {"sha1": hashes.SHA1(), "sha256": hashes.SHA256()}  # noqa: S303 - the national signatures name it # nosec B303
_INCLUSIVE = f"{{{EXC_C14N}}}InclusiveNamespaces"


def verify_enveloped(element: etree._Element, *, id_attribute: str = "ID") -> x509.Certificate:
    """Check the signature that is a child of ``element``; give back the certificate that it carries.

    The certificate's own trust (chain, period, revocation) is the caller's to judge.

    Raises ``RefusedInput``: SIGN_ABSENTE, SIGN_FORME (not the shape of a SAML signature), SIGN_ALGORITHME,
    SIGN_REFERENCE (it signs something else), SIGN_EMPREINTE (the element was changed), SIGN_CERTIFICAT,
    SIGN_VALEUR (not made by the certificate's key).
    """
    signatures = element.findall(f"{DS}Signature")
    if not signatures:
        raise _refused("SIGN_ABSENTE", "Le message n’est pas signé.")
    if len(signatures) > 1:
        raise _refused("SIGN_FORME", "Le message porte plusieurs signatures.")
    if next(element.iter(etree.Comment), None) is not None:
        # outside the canonical form: slipped into a signed text, a comment would hide the end of it from readers
        raise _refused("SIGN_FORME", "Le message signé contient un commentaire XML.")
    signature = signatures[0]
    signed_info = _only(signature, "SignedInfo")
    reference = _only(signed_info, "Reference")
    if _algorithm(signed_info, "CanonicalizationMethod") != EXC_C14N:
        raise _refused("SIGN_ALGORITHME", "La canonicalisation de la signature n’est pas admise.")
    _check_reference(element, reference, id_attribute)
    _check_digest(element, reference)
    certificate = _certificate(signature)
    _check_value(signature, signed_info, certificate)
    return certificate


def _check_reference(element: etree._Element, reference: etree._Element, id_attribute: str) -> None:
    identifier = element.get(id_attribute, "")
    root = element.getroottree().getroot()
    homonyms = root.xpath(
        "count(//@*[local-name() = $a or local-name() = 'ID'][. = $v])", a=id_attribute, v=identifier
    )
    if not identifier or reference.get("URI") != f"#{identifier}" or homonyms != 1:
        raise _refused("SIGN_REFERENCE", "La signature ne porte pas sur le message qui la contient.")


def _check_digest(element: etree._Element, reference: etree._Element) -> None:
    transforms = [item.get("Algorithm") for item in reference.iterfind(f"{DS}Transforms/{DS}Transform")]
    hash_name = _hash_of(_algorithm(reference, "DigestMethod"), "digest")
    if transforms != [ENVELOPED, EXC_C14N]:
        raise _refused("SIGN_ALGORITHME", "Les transformations de la signature ne sont pas admises.")
    # without the signature, but in its own document: exclusive canonicalisation needs no ancestors
    bare = deepcopy(element)
    own = bare.find(f"{DS}Signature")
    if own is None:
        raise _refused("SIGN_FORME", "La signature est illisible.")
    _remove_keeping_tail(own)
    canonical = canonicalize(bare, exclusive=True, inclusive_prefixes=_prefixes(reference))
    if digest(canonical, hash_name) != _text(_only(reference, "DigestValue")):
        raise _refused("SIGN_EMPREINTE", "Le message a été modifié après sa signature.")


def _certificate(signature: etree._Element) -> x509.Certificate:
    found = signature.findall(f"{DS}KeyInfo/{DS}X509Data/{DS}X509Certificate")
    if not found:
        raise _refused("SIGN_CERTIFICAT", "La signature ne donne pas son certificat.")
    try:
        return x509.load_der_x509_certificate(base64.b64decode(_text(found[0]), validate=True))
    except (ValueError, binascii.Error) as error:
        raise _refused("SIGN_CERTIFICAT", "Le certificat de la signature est illisible.") from error


def _check_value(signature: etree._Element, signed_info: etree._Element, certificate: x509.Certificate) -> None:
    hash_name = _hash_of(_algorithm(signed_info, "SignatureMethod"), "signature")
    key = certificate.public_key()
    if not isinstance(key, rsa.RSAPublicKey):
        raise _refused("SIGN_CERTIFICAT", "Le certificat de la signature n’a pas une clé RSA.")
    try:
        value = base64.b64decode(_text(_only(signature, "SignatureValue")), validate=True)
        prefixes = _prefixes(_only(signed_info, "CanonicalizationMethod"))
        canonical = canonicalize(signed_info, exclusive=True, inclusive_prefixes=prefixes)
        key.verify(value, canonical, padding.PKCS1v15(), _HASHES[hash_name])
    except (InvalidSignature, ValueError) as error:
        raise _refused("SIGN_VALEUR", "La signature n’a pas été faite avec son certificat.") from error


def _hash_of(algorithm: str, role: str) -> HashName:
    for name, known in ALGORITHMS.items():
        if algorithm == getattr(known, role):
            return name
    raise _refused("SIGN_ALGORITHME", "L’algorithme de la signature n’est pas admis.", detail=algorithm[:120])


def _only(parent: etree._Element, name: str) -> etree._Element:
    found = parent.findall(f"{DS}{name}")
    if len(found) != 1:
        raise _refused("SIGN_FORME", "La signature n’a pas la forme attendue.", detail=f"{len(found)} {name}")
    return found[0]


def _prefixes(holder: etree._Element) -> list[str]:
    """The prefixes that a canonicalisation inside ``holder`` keeps (Exclusive XML Canonicalization §4)."""
    found = holder.find(f".//{_INCLUSIVE}")
    return [] if found is None else [name for name in found.get("PrefixList", "").split() if name != "#default"]


def _algorithm(parent: etree._Element, name: str) -> str:
    return _only(parent, name).get("Algorithm", "")


def _text(element: etree._Element) -> str:
    return "".join((element.text or "").split())


def _remove_keeping_tail(element: etree._Element) -> None:
    parent, previous = element.getparent(), element.getprevious()
    assert parent is not None
    if element.tail:
        if previous is None:
            parent.text = (parent.text or "") + element.tail
        else:
            previous.tail = (previous.tail or "") + element.tail
    parent.remove(element)


def _refused(code: str, message: str, *, detail: str = "") -> RefusedInput:
    return RefusedInput(
        code,
        message,
        conseil="N’utilisez pas ce message : demandez à l’émetteur de vérifier son certificat de signature.",
        detail=detail,
    )
