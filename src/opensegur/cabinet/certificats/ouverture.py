"""Opens what somebody gave, in a process of its own: a file that asks for minutes of computing is left there."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from dataclasses import dataclass, field

from cryptography import x509

from opensegur.cabinet.certificats.lecture import FichierRefuse

TAILLE_MAX = 64 * 1024
_DELAI = 10.0


@dataclass(frozen=True, slots=True)
class Ouverte:
    """A certificate followed by its authorities (PEM), and its key (PKCS#8, in clear: never written so)."""

    pem: str
    cle: bytes = field(repr=False)

    @property
    def chaine(self) -> tuple[x509.Certificate, ...]:
        return tuple(x509.load_pem_x509_certificates(self.pem.encode("ascii")))


def open_upload(fichier: bytes, cle: bytes, mot_de_passe: str, *, delai: float = _DELAI) -> Ouverte:
    """Raises ``FichierRefuse``: CERT_TAILLE, CERT_CALCUL, CERT_FORMAT, CERT_MOT_DE_PASSE, CERT_SANS_CLE, CERT_CLE…"""
    if max(len(fichier), len(cle)) > TAILLE_MAX:
        raise FichierRefuse(
            "CERT_TAILLE", "Ce fichier est trop gros pour un certificat.", conseil="Il fait 64 Ko au plus."
        )
    question = {
        "fichier": base64.b64encode(fichier).decode("ascii"),
        "cle": base64.b64encode(cle).decode("ascii"),
        "mot_de_passe": mot_de_passe,
    }
    said = _ask(json.dumps(question), delai)
    if "cle" not in said:
        raise FichierRefuse(said["code"], said["message"], conseil=said["conseil"])
    return Ouverte(said["certificats"], base64.b64decode(said["cle"]))


def _ask(question: str, delai: float) -> dict[str, str]:
    command = [sys.executable, "-P", "-m", "opensegur.cabinet.certificats.lecture"]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, and nothing of what was given on its line # nosec B603
            command, input=question, capture_output=True, text=True, timeout=delai, check=True
        )
        said: dict[str, str] = json.loads(done.stdout)
    except subprocess.TimeoutExpired as error:
        raise FichierRefuse(
            "CERT_CALCUL",
            "Ce fichier demande un temps de calcul anormal : il n’a pas été ouvert.",
            conseil="Demandez d’où il vient ; refaites-le depuis le magasin de certificats.",
        ) from error
    except (subprocess.CalledProcessError, ValueError, OSError) as error:
        raise FichierRefuse(
            "CERT_FORMAT",
            "Ce fichier n’a pas pu être ouvert.",
            conseil="Donnez le fichier reçu de l’IGC-Santé.",
            detail=type(error).__name__,
        ) from None
    return said
