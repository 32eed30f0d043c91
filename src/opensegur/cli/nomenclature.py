"""``opensegur nomenclature``: look codes up, and keep the tables of an installation up to date."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from opensegur.nomenclature import Concept
    from opensegur.nomenclature.installees import Evolution

_JSON = click.option("--json", "as_json", is_flag=True, help="Sortie lisible par un programme.")
_NOT_FOUND = 3
_SHOWN = 20


@click.group()
def nomenclature() -> None:
    """Chercher un code, tenir les nomenclatures à jour."""


@nomenclature.command("list")
@_JSON
def list_tables(*, as_json: bool) -> None:
    """Dire les nomenclatures connues, leur version et leur nombre de codes."""
    from opensegur.nomenclature import names, table

    found = [table(name) for name in names()]
    if as_json:
        keys = ("name", "oid", "version", "source")
        _print_json([{**{key: getattr(each, key) for key in keys}, "codes": len(each)} for each in found])
        return
    for each in found:
        click.echo(f"{each.name:48} {each.version:10} {len(each):6} codes")


@nomenclature.command()
@click.argument("nom", required=True)
@click.argument("mots", nargs=-1, required=True)
@click.option("--nombre", type=click.IntRange(1, 500), default=_SHOWN, help="Combien de réponses au plus.")
@_JSON
def search(nom: str, mots: tuple[str, ...], *, nombre: int, as_json: bool) -> int:
    """Chercher dans la nomenclature NOM par les débuts de mots, ou par le code.

    Code de sortie : 0 si un code est trouvé, 3 sinon.
    """
    from opensegur.nomenclature import table

    found = table(nom).suggest(" ".join(mots), nombre)
    if as_json:
        _print_json([dataclasses.asdict(each) for each in found])
    else:
        for each in found:
            click.echo(_line(each))
        if not found:
            click.echo("Aucun code. Essayez les premières lettres d’un seul mot.")
    return 0 if found else _NOT_FOUND


@nomenclature.command()
@click.argument("fichiers", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="FICHIER…")
@click.option("--edition", default="", help="La version, quand le fichier ne la dit pas (2025).")
@click.option("--essai", is_flag=True, help="Dire ce qui changerait, sans rien écrire.")
@_JSON
def update(fichiers: tuple[Path, ...], *, edition: str, essai: bool, as_json: bool) -> int:
    """Mettre à jour des nomenclatures d’après les fichiers publiés, et dire ce qui change.

    Jeux de valeurs de l’ANS (XML), CIM-10 de l’ATIH (texte ou CSV), LOINC en français (CSV). Les tables sont écrites
    dans le dossier que donne la variable OPENSEGUR_NOMENCLATURES.
    """
    from opensegur.nomenclature.installees import install
    from opensegur.nomenclature.publies import read_published

    read = [read_published(path) for path in fichiers]  # nothing is written when one of them cannot be read
    dated = [dataclasses.replace(each, version=each.version or edition) for each in read]
    changes = [install(each, dry_run=essai) for each in dated]
    if as_json:
        _print_json([dataclasses.asdict(each) for each in changes])
    else:
        for each in changes:
            _print_change(each)
    return 0


def _print_change(change: Evolution) -> None:
    before = "nouvelle" if change.avant is None else change.avant or "sans version"
    version = f"{before} → {change.apres or 'sans version'}"
    if change.is_empty:
        click.echo(f"{change.nom} ({version}) : aucun code ne change.")
        return
    counts = f"{len(change.ajoutes)} ajoutés, {len(change.retires)} retirés, {len(change.renommes)} renommés"
    click.echo(f"{change.nom} ({version}) : {counts}.")
    if change.avant is not None:
        lines = [
            *(f"  + {_line(each)}" for each in change.ajoutes),
            *(f"  - {_line(each)}" for each in change.retires),
            *(f"  ~ {old.code} : {old.label} → {new.label}" for old, new in change.renommes),
        ]
        for line in lines[:_SHOWN]:
            click.echo(line)
        if len(lines) > _SHOWN:
            click.echo(f"  … et {len(lines) - _SHOWN} autres (voir --json).")


def _line(concept: Concept) -> str:
    return f"{concept.code}  {concept.label}"


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
