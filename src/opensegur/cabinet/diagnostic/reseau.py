"""How this practice is served: its own authority and the certificate of its server, when it has them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from cryptography import x509

from opensegur.cabinet.diagnostic.constat import Constat, broken, good, watch

_BIENTOT, _AN = 14, 365


def check_serving(donnees: Path, now: datetime) -> Iterator[Constat]:
    """Nothing for the demonstration, nor under a certificate that was given."""
    folder = donnees / "tls"
    if not folder.is_dir():
        return
    try:
        authority = x509.load_pem_x509_certificate((folder / "autorite.pem").read_bytes())
        server = x509.load_pem_x509_certificate((folder / "serveur.pem").read_bytes())
    except (OSError, ValueError):
        yield broken("Https", "Le dossier « tls » est abîmé.", "Reprenez-le d’une sauvegarde.")
        return
    yield _server(server, now)
    yield _authority(authority, now)


def _server(certificate: x509.Certificate, now: datetime) -> Constat:
    until = certificate.not_valid_after_utc
    said = f"Certificat du serveur, jusqu’au {until:%d/%m/%Y} ; il se renouvelle seul."
    if (until - now).days < _BIENTOT:
        return broken("Https", said, "Il aurait dû l’être déjà : redémarrez « opensegur serve ».")
    return good("Https", said)


def _authority(certificate: x509.Certificate, now: datetime) -> Constat:
    until = certificate.not_valid_after_utc
    said = f"Autorité du cabinet, jusqu’au {until:%d/%m/%Y}."
    if (until - now).days < _AN:
        return watch("Autorité", said, "Prévoyez d’en faire une autre, et de l’installer sur chaque poste.")
    return good("Autorité", said)
