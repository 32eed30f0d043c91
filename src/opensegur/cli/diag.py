"""``opensegur diag``: what works here, what does not, and how to mend it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click


@click.command()
@click.option(
    "--donnees",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    required=True,
    help="Dossier des données du cabinet.",
)
@click.option("--structure", default="", help="Identifiant national d’une structure, pour sa propre configuration.")
@click.option("--json", "as_json", is_flag=True, help="Sortie lisible par un programme.")
def diag(donnees: Path, structure: str, *, as_json: bool) -> int:
    """Vérifier l’installation : disque, bases, journal, certificats, heure, services nationaux.

    Le texte ne contient ni secret ni patient. Code de sortie : 0 si rien n’est à réparer, 1 sinon.
    """
    from opensegur.cabinet.installation import setup

    setup(donnees)
    from opensegur.cabinet.diagnostic.bilan import diagnose, report
    from opensegur.cabinet.diagnostic.constat import Niveau
    from opensegur.cabinet.structures.models import Structure

    found = Structure.objects.filter(id_nat=structure).first() if structure else None
    if structure and found is None:
        raise click.UsageError(f"La structure {structure} n’est pas de cette installation.")
    constats = diagnose(found)
    if as_json:
        click.echo(json.dumps([asdict(each) for each in constats], ensure_ascii=False, indent=2))
    else:
        click.echo(report(constats), nl=False)
    return 1 if any(each.niveau is Niveau.ROUGE for each in constats) else 0
