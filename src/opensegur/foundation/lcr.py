"""Revocation lists (LCR, CRL): kept in a folder, fetched again once their next date is past, believed once signed.

Sources: RFC 5280 §5 and §6.3 (complete lists of one authority; delta, indirect and partial ones are refused).
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from opensegur.foundation.errors import TransportError
from opensegur.foundation.ports import HttpRequest, Transport
from opensegur.foundation.revocation import DERIVE, Etat, Revocation, RevocationError, good, revoked, unknown

_SOURCE: Final = "LCR"
_OK: Final = 200
_HASHES: Final = frozenset({"sha256", "sha384", "sha512"})


class RevocationLists:
    """The lists kept in ``folder``, one file for each address that a certificate gives."""

    def __init__(self, folder: Path, transport: Transport | None = None) -> None:
        self._folder = folder
        self._transport = transport

    def status(self, certificate: x509.Certificate, issuer: x509.Certificate, moment: datetime) -> Revocation:
        """What the list of ``issuer`` says of ``certificate``, which must have been checked up to an anchor first.

        A list that is too old still revokes, but does not say that all is well.
        """
        addresses = list_addresses(certificate)
        if not addresses:
            return unknown("Ce certificat ne dit pas où lire la liste de révocation.")
        said = unknown("La liste de révocation n’a pas pu être lue.", _SOURCE)
        for address in addresses:
            said = self._from(address, certificate, issuer, moment)
            if said.etat is not Etat.INCONNU:
                return said
        return said

    def path_of(self, address: str) -> Path:
        return self._folder / f"{hashlib.sha256(address.encode()).hexdigest()[:32]}.crl"

    def _from(
        self, address: str, certificate: x509.Certificate, issuer: x509.Certificate, moment: datetime
    ) -> Revocation:
        kept = self._kept(address, issuer, moment)
        if kept is not None and not is_stale(kept, moment):
            return status_in(kept, certificate, moment)
        try:
            fresh = self._fetch(address, issuer, moment)
        except (RevocationError, TransportError) as error:
            if kept is not None:
                return status_in(kept, certificate, moment)
            return unknown(f"La liste de révocation n’a pas pu être lue : {error.message}", _SOURCE)
        return status_in(fresh, certificate, moment)

    def _kept(
        self, address: str, issuer: x509.Certificate, moment: datetime
    ) -> x509.CertificateRevocationList | None:
        try:
            return read_list(self.path_of(address).read_bytes(), issuer, moment)
        except (OSError, RevocationError):
            return None  # absent, or spoilt since: it is fetched again

    def _fetch(self, address: str, issuer: x509.Certificate, moment: datetime) -> x509.CertificateRevocationList:
        if self._transport is None:
            raise RevocationError("LCR_ABSENTE", "ce poste ne va pas la chercher.")
        answer = self._transport.send(HttpRequest("GET", address))
        if answer.status != _OK:
            raise RevocationError("LCR_ABSENTE", "l’autorité ne la donne pas.", detail=str(answer.status))
        found = read_list(answer.body, issuer, moment)
        self._keep(address, answer.body)
        return found

    def _keep(self, address: str, data: bytes) -> None:
        target = self.path_of(address)
        draft = target.with_suffix(f".{secrets.token_hex(4)}")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(data)
            os.replace(draft, target)  # noqa: PTH105 - replaces on Windows too
        except OSError:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)  # a list that cannot be kept still serves once


def list_addresses(certificate: x509.Certificate) -> Sequence[str]:
    """The http addresses of its distribution points, in their order."""
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except (x509.ExtensionNotFound, ValueError):
        return ()
    names = (name for point in points if point.crl_issuer is None for name in point.full_name or ())
    found = (name.value for name in names if isinstance(name, x509.UniformResourceIdentifier))
    return tuple(address for address in found if address.startswith(("http://", "https://")))


def read_list(data: bytes, issuer: x509.Certificate, moment: datetime) -> x509.CertificateRevocationList:
    """The list in ``data`` (PEM or DER), once it is sure that ``issuer`` signed it. It may be too old: ``is_stale``.

    Raises ``RevocationError`` LCR_ILLISIBLE, LCR_AUTORITE, LCR_SIGNATURE, LCR_FORME, LCR_FUTURE.
    """
    try:
        found = x509.load_pem_x509_crl(data) if b"-----BEGIN" in data[:64] else x509.load_der_x509_crl(data)
        extensions = found.extensions
    except (ValueError, UnsupportedAlgorithm, x509.DuplicateExtension) as error:
        raise RevocationError("LCR_ILLISIBLE", "elle est illisible.", detail=type(error).__name__) from error
    if found.issuer != issuer.subject or not _may_sign_lists(issuer):
        raise RevocationError("LCR_AUTORITE", "elle n’est pas de l’autorité de ce certificat.")
    if not _is_signed(found, issuer):
        raise RevocationError("LCR_SIGNATURE", "sa signature est fausse.")
    for extension in extensions:
        if extension.critical and not _is_whole(extension.value):
            raise RevocationError("LCR_FORME", "ce n’est pas une liste complète.", detail=str(extension.oid))
    if found.last_update_utc > moment + DERIVE:
        raise RevocationError(
            "LCR_FUTURE", "elle est datée de l’avenir.", conseil="Vérifiez l’heure de cet ordinateur."
        )
    return found


def is_stale(found: x509.CertificateRevocationList, moment: datetime) -> bool:
    """Whether a newer one should have come (RFC 5280 §5.1.2.5); without a next date, it is always fetched again."""
    following = found.next_update_utc
    return following is None or following < moment


def status_in(found: x509.CertificateRevocationList, certificate: x509.Certificate, moment: datetime) -> Revocation:
    """What this list says of a certificate of its authority."""
    entry = found.get_revoked_certificate_by_serial_number(certificate.serial_number)
    if entry is not None:
        return revoked(_SOURCE, found.last_update_utc, entry.revocation_date_utc, _reason(entry))
    if is_stale(found, moment):
        phrase = f"La liste de révocation est périmée : elle date du {found.last_update_utc:%d/%m/%Y}."
        return unknown(phrase, _SOURCE, found.last_update_utc, perimee=True)
    return good(_SOURCE, found.last_update_utc)


def _is_signed(found: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    public, algorithm = issuer.public_key(), found.signature_hash_algorithm
    if not isinstance(public, (rsa.RSAPublicKey, ec.EllipticCurvePublicKey)):
        return False
    return algorithm is not None and algorithm.name in _HASHES and found.is_signature_valid(public)


def _is_whole(value: x509.ExtensionType) -> bool:
    if not isinstance(value, x509.IssuingDistributionPoint):
        return False
    return not (value.indirect_crl or value.only_some_reasons or value.only_contains_attribute_certs
                or value.only_contains_ca_certs)  # fmt: skip


def _may_sign_lists(issuer: x509.Certificate) -> bool:
    try:
        return issuer.extensions.get_extension_for_class(x509.KeyUsage).value.crl_sign
    except x509.ExtensionNotFound:
        return True


def _reason(entry: x509.RevokedCertificate) -> x509.ReasonFlags | None:
    try:
        return entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
    except (x509.ExtensionNotFound, ValueError):
        return None
