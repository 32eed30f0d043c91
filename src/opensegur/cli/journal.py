"""``opensegur journal``: check the chain of the access journal, and give its lines."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

if TYPE_CHECKING:
    from opensegur.cabinet.journal.chaine import Verdict


@click.group()
def journal() -> None:
    """Contrôler et exporter le journal des accès."""


@journal.command("verify")
@click.option(
    "--donnees",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    required=True,
    help="Dossier des données du cabinet.",
)
@click.option("--structure", default="", help="Ne contrôler que cette structure.")
@click.option("--temoin", default="", help="Tête de chaîne notée lors d’un contrôle précédent.")
@click.option("--json", "as_json", is_flag=True, help="Sortie lisible par un programme.")
def verify(donnees: Path, structure: str, temoin: str, *, as_json: bool) -> int:
    """Relire toute la chaîne et dire si une ligne a été modifiée, ajoutée ou retirée.

    Code de sortie : 0 si la chaîne est intacte, 1 sinon.
    """
    from opensegur.cabinet.installation import setup

    setup(donnees)
    from opensegur.cabinet.journal import chaine

    references = [structure] if structure else chaine.structures()
    verdicts = [chaine.verify(reference, temoin) for reference in references]
    if as_json:
        click.echo(json.dumps([asdict(verdict) for verdict in verdicts], ensure_ascii=False, indent=2))
    else:
        for verdict in verdicts:
            click.echo(_sentence(verdict))
    return 0 if all(verdict.intact for verdict in verdicts) else 1


@journal.command("export")
@click.option(
    "--donnees",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    required=True,
    help="Dossier des données du cabinet.",
)
@click.option("--structure", required=True, help="Identifiant national ou interne de la structure.")
@click.option("--format", "sort", type=click.Choice(["csv", "fhir"]), default="csv", show_default=True)
@click.option("--du", type=click.DateTime(["%d/%m/%Y", "%Y-%m-%d"]), help="Premier jour.")
@click.option("--au", type=click.DateTime(["%d/%m/%Y", "%Y-%m-%d"]), help="Dernier jour, compris.")
@click.option("--acteur", default="", help="Identifiant national d’une personne, ou celui de son compte.")
@click.option("--sortie", type=click.File("w", encoding="utf-8", lazy=True), default="-", help="Fichier à écrire.")
def export(
    donnees: Path, structure: str, sort: str, du: datetime | None, au: datetime | None, acteur: str, sortie: IO[str]
) -> int:
    """Donner les lignes d’une structure : tableau CSV, ou ressources FHIR AuditEvent (une par ligne)."""
    from opensegur.cabinet.installation import setup

    setup(donnees)
    from opensegur.cabinet.journal import export as exports

    wanted = exports.Choix(_reference(structure), du.date() if du else None, au.date() if au else None, acteur)
    write = exports.write_csv if sort == "csv" else exports.write_fhir
    for text in write(exports.chosen(wanted).iterator(chunk_size=2000)):
        sortie.write(text)
    return 0


def _reference(structure: str) -> str:
    """How the journal names the structure of this national identifier; anything else is taken for that name."""
    from opensegur.cabinet.structures.models import Structure

    found = Structure.objects.filter(id_nat=structure).values_list("pk", flat=True).first()
    return str(found) if found else structure


def _sentence(verdict: Verdict) -> str:
    name = verdict.structure_ref or "(hors structure)"
    if verdict.intact:
        return (
            f"{name} : chaîne intacte, {verdict.lignes} lignes scellées, {verdict.non_scellees} en attente.\n"
            f"  tête à noter : {verdict.tete}"
        )
    return f"{name} : CHAÎNE ROMPUE au rang {verdict.rompu_au_rang} ({verdict.raison})."
