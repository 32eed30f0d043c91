"""The tables that an installation adds to ours, or puts in their place: one file each in a folder of its own."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from opensegur.foundation.errors import ConfigurationError, InvalidValue
from opensegur.nomenclature import tables
from opensegur.nomenclature.tables import Concept, Table


@dataclass(frozen=True, slots=True)
class Evolution:
    """From one edition to the next: codes that are new, gone or no longer active, and labels that changed.

    ``avant`` is ``None`` when there was no table of this name.
    """

    nom: str
    avant: str | None
    apres: str
    ajoutes: tuple[Concept, ...] = ()
    retires: tuple[Concept, ...] = ()
    renommes: tuple[tuple[Concept, Concept], ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.ajoutes or self.retires or self.renommes)


def compare(before: Table | None, after: Table) -> Evolution:
    """What changes when ``after`` takes the place of ``before`` (``None``: everything is new)."""
    old = {(each.code, each.system): each for each in before if each.actif} if before else {}
    new = {(each.code, each.system): each for each in after if each.actif}
    return Evolution(
        nom=after.name,
        avant=before.version if before else None,
        apres=after.version,
        ajoutes=tuple(each for key, each in new.items() if key not in old),
        retires=tuple(each for key, each in old.items() if key not in new),
        renommes=tuple((old[key], each) for key, each in new.items() if key in old and old[key].label != each.label),
    )


def install(new: Table, *, dry_run: bool = False) -> Evolution:
    """Put ``new`` among the tables of this installation, and tell what it changes; nothing is written by a dry run.

    Raises ``ConfigurationError`` NOMENCLATURES_DOSSIER when the installation has no folder for them.
    """
    folder = tables.installed_folder()
    if folder is None:
        raise ConfigurationError(
            "NOMENCLATURES_DOSSIER",
            "Le dossier des nomenclatures de cette installation n’est pas indiqué.",
            conseil=f"Donnez-le dans la variable {tables.ENVIRONMENT}.",
        )
    change = compare(_present(new.name), new)
    if not dry_run:
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / f"{new.name}.tsv", tables.write_table(new))
        tables.forget()
    return change


def _present(name: str) -> Table | None:
    try:
        return tables.table(name)
    except InvalidValue:
        return None


def _write(path: Path, text: str) -> None:
    """All or nothing: a table half written would be read as if it were whole."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="\n", dir=path.parent, delete=False) as stream:
        stream.write(text)
    Path(stream.name).replace(path)
