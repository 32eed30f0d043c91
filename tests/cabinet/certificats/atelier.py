"""Certificates of the sandbox in every form that somebody may give, good or not."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)
from django.core.files.uploadedfile import SimpleUploadedFile

from opensegur.cabinet.certificats import garde
from opensegur.cabinet.certificats.controle import judge
from opensegur.cabinet.certificats.models import Certificat
from opensegur.cabinet.certificats.ouverture import Ouverte
from opensegur.cabinet.certificats.usages import Usage
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.structures.models import Structure
from opensegur.foundation.configuration import Configuration
from opensegur.sandbox.context import SandboxContext
from opensegur.sandbox.pki.gabarits import Autorite, issue, structure_name
from opensegur.sandbox.pki.gabarits import Usage as Pour
from opensegur.sandbox.pki.magasin import ORGANISATIONS
from opensegur.sandbox.population.acteurs import CABINET
from opensegur.sandbox.server import Addresses

MOT_DE_PASSE = "trois-pommes-é"
POUR = {
    Usage.AUTHENTIFICATION: (Pour.AUTHENTIFICATION, "DMP AUTH_CLI"),
    Usage.SIGNATURE: (Pour.SIGNATURE, "DMP SIGN"),
    Usage.INSI: (Pour.AUTHENTIFICATION, "INSI-MANU"),
    Usage.MESSAGERIE: (Pour.AUTHENTIFICATION, "MSSANTE"),
}


@dataclass(frozen=True)
class Piece:
    """A certificate, the authorities above it, and its key."""

    certificat: x509.Certificate
    cle: rsa.RSAPrivateKey
    autorites: tuple[x509.Certificate, ...] = ()

    @property
    def pem(self) -> bytes:
        return b"".join(each.public_bytes(Encoding.PEM) for each in (self.certificat, *self.autorites))

    def cle_pem(self, mot_de_passe: str = "") -> bytes:
        sealed = BestAvailableEncryption(mot_de_passe.encode()) if mot_de_passe else NoEncryption()
        return self.cle.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, sealed)

    def p12(self, mot_de_passe: str = MOT_DE_PASSE) -> bytes:
        sealed = BestAvailableEncryption(mot_de_passe.encode()) if mot_de_passe else NoEncryption()
        return pkcs12.serialize_key_and_certificates(b"structure", self.cle, self.certificat, self.autorites, sealed)

    @property
    def ouverte(self) -> Ouverte:
        return Ouverte(self.pem.decode(), self.cle.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))


@dataclass
class Atelier:
    contexte: SandboxContext
    adresses: Addresses
    configuration: Configuration
    faites: dict[object, Piece] = field(default_factory=dict)

    def de(self, identifiant: str, usage: str) -> Piece:
        """One of those that the sandbox gives."""
        pair = self.contexte.pki.client(identifiant, usage)
        return _read(pair.certificat, pair.cle)

    def nouvelle(
        self,
        usage: Usage = Usage.AUTHENTIFICATION,
        *,
        structure=CABINET,
        jours: int = 300,
        debut: timedelta = timedelta(days=-1),
        nom: str = "",
    ) -> Piece:
        """A fresh one, that serves ``jours`` days from now; the same question gives the same one."""
        asked = (usage, structure.id_nat, jours, debut, nom)
        if asked not in self.faites:
            pour, common = POUR[usage]
            authority = self.autorite
            start = datetime.now(UTC).replace(microsecond=0) + debut
            days = jours - debut.days
            subject = structure_name(structure, nom or common)
            certificate, key = issue(subject, pour, authority, start + timedelta(hours=1), days)
            self.contexte.registre.record(ORGANISATIONS, structure.id_nat, usage.value, certificate)
            self.faites[asked] = Piece(certificate, key, (authority.certificat,))
        return self.faites[asked]

    @property
    def autorite(self) -> Autorite:
        return self.contexte.pki.autorite(ORGANISATIONS, self.adresses.http)

    def revoquer(self, piece: Piece) -> None:
        self.contexte.registre.revoke(f"{piece.certificat.serial_number:x}", datetime.now(UTC), "vol")


def fichier(nom: str, contenu: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(nom, contenu, content_type="application/octet-stream")


def ranger(structure: Structure, usage: Usage, piece: Piece, auteur: Compte) -> Certificat:
    """Keep it as the screen does, once judged."""
    judged = judge(structure, usage, piece.ouverte.chaine, datetime.now(UTC))
    assert not judged.refus, judged.refus
    return garde.add(structure, usage, piece.ouverte, judged.appreciation, auteur)


def _read(certificat: Path, cle: Path) -> Piece:
    chain = x509.load_pem_x509_certificates(certificat.read_bytes())
    key = load_pem_private_key(cle.read_bytes(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return Piece(chain[0], key, tuple(chain[1:]))
