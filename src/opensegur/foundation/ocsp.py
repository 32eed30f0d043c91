"""OCSP: ask an authority about one certificate, and believe its answer once it is sure whose it is.

Source: RFC 6960 §3.2 (what makes an answer acceptable), RFC 8954 (nonce).
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID

from opensegur.foundation.errors import TransportError
from opensegur.foundation.ports import HttpRequest, Transport
from opensegur.foundation.revocation import DERIVE, Revocation, RevocationError, good, revoked, unknown

_SOURCE: Final = "OCSP"
_OK: Final = 200
_NONCE: Final = 32
_HASHES: Final = frozenset({"sha256", "sha384", "sha512"})


def responder_address(certificate: x509.Certificate) -> str:
    """Where its authority answers, or ""."""
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except (x509.ExtensionNotFound, ValueError):
        return ""
    places = (each.access_location for each in access if each.access_method == AuthorityInformationAccessOID.OCSP)
    found = (place.value for place in places if isinstance(place, x509.UniformResourceIdentifier))
    return next((each for each in found if each.startswith(("http://", "https://"))), "")


def ask_status(
    transport: Transport, certificate: x509.Certificate, issuer: x509.Certificate, moment: datetime
) -> Revocation:
    """What the authority answers about ``certificate``, which must have been checked up to an anchor first.

    No answer, or one that is not to be believed, is an unknown state with its reason.
    """
    address = responder_address(certificate)
    if not address:
        return unknown("Ce certificat ne dit pas où interroger son autorité.")
    request = build_request(certificate, issuer)
    headers = {"Content-Type": "application/ocsp-request", "Accept": "application/ocsp-response"}
    try:
        answer = transport.send(HttpRequest("POST", address, headers, request.public_bytes(Encoding.DER)))
        if answer.status == _OK:
            return read_answer(answer.body, request, issuer, moment)
    except (TransportError, RevocationError) as error:
        return unknown(f"L’autorité n’a pas pu être interrogée : {error.message}", _SOURCE)
    return unknown("L’autorité n’a pas pu être interrogée.", _SOURCE)


def build_request(certificate: x509.Certificate, issuer: x509.Certificate) -> ocsp.OCSPRequest:
    # SHA-1 names the issuer here and signs nothing: it is what every responder knows (RFC 5019 §2.1.1)
    builder = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA1())  # noqa: S303 - names a certificate (RFC 6960) # nosec B303
    return builder.add_extension(x509.OCSPNonce(secrets.token_bytes(_NONCE)), critical=False).build()


def read_answer(data: bytes, request: ocsp.OCSPRequest, issuer: x509.Certificate, moment: datetime) -> Revocation:
    """What ``data`` says of the certificate of ``request``.

    Raises ``RevocationError`` OCSP_ILLISIBLE, OCSP_REFUS, OCSP_AUTRE, OCSP_SIGNATURE, OCSP_PERIMEE, OCSP_NONCE.
    """
    try:
        answer = ocsp.load_der_ocsp_response(data)
        if answer.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            raise RevocationError("OCSP_REFUS", "l’autorité ne répond pas.", detail=answer.response_status.name)
        single = next((each for each in answer.responses if _is_about(each, request)), None)
        if single is None:
            raise RevocationError("OCSP_AUTRE", "sa réponse porte sur un autre certificat.")
        _check_signature(answer, issuer, moment)
        _check_nonce(answer, request)
    except (ValueError, UnsupportedAlgorithm, x509.DuplicateExtension) as error:
        raise RevocationError("OCSP_ILLISIBLE", "sa réponse est illisible.", detail=type(error).__name__) from error
    following = single.next_update_utc
    if single.this_update_utc > moment + DERIVE or (following is not None and following < moment - DERIVE):
        raise RevocationError("OCSP_PERIMEE", "sa réponse n’est pas d’aujourd’hui.")
    if single.certificate_status is ocsp.OCSPCertStatus.REVOKED:
        since = single.revocation_time_utc or single.this_update_utc
        return revoked(_SOURCE, single.this_update_utc, since, single.revocation_reason)
    if single.certificate_status is ocsp.OCSPCertStatus.UNKNOWN:
        return unknown("L’autorité dit ne pas connaître ce certificat.", _SOURCE, single.this_update_utc)
    return good(_SOURCE, single.this_update_utc)


def _is_about(single: ocsp.OCSPSingleResponse, request: ocsp.OCSPRequest) -> bool:
    return (
        single.serial_number == request.serial_number
        and single.hash_algorithm.name == request.hash_algorithm.name
        and single.issuer_key_hash == request.issuer_key_hash
        and single.issuer_name_hash == request.issuer_name_hash
    )


def _check_nonce(answer: ocsp.OCSPResponse, request: ocsp.OCSPRequest) -> None:
    """An answer may have none (RFC 5019); another one is a replay."""
    asked = request.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce
    try:
        given = answer.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce
    except x509.ExtensionNotFound:
        return
    if given != asked:
        raise RevocationError("OCSP_NONCE", "sa réponse est celle d’une autre demande.")


def _check_signature(answer: ocsp.OCSPResponse, issuer: x509.Certificate, moment: datetime) -> None:
    """By the authority itself, or by a responder that this very authority named (RFC 6960 §4.2.2.2)."""
    algorithm = answer.signature_hash_algorithm
    if algorithm is None or algorithm.name not in _HASHES:
        raise RevocationError("OCSP_SIGNATURE", "sa réponse est signée trop faiblement.")
    signers = (issuer, *(each for each in answer.certificates if _is_responder(each, issuer, moment)))
    if not any(_signed(answer, signer, algorithm) for signer in signers):
        raise RevocationError("OCSP_SIGNATURE", "la signature de sa réponse est fausse.")


def _is_responder(certificate: x509.Certificate, issuer: x509.Certificate, moment: datetime) -> bool:
    if not certificate.not_valid_before_utc <= moment <= certificate.not_valid_after_utc:
        return False
    try:
        certificate.verify_directly_issued_by(issuer)
        usages = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False
    return ExtendedKeyUsageOID.OCSP_SIGNING in usages


def _signed(answer: ocsp.OCSPResponse, signer: x509.Certificate, algorithm: hashes.HashAlgorithm) -> bool:
    public = signer.public_key()
    try:
        if isinstance(public, rsa.RSAPublicKey):
            public.verify(answer.signature, answer.tbs_response_bytes, padding.PKCS1v15(), algorithm)
        elif isinstance(public, ec.EllipticCurvePublicKey):
            public.verify(answer.signature, answer.tbs_response_bytes, ec.ECDSA(algorithm))
        else:
            return False
    except InvalidSignature:
        return False
    return True
