"""What the authorities answer: a list signed at each asking, and OCSP. Sources: RFC 5280 §5, RFC 6960, RFC 5019.

The list has a day before it is too old, as those of authorities in service do; the sandbox's clock says which day.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from datetime import timedelta
from typing import Final
from urllib.parse import unquote

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ocsp

from opensegur.sandbox.context import SandboxContext
from opensegur.sandbox.controle import Controle
from opensegur.sandbox.exchanges import Issue, Verdict
from opensegur.sandbox.pki.gabarits import Autorite, revocation_list
from opensegur.sandbox.pki.magasin import AUTORITES
from opensegur.sandbox.regles import Manquement, Refus, load_catalogue
from opensegur.sandbox.service import Call, Reply

SERVICE: Final = "igc"
CATALOGUE: Final = load_catalogue(__package__ or "", SERVICE)
LCR_LIFE: Final = timedelta(days=1)
OCSP_LIFE: Final = timedelta(hours=12)

_OCSP_TYPE: Final = "application/ocsp-response"
_TEXT: Final = "text/plain; charset=utf-8"
_STATUTS: Final = {
    "ocsp.forme": ocsp.OCSPResponseStatus.MALFORMED_REQUEST,
    "ocsp.emetteur": ocsp.OCSPResponseStatus.UNAUTHORIZED,
}


class ServiceIgc:
    """One method per kind of address; the authority is in the path."""

    def __init__(self, context: SandboxContext) -> None:
        self._context = context
        self._autorites = {nom: context.pki.autorite(nom, context.settings.http_url) for nom in AUTORITES}

    def revoked(self, call: Call) -> Reply:
        """The revocation list, in DER."""

        def make(nom: str, autorite: Autorite) -> Reply:
            start = call.moment.replace(microsecond=0)
            made = revocation_list(autorite, self._context.registre.revoked_by(nom), start, LCR_LIFE)
            return Reply(200, made.public_bytes(Encoding.DER), "application/pkix-crl", "Liste de révocation")

        return self._of_authority(call, ".crl", make)

    def certificate(self, call: Call) -> Reply:
        """The authority's own certificate, in DER."""

        def make(_nom: str, autorite: Autorite) -> Reply:
            der = autorite.certificat.public_bytes(Encoding.DER)
            return Reply(200, der, "application/pkix-cert", "Certificat de l’autorité")

        return self._of_authority(call, ".cer", make)

    def status(self, call: Call) -> Reply:
        """One question about one certificate, by POST, or by GET with the request in the path (RFC 6960 §A.1)."""
        controle = Controle(catalogue=CATALOGUE, strict=True)
        parts = call.path.removeprefix("/igc/ocsp/").split("/", 1)
        try:
            controle.require(parts[0] in AUTORITES, "autorite")
            data = call.body if call.method == "POST" else _from_path(parts[1] if len(parts) > 1 else "")
            request = _read(data)
            controle.require(request is not None and not call.too_large, "ocsp.forme")
            assert request is not None
            return self._answer(parts[0], request, call, controle)
        except Refus as refus:
            manquement = refus.premier
            if manquement.regle.id == "autorite":
                return Reply(
                    404, f"{manquement.texte}\n".encode(), _TEXT, "OCSP", controle.verdict(refus.manquements)
                )
            refused = ocsp.OCSPResponseBuilder.build_unsuccessful(_STATUTS[manquement.regle.id])
            verdict = controle.verdict(refus.manquements)
            return Reply(200, refused.public_bytes(Encoding.DER), _OCSP_TYPE, "OCSP", verdict)

    def failed(self, call: Call) -> Reply:
        verdict = Verdict(Issue.ERREUR)
        if call.path.startswith("/igc/ocsp/"):
            status = ocsp.OCSPResponseStatus.INTERNAL_ERROR
            data = ocsp.OCSPResponseBuilder.build_unsuccessful(status).public_bytes(Encoding.DER)
            return Reply(200, data, _OCSP_TYPE, "OCSP", verdict)
        return Reply(500, "Erreur interne du bac à sable.\n".encode(), _TEXT, verdict=verdict)

    def _of_authority(self, call: Call, suffix: str, make: Callable[[str, Autorite], Reply]) -> Reply:
        nom = call.path.rpartition("/")[2].removesuffix(suffix)
        if nom in self._autorites:
            return make(nom, self._autorites[nom])
        manquement = Manquement(CATALOGUE["autorite"])
        verdict = Verdict(Issue.REFUSEE, ("autorite",), (manquement,))
        return Reply(404, f"{manquement.texte}\n".encode(), _TEXT, verdict=verdict)

    def _answer(self, nom: str, request: ocsp.OCSPRequest, call: Call, controle: Controle) -> Reply:
        autorite, registre = self._autorites[nom], self._context.registre
        algorithm = request.hash_algorithm
        name_hash, key_hash = _hashes_of(autorite, algorithm)
        controle.require(
            (request.issuer_name_hash, request.issuer_key_hash) == (name_hash, key_hash), "ocsp.emetteur"
        )
        serial = request.serial_number
        revoque = registre.revocation(nom, serial)
        known = revoque is not None or registre.is_issued(nom, serial)
        manquements = () if known else (Manquement(CATALOGUE["ocsp.inconnu"]),)
        status = ocsp.OCSPCertStatus.REVOKED if revoque else ocsp.OCSPCertStatus.GOOD
        start = call.moment.replace(microsecond=0)
        builder = ocsp.OCSPResponseBuilder().add_response_by_hash(
            name_hash,
            key_hash,
            serial,
            algorithm=algorithm,
            cert_status=status if known else ocsp.OCSPCertStatus.UNKNOWN,
            this_update=start,
            next_update=start + OCSP_LIFE,
            revocation_time=revoque.moment if revoque else None,
            revocation_reason=revoque.motif if revoque else None,
        )
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, autorite.certificat)
        for extension in request.extensions:
            if isinstance(extension.value, x509.OCSPNonce):
                builder = builder.add_extension(extension.value, critical=False)
        signed = builder.sign(autorite.cle, hashes.SHA256())
        controle.controles.append("ocsp.inconnu")
        summary = {"Numéro": f"{serial:x}", "État": "inconnu" if not known else "révoqué" if revoque else "bon"}
        verdict = controle.verdict(manquements)
        return Reply(200, signed.public_bytes(Encoding.DER), _OCSP_TYPE, "OCSP", verdict, summary)


def _read(data: bytes) -> ocsp.OCSPRequest | None:
    try:
        request = ocsp.load_der_ocsp_request(data)
        _ = (request.serial_number, request.hash_algorithm, request.issuer_key_hash, request.extensions)
    except Exception:  # noqa: BLE001 - several certificates raise NotImplementedError, the rest ValueError and kin
        return None
    return request


def _from_path(text: str) -> bytes:
    try:
        return base64.b64decode(unquote(text), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _hashes_of(autorite: Autorite, algorithm: hashes.HashAlgorithm) -> tuple[bytes, bytes]:
    """How a request names this authority: hashes of its name and of its key (RFC 6960 §4.1.1)."""
    key = autorite.cle.public_key().public_bytes(Encoding.DER, PublicFormat.PKCS1)
    return _digest(algorithm, autorite.certificat.subject.public_bytes()), _digest(algorithm, key)


def _digest(algorithm: hashes.HashAlgorithm, data: bytes) -> bytes:
    made = hashes.Hash(algorithm)
    made.update(data)
    return made.finalize()
