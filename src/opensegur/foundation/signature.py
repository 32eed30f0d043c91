"""The enveloped XML signature of a SAML assertion (SAML 2.0 Core §5.4), through the ``Signer`` port.

Exclusive canonicalisation keeps it valid wherever the assertion is carried.
"""

from __future__ import annotations

import re

from lxml import etree

from opensegur.foundation.dsig import (
    DS,
    ENVELOPED,
    EXC_C14N,
    NS_DSIG,
    add_digest,
    add_key_info,
    add_signed_info,
    add_transforms,
    add_value,
    digest,
)
from opensegur.foundation.errors import InvalidValue
from opensegur.foundation.ports import HashName, Signer
from opensegur.foundation.xml import canonicalize

__all__ = ["digest", "sign_enveloped"]

_NCNAME = re.compile(r"[A-Za-z_][\w.-]*")


def sign_enveloped(
    element: etree._Element,
    signer: Signer,
    *,
    id_attribute: str = "ID",
    position: int = 1,
    hash_name: HashName = "sha256",
) -> etree._Element:
    """Sign ``element`` and insert the ``ds:Signature`` as its child number ``position``; give the signature back.

    In a SAML assertion position 1 is right after the Issuer. The element must not change afterwards.

    Raises ``InvalidValue`` SIGN_ID when the element has no usable identifier, SIGN_TWICE when it is signed already.
    """
    identifier = element.get(id_attribute, "")
    if not _NCNAME.fullmatch(identifier):
        raise InvalidValue(
            "SIGN_ID", "L’élément à signer n’a pas d’identifiant valable.", detail=f"attribute {id_attribute}"
        )
    if element.find(f"{DS}Signature") is not None:
        raise InvalidValue("SIGN_TWICE", "L’élément à signer porte déjà une signature.")
    value = digest(canonicalize(element, exclusive=True), hash_name)

    signature = etree.Element(f"{DS}Signature", nsmap={"ds": NS_DSIG})
    signed_info = add_signed_info(signature, EXC_C14N, hash_name)
    reference = etree.SubElement(signed_info, f"{DS}Reference", URI=f"#{identifier}")
    add_transforms(reference, ENVELOPED, EXC_C14N)
    add_digest(reference, value, hash_name)
    add_value(signature, signer, canonicalize(signed_info, exclusive=True), hash_name)
    add_key_info(signature, signer)
    element.insert(position, signature)
    return signature
