"""The certificates in service as files, which the connections ask for: encrypted, private, gone with the process.

Each process writes its own, in a folder that it alone reads, under a password drawn at its start and held in memory:
what a crash leaves behind opens nothing. A certificate is decrypted and written once, known by its fingerprint.
"""

from __future__ import annotations

import atexit
import os
import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_der_private_key,
)

from opensegur.cabinet.certificats.models import Certificat
from opensegur.cabinet.certificats.usages import Usage
from opensegur.cabinet.chiffrement.chiffre import DecryptionError
from opensegur.foundation.errors import ConfigurationError

if TYPE_CHECKING:
    from opensegur.cabinet.structures.models import Structure

_SURSIS = 60.0
"""How long the files of a certificate that left service remain, for who is just opening a connection with them."""


@dataclass(frozen=True, slots=True)
class Materiel:
    """A certificate in service, as the connections take it."""

    structure: UUID
    certificat: Path
    cle: Path
    mot_de_passe: str = field(repr=False)


class Dossier:
    """The files of this process."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._pieces: dict[UUID, Materiel] = {}
        self._sorties: dict[UUID, float] = {}
        self._suivent: list[Callable[[], None]] = []
        self._start()

    def follow(self, suit: Callable[[], None]) -> None:
        """Call ``suit`` when a certificate has left: what was opened with it is to be forgotten."""
        self._suivent.append(suit)

    def in_service(self, structure: Structure) -> Mapping[Usage, Materiel]:
        """Raises ``ConfigurationError`` CERT_ILLISIBLE: this process cannot decrypt one of them."""
        rows = Certificat.objects.filter(structure=structure, etat=Certificat.Etat.EN_SERVICE).order_by("usage")
        served = {pk: Usage(usage) for pk, usage in rows.values_list("pk", "usage")}
        with self._lock:
            if self._pid != os.getpid():  # a child of the process that wrote them: they are not its own to remove
                self._start()
            self._let_go(structure.pk, served)
            return {usage: self._piece(pk) for pk, usage in served.items()}

    def close(self) -> None:
        """Remove every file."""
        with self._lock:
            if self._folder and self._pid == os.getpid():
                shutil.rmtree(self._folder, ignore_errors=True)
            self._start()

    def _start(self) -> None:
        self._pieces.clear()
        self._sorties.clear()
        self._pid = os.getpid()
        self._folder: Path | None = None
        self._password = secrets.token_urlsafe(32)

    def _piece(self, pk: UUID) -> Materiel:
        found = self._pieces.get(pk)
        # a machine may clean its temporary folder under us
        if found is None or not (found.certificat.is_file() and found.cle.is_file()):
            found = self._pieces[pk] = self._write(_read(pk))
        self._sorties.pop(pk, None)
        return found

    def _write(self, row: Certificat) -> Materiel:
        if self._folder is None or not self._folder.is_dir():
            self._folder = Path(tempfile.mkdtemp(prefix="opensegur-"))
        key = load_der_private_key(bytes(row.cle or b""), None)
        sealed = key.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(self._password.encode())
        )
        name = secrets.token_hex(8)
        made = Materiel(
            row.structure_id, self._folder / f"{name}.pem", self._folder / f"{name}.cle.pem", self._password
        )
        for path, content in ((made.certificat, row.pem.encode("ascii")), (made.cle, sealed)):
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
                stream.write(content)
        return made

    def _let_go(self, structure: UUID, served: Mapping[UUID, Usage]) -> None:
        now = time.monotonic()
        for pk, piece in list(self._pieces.items()):
            if piece.structure != structure or pk in served:
                continue
            if now - self._sorties.setdefault(pk, now) < _SURSIS:
                continue
            del self._pieces[pk], self._sorties[pk]
            for path in (piece.certificat, piece.cle):
                with suppress(OSError):
                    path.unlink()
            for suit in self._suivent:
                suit()


def _read(pk: UUID) -> Certificat:
    try:
        return Certificat.objects.get(pk=pk)
    except DecryptionError as error:
        raise ConfigurationError(
            "CERT_ILLISIBLE",
            "Ce processus ne peut pas déchiffrer la clé d’un certificat de la structure.",
            conseil="Donnez-lui le trousseau de clés de cette base (OPENSEGUR_CLES), puis redémarrez-le.",
            detail=f"certificat {pk}, {error.detail}",
            retryable=True,  # another worker may have the right ring: nothing is given up for that
        ) from error


DOSSIER = Dossier()
atexit.register(DOSSIER.close)
