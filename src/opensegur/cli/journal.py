"""``opensegur journal``: check the chain of the access journal."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from opensegur.cabinet.journal.chaine import Verdict


@click.group()
def journal() -> None:
    """Contrôler la chaîne du journal des accès."""


@journal.command()
@click.option(
    "--donnees",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    required=True,
    help="Dossier des données du cabinet.",
)
@click.option("--structure", default="", help="Ne contrôler que cette structure.")
@click.option("--temoin", default="", help="Tête de chaîne notée lors d’un contrôle précédent.")
@click.option("--json", "as_json", is_flag=True, help="Sortie lisible par un programme.")
def verifier(donnees: Path, structure: str, temoin: str, *, as_json: bool) -> int:
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


def _sentence(verdict: Verdict) -> str:
    name = verdict.structure_ref or "(hors structure)"
    if verdict.intact:
        return (
            f"{name} : chaîne intacte, {verdict.lignes} lignes scellées, {verdict.non_scellees} en attente.\n"
            f"  tête à noter : {verdict.tete}"
        )
    return f"{name} : CHAÎNE ROMPUE au rang {verdict.rompu_au_rang} ({verdict.raison})."
