"""Files that a command reads and writes, with French words when they cannot be."""

from __future__ import annotations

import os
from pathlib import Path

from opensegur.foundation.errors import InvalidValue


def read_file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path) from error


def check_file(path: Path) -> None:
    if not path.is_file() or not os.access(path, os.R_OK):
        raise _unreadable(path)


def _unreadable(path: Path) -> InvalidValue:
    return InvalidValue(
        "FICHIER_ILLISIBLE",
        f"Le fichier « {path} » est introuvable ou illisible.",
        conseil="Vérifiez le chemin et les droits de lecture.",
    )


def write_file(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise InvalidValue(
            "FICHIER_ECRITURE",
            f"Le fichier « {path} » ne peut pas être écrit.",
            conseil="Vérifiez que le dossier existe et que vous pouvez y écrire.",
        ) from error
