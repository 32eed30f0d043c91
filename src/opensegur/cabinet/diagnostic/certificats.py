"""The certificates of a configuration: which one serves what, until when, and whether it goes with its key.

Source: digest of the IGC-Santé; warnings at 60, 30 and 7 days.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from cryptography.x509.oid import NameOID

from opensegur.cabinet.diagnostic.constat import Constat, broken, good, watch
from opensegur.foundation.configuration import Configuration
from opensegur.foundation.echeance import Echeance, Niveau, time_left


@dataclass(frozen=True, slots=True)
class Piece:
    """``usage`` in plain words; ``cle`` and its password when there is a key beside."""

    usage: str
    certificat: Path
    cle: Path | None = None
    mot_de_passe: str = ""


def check_certificates(configuration: Configuration, now: datetime) -> Iterator[Constat]:
    for piece in _pieces(configuration):
        yield _check(piece, now)


def _pieces(configuration: Configuration) -> Iterator[Piece]:
    for name, point in (("INSi", configuration.insi), ("appli carte Vitale", configuration.apcv)):
        if point is not None:
            yield Piece(f"s’authentifier auprès du service {name}", point.certificat, point.cle, point.mot_de_passe)
    if (dmp := configuration.dmp) is not None:
        yield Piece("s’authentifier auprès du DMP", dmp.certificat, dmp.cle, dmp.mot_de_passe)
        yield Piece("signer pour le DMP", dmp.certificat_signature, dmp.cle_signature, dmp.mot_de_passe_signature)
    if (psc := configuration.psc) is not None and psc.certificat is not None:
        yield Piece("s’authentifier auprès de Pro Santé Connect", psc.certificat, psc.cle, psc.mot_de_passe)


def _check(piece: Piece, now: datetime) -> Constat:
    subject = f"Certificat pour {piece.usage}"
    try:
        certificate = x509.load_pem_x509_certificate(piece.certificat.read_bytes())
    except (OSError, ValueError):
        return broken(subject, "Le fichier est absent ou illisible.", "Remettez le fichier PEM à sa place.")
    name = _common_name(certificate)
    if not _goes_with_its_key(certificate, piece):
        return broken(subject, f"{name} : la clé n’est pas la sienne.", "Donnez la clé qui va avec ce certificat.")
    return _time_left(subject, name, time_left(certificate, now))


def _time_left(subject: str, name: str, left: Echeance) -> Constat:
    told = f"{name} : {left.phrase[0].lower()}{left.phrase[1:]}"
    if left.niveau is Niveau.BON:
        return good(subject, told)
    return (watch if left.niveau is Niveau.PREVOIR else broken)(subject, told, left.conseil)


def _common_name(certificate: x509.Certificate) -> str:
    found = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else "sans nom"


def _goes_with_its_key(certificate: x509.Certificate, piece: Piece) -> bool:
    if piece.cle is None:
        return True
    try:
        key = load_pem_private_key(piece.cle.read_bytes(), piece.mot_de_passe.encode() or None)
    except (OSError, ValueError, TypeError):
        return False
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return key.public_key().public_bytes(*form) == certificate.public_key().public_bytes(*form)
