"""The configuration of a structure: which national services it reaches, and with which certificates."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from opensegur.cabinet.certificats.materiel import DOSSIER, Materiel
from opensegur.cabinet.certificats.usages import Usage
from opensegur.foundation.configuration import Configuration, load_configuration
from opensegur.foundation.errors import ConfigurationError

if TYPE_CHECKING:
    from opensegur.cabinet.structures.models import Structure


def configuration_of(structure: Structure | None = None) -> Configuration:
    """The configuration of ``structure``, or of the installation; the certificates that it added win over the file's.

    Raises ``ConfigurationError``.
    """
    configuration = configuration_file_of(structure)
    if structure is None:
        return configuration
    for usage, piece in DOSSIER.in_service(structure).items():
        configuration = _present(configuration, usage, piece)
    return configuration


def configuration_file_of(structure: Structure | None = None) -> Configuration:
    """What the file says alone. Read once per process. Raises ``ConfigurationError``."""
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


# which sections of the file a certificate serves, and the end of the names of its fields there
_SECTIONS: dict[Usage, tuple[tuple[str, ...], str]] = {
    Usage.AUTHENTIFICATION: (("dmp", "apcv"), ""),
    Usage.SIGNATURE: (("dmp",), "_signature"),
    Usage.INSI: (("insi",), ""),
    Usage.MESSAGERIE: ((), ""),
}


def named_in_file(structure: Structure) -> frozenset[Usage]:
    """What the file gives a certificate for. Raises ``ConfigurationError``."""
    configuration = configuration_file_of(structure)
    return frozenset(
        usage
        for usage, (sections, end) in _SECTIONS.items()
        if any(getattr(getattr(configuration, name), f"certificat{end}", None) for name in sections)
    )


def _present(configuration: Configuration, usage: Usage, piece: Materiel) -> Configuration:
    sections, end = _SECTIONS[usage]
    values: dict[str, Any] = {
        f"certificat{end}": piece.certificat,
        f"cle{end}": piece.cle,
        f"mot_de_passe{end}": piece.mot_de_passe,
        f"mot_de_passe{end}_fichier": None,
    }
    points = {name: getattr(configuration, name) for name in sections}
    return replace(configuration, **{name: replace(point, **values) for name, point in points.items() if point})


@lru_cache(maxsize=64)
def _read(path: Path) -> Configuration:
    return load_configuration(path, os.environ)
