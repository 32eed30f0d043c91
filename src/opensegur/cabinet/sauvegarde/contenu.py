"""What a backup holds: the databases, the keys, the configuration and the heads of the journal, as a tar archive."""

from __future__ import annotations

import io
import json
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from opensegur import __version__
from opensegur.cabinet.sauvegarde.bases import BASES_SQLITE, DUMP, copy_sqlite, dump_postgresql
from opensegur.cabinet.site.reglages import Reglages, databases
from opensegur.foundation.errors import ConfigurationError

MANIFESTE = "manifeste.json"
FORMAT = 1
_TETES = "journal.tetes"
# made again by themselves: the files of the interface, what signs sessions, the revocation lists
_REFAITS = frozenset({"statique", "secret", "lcr"})
_EN_COURS = ".sauvegarde-"

Suivi = Callable[[str], None]


def write_archive(reglages: Reglages, moment: datetime, progress: Suivi, output: BinaryIO) -> None:
    """The heads of the journal go first: the chain copied afterwards reaches them at least.

    Raises ``ConfigurationError`` (SAUVEGARDE_VIDE, SAUVEGARDE_BASE, SAUVEGARDE_POSTGRESQL).
    """
    _forget_leftovers(reglages.donnees)
    with (
        tempfile.TemporaryDirectory(dir=reglages.donnees, prefix=_EN_COURS) as folder,
        tarfile.open(fileobj=output, mode="w|") as archive,
    ):
        manifest = {"format": FORMAT, "version": __version__, "le": moment.isoformat(timespec="seconds")}
        _add_bytes(archive, MANIFESTE, json.dumps(manifest).encode(), moment)
        for path in _files(reglages):
            archive.add(path, path.relative_to(reglages.donnees).as_posix(), recursive=False)
            progress(path.name)
        for path in _copies(reglages, Path(folder)):
            archive.add(path, path.name, recursive=False)
            path.unlink()
            progress(path.name)


def _copies(reglages: Reglages, folder: Path) -> Iterator[Path]:
    if reglages.base:
        dump = folder / DUMP
        dump_postgresql(databases(reglages)["default"], dump)
        yield dump
        return
    for name in BASES_SQLITE:
        source = reglages.donnees / name
        if not source.is_file():
            raise ConfigurationError(
                "SAUVEGARDE_VIDE",
                f"« {name} » n’est pas dans ce dossier : il n’y a rien à sauvegarder.",
                conseil="Donnez le dossier des données du cabinet.",
            )
        if not copy_sqlite(source, folder / name):
            raise ConfigurationError(
                "SAUVEGARDE_BASE",
                f"« {name} » est abîmé, ou n’a pas encore été préparé : rien n’est sauvegardé.",
                conseil="Démarrez le cabinet une fois ; s’il ne démarre plus, gardez la sauvegarde précédente.",
            )
        yield folder / name


def _files(reglages: Reglages) -> list[Path]:
    """Everything else in the data folder, links left out; the heads first."""
    found = [path for path in sorted(reglages.donnees.rglob("*")) if _kept(path, reglages.donnees)]
    return sorted(found, key=lambda path: path.name != _TETES)


def _kept(path: Path, donnees: Path) -> bool:
    first = path.relative_to(donnees).parts[0]
    if first in _REFAITS or first.startswith((_EN_COURS, *BASES_SQLITE)):
        return False
    return path.is_file() and not path.is_symlink()


def _forget_leftovers(donnees: Path) -> None:
    """Of a backup that was killed."""
    for path in donnees.glob(f"{_EN_COURS}*"):
        shutil.rmtree(path, ignore_errors=True)


def _add_bytes(archive: tarfile.TarFile, name: str, data: bytes, moment: datetime) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime, entry.mode = len(data), int(moment.timestamp()), 0o600
    archive.addfile(entry, io.BytesIO(data))
