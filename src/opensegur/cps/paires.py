"""The two pairs of a card, found without ever taking one for the other.

By the label of the key and the last byte of CKA_ID, then by what the certificate allows and by its public key: two
signs that disagree are an error with a name, never a choice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from opensegur.cps import certificats
from opensegur.cps.errors import cps_error
from opensegur.cps.puce import ObjetCertificat, ObjetCle
from opensegur.foundation.ports import HashName


@dataclass(frozen=True, slots=True)
class _Marque:
    """How one pair is known on the chip: the label of its key and the last byte of its CKA_ID."""

    label: str
    octet: int
    suits: Callable[[x509.Certificate], bool]


class Paire(Enum):
    """The two pairs of a card, never swapped."""

    AUTHENTIFICATION = _Marque("CPS_PRIV_AUT", 0x20, certificats.is_for_authentication)
    SIGNATURE = _Marque("CPS_PRIV_SIG", 0x10, certificats.is_for_signature)


_OCTETS = frozenset(bytes((each.value.octet,)) for each in Paire)
_HASHES: dict[HashName, hashes.HashAlgorithm] = {"sha1": hashes.SHA1(), "sha256": hashes.SHA256()}  # noqa: S303 - the national signatures name it # nosec B303


def certificate_of(found: tuple[ObjetCertificat, ...], paire: Paire) -> x509.Certificate:
    """By its CKA_ID; on a chip whose certificates have none of the two, by what it allows."""
    wanted = {each.der for each in found if each.ident[-1:] == bytes((paire.value.octet,))}
    if not wanted and not any(each.ident[-1:] in _OCTETS for each in found):
        wanted = {each.der for each in found if paire.value.suits(certificats.read_certificate(each.der))}
    if len(wanted) != 1:
        raise cps_error("CPS_CERTIFICAT_AMBIGU" if wanted else "CPS_CERTIFICAT_ABSENT", paire.name)
    return certificats.read_certificate(wanted.pop())


def checked_certificate(found: tuple[ObjetCertificat, ...], paire: Paire) -> x509.Certificate:
    certificate = certificate_of(found, paire)
    if not paire.value.suits(certificate):
        raise cps_error("CPS_CLES_INVERSEES", f"certificate of {paire.name}")
    return certificate


def key_of(keys: tuple[ObjetCle, ...], paire: Paire, certificate: x509.Certificate) -> ObjetCle:
    """The key that its label and its CKA_ID both name, and whose public part is the certificate's."""
    mark = paire.value
    by_label = [each for each in keys if each.label == mark.label]
    by_ident = [each for each in keys if each.ident[-1:] == bytes((mark.octet,))]
    if not by_label and not by_ident:
        raise cps_error("CPS_CLE_ABSENTE", paire.name)
    if len(by_label) > 1 or len(by_ident) > 1:
        raise cps_error("CPS_CLE_AMBIGUE", paire.name)
    if by_label and by_ident and by_label != by_ident:
        raise cps_error("CPS_CLES_INVERSEES", f"key of {paire.name}")
    key = (by_label or by_ident)[0]
    others = {other.value.label for other in Paire if other is not paire}
    if key.label in others:
        raise cps_error("CPS_CLES_INVERSEES", f"key of {paire.name}")
    public = certificate.public_key()
    if not isinstance(public, rsa.RSAPublicKey) or (key.modulus and key.modulus != public.public_numbers().n):
        raise cps_error("CPS_CLE_CERTIFICAT", paire.name)
    return key


def verifies(certificate: x509.Certificate, data: bytes, signature: bytes, hash_name: HashName) -> bool:
    public = certificate.public_key()
    assert isinstance(public, rsa.RSAPublicKey)  # checked with the key
    try:
        public.verify(signature, data, padding.PKCS1v15(), _HASHES[hash_name])
    except InvalidSignature:
        return False
    return True
