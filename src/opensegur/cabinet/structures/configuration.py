"""The configuration of a structure: which national services it reaches, and with which certificates."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from opensegur.foundation.configuration import Configuration, load_configuration
from opensegur.foundation.errors import ConfigurationError

if TYPE_CHECKING:
    from opensegur.cabinet.structures.models import Structure


def configuration_of(structure: Structure | None = None) -> Configuration:
    """The configuration of ``structure``, or of the installation. Read once per process.

    Raises ``ConfigurationError``.
    """
    if structure is None or not structure.configuration:
        return _read(settings.OPENSEGUR_CONFIGURATION)
    name = Path(structure.configuration)
    if name.name != structure.configuration:
        raise ConfigurationError(
            "CONFIG_STRUCTURE",
            "Le nom du fichier de configuration de la structure n’est pas valable.",
            conseil="Donnez le nom d’un fichier du dossier « structures », sans chemin.",
        )
    return _read(settings.OPENSEGUR_DONNEES / "structures" / name)


@lru_cache(maxsize=64)
def _read(path: Path) -> Configuration:
    return load_configuration(path, os.environ)
