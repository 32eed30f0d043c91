"""From a backup to a data folder that works, or to nothing at all."""

from __future__ import annotations

import json
import shutil
import tarfile
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from opensegur.cabinet.sauvegarde.bases import BASES_SQLITE, DUMP, check_sqlite, restore_postgresql
from opensegur.cabinet.sauvegarde.coffre import SauvegardeIllisible, open_sealed
from opensegur.cabinet.sauvegarde.contenu import FORMAT, MANIFESTE
from opensegur.cabinet.site.reglages import databases, read_reglages
from opensegur.foundation.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Reprise:
    """``le``: when the backup was made; ``version``: of the program that made it."""

    le: datetime
    version: str


def restore(backup: Path, private_key: str, donnees: Path, base: str = "") -> Reprise:
    """Put everything back in ``donnees``, which must be empty or absent; ``base``: an empty PostgreSQL, by its URL.

    Raises ``ConfigurationError`` (REPRISE_DOSSIER, REPRISE_BASE, SAUVEGARDE_POSTGRESQL), ``SauvegardeIllisible``,
    ``InvalidValue`` (SAUVEGARDE_CLE).
    """
    if donnees.exists() and (not donnees.is_dir() or any(donnees.iterdir())):
        raise ConfigurationError(
            "REPRISE_DOSSIER",
            "Le dossier de reprise n’est pas vide.",
            conseil="Donnez un dossier nouveau : rien n’est jamais écrasé.",
        )
    parent = donnees.resolve().parent
    parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=parent, prefix=f".{donnees.name}-"))
    try:
        open_sealed(backup, private_key, lambda content: _extract(content, fresh))
        taken = _read_manifest(fresh)
        _put_databases(fresh, base)
        if donnees.exists():
            donnees.rmdir()
        fresh.replace(donnees)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return taken


def _extract(content: BinaryIO, folder: Path) -> None:
    try:
        with tarfile.open(fileobj=content, mode="r|") as archive:
            archive.extractall(folder, filter="data")  # refuses links outside, devices and absolute names
    except (tarfile.TarError, EOFError) as error:
        raise _unreadable(str(error)) from error


def _read_manifest(folder: Path) -> Reprise:
    try:
        manifest = json.loads((folder / MANIFESTE).read_bytes())
        made, version, known = datetime.fromisoformat(manifest["le"]), str(manifest["version"]), manifest["format"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _unreadable(MANIFESTE) from error
    if known != FORMAT:
        raise ConfigurationError(
            "REPRISE_VERSION",
            f"Cette sauvegarde vient d’une version plus récente ({version}).",
            conseil="Installez cette version d’OpenSégur, puis recommencez.",
        )
    (folder / MANIFESTE).unlink()
    return Reprise(made, version)


def _put_databases(folder: Path, base: str) -> None:
    dump = folder / DUMP
    if dump.exists() != bool(base):
        raise ConfigurationError(
            "REPRISE_BASE",
            "Cette sauvegarde est celle d’une base PostgreSQL."
            if dump.exists()
            else "Cette sauvegarde est celle de bases SQLite : elle se reprend dans un dossier.",
            conseil="Donnez une base PostgreSQL vide par OPENSEGUR_BASE."
            if dump.exists()
            else "Retirez OPENSEGUR_BASE.",
        )
    if base:
        reglages = read_reglages({"OPENSEGUR_DONNEES": str(folder), "OPENSEGUR_BASE": base})
        restore_postgresql(databases(reglages)["default"], dump)
        dump.unlink()
        return
    for name in BASES_SQLITE:
        if not (folder / name).is_file() or not check_sqlite(folder / name):
            raise _unreadable(name)


def _unreadable(detail: str) -> SauvegardeIllisible:
    return SauvegardeIllisible(
        "SAUVEGARDE_ILLISIBLE",
        "Le contenu de cette sauvegarde n’est pas celui d’un cabinet.",
        conseil="Prenez la précédente.",
        detail=detail,
    )
