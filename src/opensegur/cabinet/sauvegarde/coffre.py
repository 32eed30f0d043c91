"""The envelope of a backup: age (age-encryption.org/v1), for a public key.

The installation only knows the public key: whoever takes it, or the backup, reads nothing. Any ``age`` program opens
the file with the private key, without OpenSégur.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pyrage

from opensegur.foundation.errors import InvalidValue, OpenSegurError

_PARTIEL = ".partiel"


class SauvegardeIllisible(OpenSegurError):
    """The backup does not open: another key, a cut file, or no backup at all."""


def new_key() -> tuple[str, str]:
    """A private key (``AGE-SECRET-KEY-1…``) and its public key (``age1…``)."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def seal(write: Callable[[BinaryIO], None], target: Path, public_key: str) -> None:
    """Encrypt what ``write`` writes into ``target``, which appears whole or not at all.

    Raises ``InvalidValue`` (SAUVEGARDE_CLE), ``OSError``.
    """
    recipient = _recipient(public_key)
    partial = target.with_name(target.name + _PARTIEL)
    try:
        with partial.open("wb") as output:
            partial.chmod(0o600)
            with _read_end_of(write) as source:
                pyrage.encrypt_io(source, output, [recipient])
            output.flush()
            os.fsync(output.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def open_sealed(source: Path, private_key: str, read: Callable[[BinaryIO], None]) -> None:
    """Give ``read`` the content, piece by piece; what it made of a file that ends badly must be thrown away.

    Raises ``SauvegardeIllisible`` (SAUVEGARDE_ILLISIBLE), ``InvalidValue`` (SAUVEGARDE_CLE).
    """
    identity = _identity(private_key)

    def decrypt(output: BinaryIO) -> None:
        try:
            with source.open("rb") as sealed:
                pyrage.decrypt_io(sealed, output, [identity])
        except BrokenPipeError:
            raise
        except (pyrage.DecryptError, OSError) as error:
            raise SauvegardeIllisible(
                "SAUVEGARDE_ILLISIBLE",
                "Cette sauvegarde ne s’ouvre pas.",
                conseil="Vérifiez que c’est la bonne clé, et que le fichier est entier ; sinon prenez la précédente.",
                detail=str(error),
            ) from error

    with _read_end_of(decrypt) as content:
        read(content)
        while content.read(1 << 20):  # to the end: the last block proves that nothing was cut
            pass


@contextmanager
def _read_end_of(write: Callable[[BinaryIO], None]) -> Iterator[BinaryIO]:
    """What ``write`` writes in a thread of its own; its error first, since it is the cause of the reader's."""
    read_end, write_end = os.pipe()

    def produce() -> None:
        with os.fdopen(write_end, "wb") as stream:
            write(stream)

    with ThreadPoolExecutor(1) as pool:
        produced = pool.submit(produce)
        try:
            with os.fdopen(read_end, "rb") as stream:
                yield stream
        except Exception as seen:
            cause = produced.exception()
            if cause is not None and not isinstance(cause, BrokenPipeError):
                raise cause from seen
            raise
        produced.result()


def _recipient(text: str) -> pyrage.x25519.Recipient:
    try:
        return pyrage.x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError as error:
        raise InvalidValue(
            "SAUVEGARDE_CLE",
            "Ce n’est pas une clé publique de sauvegarde.",
            conseil="Elle commence par « age1 » ; « opensegur sauvegarde cle » en fait une.",
        ) from error


def _identity(text: str) -> pyrage.x25519.Identity:
    line = next((each.strip() for each in text.splitlines() if each.strip().startswith("AGE-SECRET-KEY-")), "")
    try:
        return pyrage.x25519.Identity.from_str(line)
    except pyrage.IdentityError as error:
        raise InvalidValue(
            "SAUVEGARDE_CLE",
            "Ce fichier ne contient pas de clé de sauvegarde.",
            conseil="Donnez celui qu’a écrit « opensegur sauvegarde cle ».",
        ) from error
