"""The base at hand: the one that this installation was given, or the one that the library ships."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path

from opensegur.foundation.errors import ConfigurationError
from opensegur.medicament.base import BaseMedicaments
from opensegur.medicament.bdpm import FICHIERS, Lecture, read_bdpm

ENVIRONMENT = "OPENSEGUR_BDPM"
_DATE = "date.txt"


@dataclass(frozen=True, slots=True)
class BaseInstallee:
    """``livree``: shipped with the library, not the whole base; ``du``: the day of its publication."""

    medicaments: BaseMedicaments
    du: date | None
    livree: bool


def installed_base() -> BaseInstallee:
    """Read once per process. Raises ``RefusedInput`` (BDPM_…) when the installation's own cannot be read."""
    chosen = os.environ.get(ENVIRONMENT, "")
    return _load(chosen if chosen and Path(chosen).is_dir() else "")


def forget_base() -> None:
    """Read it again: it has changed."""
    _load.cache_clear()


def install_base(source: Path, published: date, *, folder: Path | None = None) -> Lecture:
    """Put the files of ``source`` in the place of the installation's base, all or nothing, once they are read.

    Raises ``RefusedInput`` (BDPM_…), ``ConfigurationError`` BDPM_DOSSIER when the installation has no folder for it.
    """
    chosen = folder or (Path(os.environ[ENVIRONMENT]) if os.environ.get(ENVIRONMENT) else None)
    if chosen is None:
        raise ConfigurationError(
            "BDPM_DOSSIER",
            "Le dossier de la base publique des médicaments de cette installation n’est pas indiqué.",
            conseil=f"Donnez-le dans la variable {ENVIRONMENT}.",
        )
    reading = read_bdpm(source)
    chosen.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=chosen.parent) as made:
        fresh = Path(made) / "base"
        fresh.mkdir()
        for path in sorted(source.iterdir()):
            if path.name.removesuffix(".gz").removesuffix(".txt") in FICHIERS:
                shutil.copyfile(path, fresh / path.name)
        (fresh / _DATE).write_text(f"{published}\n", encoding="utf-8")
        if chosen.exists():
            chosen.rename(Path(made) / "former")
        fresh.rename(chosen)
    forget_base()
    return reading


@cache
def _load(folder: str) -> BaseInstallee:
    if folder:
        return _read(Path(folder), shipped=False)
    with resources.as_file(resources.files("opensegur.medicament") / "data") as shipped:
        return _read(shipped, shipped=True)


def _read(folder: Path, *, shipped: bool) -> BaseInstallee:
    dated = folder / _DATE
    published = date.fromisoformat(dated.read_text(encoding="utf-8").strip()) if dated.is_file() else None
    return BaseInstallee(BaseMedicaments(read_bdpm(folder).specialites), published, shipped)
