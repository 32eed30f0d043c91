"""``opensegur medicament``: search the public base of medicines, read the code of a box."""

from __future__ import annotations

import dataclasses
import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from opensegur.foundation.ports import SystemClock

if TYPE_CHECKING:
    from opensegur.medicament import BaseMedicaments, Specialite
    from opensegur.medicament.gs1 import LectureBoite

_BASE = click.option(
    "--base",
    type=click.Path(path_type=Path, file_okay=False),
    help="Dossier des fichiers de la base publique des médicaments, au lieu de celle de l’installation.",
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Sortie lisible par un programme.")
_NOT_FOUND = 3
_SHOWN_LINES = 20


@click.group()
def medicament() -> None:
    """Chercher un médicament, lire le code d’une boîte."""


@medicament.command()
@click.argument("mots", nargs=-1, required=True)
@_BASE
@click.option("--hopital", is_flag=True, help="Aussi ceux que l’hôpital seul utilise.")
@click.option("--nombre", type=click.IntRange(1, 200), default=20, help="Combien de réponses au plus.")
@_JSON
def search(mots: tuple[str, ...], *, base: Path | None, hopital: bool, nombre: int, as_json: bool) -> int:
    """Chercher par marque, substance, groupe générique, classe ATC, CIS ou CIP.

    Code de sortie : 0 si un médicament est trouvé, 3 sinon.
    """
    found = _base(base).search(" ".join(mots), limit=nombre, hospital=hopital)
    if as_json:
        _print_json(found)
    else:
        for each in found:
            click.echo(_line(each))
        if not found:
            click.echo("Aucun médicament. Essayez les premières lettres de la marque ou de la substance.")
    return 0 if found else _NOT_FOUND


@medicament.command()
@click.argument("code")
@_BASE
@_JSON
def box(code: str, *, base: Path | None, as_json: bool) -> int:
    """Lire le code d’une boîte : produit, lot, péremption, numéro de série."""
    from opensegur.medicament.gs1 import parse_box

    reading = parse_box(code, SystemClock().now().date())
    found = _base(base).box(reading.cip13) if reading.cip13 else None
    if as_json:
        _print_json({"boite": reading, "specialite": found.specialite if found else None})
        return 0
    _print_box(reading)
    if found:
        click.echo(f"Produit : {_line(found.specialite)}")
        click.echo(f"Boîte : {found.presentation.libelle}")
    for warning in reading.avertissements:
        click.echo(f"À vérifier : {warning.value}")
    return 0


@medicament.command()
@click.argument("dossier", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option(
    "--du",
    type=click.DateTime(["%d/%m/%Y"]),
    required=True,
    help="Jour de la publication de ces fichiers, JJ/MM/AAAA.",
)
@click.option(
    "--dans",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="OPENSEGUR_BDPM",
    required=True,
    help="Dossier de la base de cette installation (ou variable OPENSEGUR_BDPM).",
)
def install(dossier: Path, *, du: datetime, dans: Path) -> int:
    """Mettre la base du jour à la place de celle de l’installation.

    DOSSIER contient les fichiers téléchargés de base-donnees-publique.medicaments.gouv.fr.
    """
    from opensegur.medicament import install_base

    reading = install_base(dossier, du.date(), folder=dans)
    click.echo(f"{len(reading.specialites)} médicaments, base du {du:%d/%m/%Y}.")
    for each in reading.illisibles[:_SHOWN_LINES]:
        click.echo(f"Ligne laissée : {each.fichier} {each.numero}, {each.motif}.")
    return 0


def _print_box(reading: LectureBoite) -> None:
    said = (
        ("CIP", reading.cip13 or f"aucun (GTIN {reading.gtin})"),
        ("Lot", reading.lot),
        ("Péremption", f"{reading.peremption:%d/%m/%Y}" if reading.peremption else ""),
        ("Numéro de série", reading.serie),
    )
    for name, value in said:
        if value:
            click.echo(f"{name} : {value}")


def _base(folder: Path | None) -> BaseMedicaments:
    from opensegur.medicament import BaseMedicaments, installed_base, read_bdpm

    if folder is not None:
        return BaseMedicaments(read_bdpm(folder).specialites)
    return installed_base().medicaments


def _line(each: Specialite) -> str:
    told = [
        each.liste,
        "réservé à l’hôpital" if each.is_hospital_only else "",
        "" if each.commercialisee else "non commercialisé",
        *dict.fromkeys(now.etat.lower() for now in each.disponibilites),
    ]
    remarks = ", ".join(filter(None, told))
    return f"{each.cis}  {each.denomination}" + (f" ({remarks})" if remarks else "")


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else dict(value)
