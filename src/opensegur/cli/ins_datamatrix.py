"""``opensegur ins datamatrix``: the INS code of documents, written and read."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from opensegur.ins.datamatrix import LectureReparee

_NOT_FOUND = 3


@click.group()
def datamatrix() -> None:
    """Écrire et lire le code INS des documents."""


@datamatrix.command()
@click.option("--matricule", required=True, help="Le matricule INS, 15 caractères.")
@click.option("--oid", required=True, help="L’OID de son autorité (1.2.250.1.213.1.4.8…).")
@click.option("--nom", required=True, help="Nom de naissance.")
@click.option("--prenoms", required=True, help="Prénoms de naissance, séparés par des espaces.")
@click.option(
    "--sexe", required=True, type=click.Choice(["M", "F"], case_sensitive=False), metavar="M|F", help="Sexe."
)
@click.option("--date", "date_naissance", required=True, help="Date de naissance, AAAA-MM-JJ ou JJ/MM/AAAA.")
@click.option("--lieu", default="", help="Code officiel géographique du lieu de naissance.")
@click.option(
    "--sortie",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Où écrire le symbole : un fichier .svg ou .png. Sans elle, le contenu du code est affiché.",
)
@click.option("--json", "as_json", is_flag=True, help="Sortie lisible par un programme.")
def encode(
    *,
    matricule: str,
    oid: str,
    nom: str,
    prenoms: str,
    sexe: str,
    date_naissance: str,
    lieu: str,
    sortie: Path | None,
    as_json: bool,
) -> int:
    """Écrire le code INS d’une identité qualifiée. C’est à vous de savoir qu’elle l’est."""
    from opensegur.ins import Champ, normalize_name, parse_matricule, parse_typed_date
    from opensegur.ins.datamatrix import ContenuIns, encode_content
    from opensegur.ins.traits import parse_sexe

    payload = encode_content(
        ContenuIns(
            matricule=parse_matricule(matricule, oid),
            nom_naissance=normalize_name(nom, Champ.NOM),
            prenoms=normalize_name(prenoms, Champ.PRENOM),
            sexe=parse_sexe(sexe),
            date_naissance=parse_typed_date(date_naissance),
            lieu_naissance=lieu,
        )
    )
    if sortie:
        _draw(payload, sortie)
    if as_json:
        click.echo(json.dumps({"contenu": payload, "fichier": str(sortie or "")}, ensure_ascii=False))
    else:
        click.echo(f"Code écrit dans {sortie}." if sortie else payload)
    return 0


def _draw(payload: str, path: Path) -> None:
    from opensegur.ins.datamatrix.symbole import to_png, to_svg

    match path.suffix.lower():
        case ".svg":
            path.write_text(to_svg(payload), encoding="utf-8")
        case ".png":
            path.write_bytes(to_png(payload))
        case _:
            raise click.UsageError("--sortie est un fichier .svg ou .png.")


@datamatrix.command()
@click.argument("fichier", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=False)
@click.option("--strict", is_flag=True, help="Refuser tout écart au format, sans réparer.")
@click.option("--json", "as_json", is_flag=True, help="Sortie lisible par un programme.")
def decode(*, fichier: Path | None, strict: bool, as_json: bool) -> int:
    """Lire le code INS d’une image (PNG, JPEG, TIFF), d’un PDF, ou d’un texte donné sur l’entrée standard.

    Code de sortie : 0 si un code INS est lu, 3 s’il n’y en a pas, 1 s’il est illisible.
    """
    from opensegur.ins.lecture import Genre, recognize_scan

    texts = _read(fichier)
    codes = [text for text in texts if recognize_scan(text).genre is Genre.INS]
    if not codes:
        click.echo("[]" if as_json else "Aucun code INS n’a été trouvé.")
        return _NOT_FOUND
    found = [_parse(text, strict=strict) for text in codes]
    if as_json:
        click.echo(json.dumps([_as_json(each) for each in found], ensure_ascii=False, indent=2))
    else:
        for each in found:
            _show(each)
    return 0


def _read(fichier: Path | None) -> list[str]:
    if fichier is None:
        return [sys.stdin.read()]
    from opensegur.ins.datamatrix.images import read_symbols

    return [symbol.texte for symbol in read_symbols(fichier.read_bytes())]


def _parse(text: str, *, strict: bool) -> LectureReparee:
    from opensegur.ins.datamatrix import LectureReparee, parse_content, parse_repaired

    return LectureReparee(parse_content(text.strip()), ()) if strict else parse_repaired(text)


def _as_json(read: LectureReparee) -> dict[str, Any]:
    contenu = read.contenu
    return {
        "matricule": contenu.matricule.valeur,
        "oid": contenu.matricule.oid,
        "nom_naissance": contenu.nom_naissance,
        "prenoms": contenu.prenoms,
        "sexe": contenu.sexe.value,
        "date_naissance": contenu.date_naissance,
        "lieu_naissance": contenu.lieu_naissance,
        "reparations": [each.message for each in read.reparations],
        "remarques": [each.message for each in read.remarques],
    }


def _show(read: LectureReparee) -> None:
    contenu = read.contenu
    lines = (
        ("Matricule INS", contenu.matricule.formatted()),
        ("OID", contenu.matricule.oid),
        ("Nom de naissance", contenu.nom_naissance),
        ("Prénoms de naissance", contenu.prenoms),
        ("Sexe", contenu.sexe.libelle),
        ("Date de naissance", contenu.date_naissance),
        ("Lieu de naissance", contenu.lieu_naissance or "non dit"),
    )
    for label, value in lines:
        click.echo(f"  {label:<22}{value}")
    for each in (*read.reparations, *read.remarques):
        click.echo(f"Attention : {each.message} {each.repair}".rstrip(), err=True)
    click.echo("Un code imprimé n’est pas une preuve : faites-le confirmer par l’INSi.", err=True)
