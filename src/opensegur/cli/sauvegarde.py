"""``opensegur sauvegarde``: make an encrypted backup, try it, put it back."""

from __future__ import annotations

import os
import tempfile
from datetime import datetime
from pathlib import Path

import click

from opensegur.foundation.errors import ConfigurationError

_FICHIER = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group()
def sauvegarde() -> None:
    """Sauvegarder le cabinet, chiffré, et le reprendre."""


@sauvegarde.command("cle")
@click.argument("sortie", type=click.Path(path_type=Path, dir_okay=False))
def cle(sortie: Path) -> int:
    """Faire la clé des sauvegardes : à garder hors de l’ordinateur, elle seule les ouvre."""
    from opensegur.cabinet.sauvegarde.coffre import new_key

    private, public = new_key()
    try:
        descriptor = os.open(sortie, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise ConfigurationError(
            "SAUVEGARDE_CLE_EXISTE",
            f"« {sortie.name} » existe déjà.",
            conseil="Donnez un autre nom : une clé écrasée, ce sont des sauvegardes perdues.",
        ) from error
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(f"# clé privée des sauvegardes OpenSégur ; clé publique : {public}\n{private}\n")
    click.echo(f"Clé privée : {sortie} (mettez-la au coffre, en deux exemplaires, puis effacez-la d’ici)")
    click.echo(f"Clé publique, à donner à « opensegur sauvegarde faire » : {public}")
    return 0


@sauvegarde.command("faire")
@click.option(
    "--donnees",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    required=True,
    help="Dossier des données du cabinet.",
)
@click.option("--pour", required=True, help="Clé publique (age1…).")
@click.argument("sortie", type=click.Path(path_type=Path, dir_okay=False))
def faire(donnees: Path, pour: str, sortie: Path) -> int:
    """Sauvegarder pendant que le cabinet travaille : bases, clés, configuration."""
    from opensegur.cabinet.sauvegarde.coffre import seal
    from opensegur.cabinet.sauvegarde.contenu import write_archive
    from opensegur.cabinet.site.reglages import read_reglages

    reglages = read_reglages({**os.environ, "OPENSEGUR_DONNEES": str(donnees)})
    if sortie.resolve().is_relative_to(reglages.donnees):
        raise ConfigurationError(
            "SAUVEGARDE_DEDANS",
            "Une sauvegarde dans le dossier qu’elle sauvegarde se perd avec lui.",
            conseil="Écrivez-la sur un autre disque.",
        )
    moment = datetime.now().astimezone()
    seal(lambda output: write_archive(reglages, moment, lambda name: click.echo(f"  {name}"), output), sortie, pour)
    click.echo(f"Sauvegarde : {sortie} ({sortie.stat().st_size / 1e6:.1f} Mo).")
    if reglages.donnees not in reglages.cles.resolve().parents:
        click.echo("Les clés du cabinet sont ailleurs : elles ne sont pas dans cette sauvegarde.")
    return 0


@sauvegarde.command("restaurer")
@click.option("--cle", "key_file", type=_FICHIER, required=True, help="Fichier de la clé privée.")
@click.option(
    "--donnees", type=click.Path(path_type=Path, file_okay=False), required=True, help="Dossier nouveau à remplir."
)
@click.argument("fichier", type=_FICHIER)
def restaurer(key_file: Path, donnees: Path, fichier: Path) -> int:
    """Remettre tout dans un dossier nouveau ; PostgreSQL : dans la base vide d’OPENSEGUR_BASE."""
    from opensegur.cabinet.sauvegarde.reprise import restore

    taken = restore(fichier, key_file.read_text(encoding="utf-8"), donnees, os.environ.get("OPENSEGUR_BASE", ""))
    click.echo(f"Repris dans {donnees} : l’état du {taken.le:%d/%m/%Y à %H:%M}. Chacun se reconnecte.")
    return 0


@sauvegarde.command("essayer")
@click.option("--cle", "key_file", type=_FICHIER, required=True, help="Fichier de la clé privée.")
@click.argument("fichier", type=_FICHIER)
def essayer(key_file: Path, fichier: Path) -> int:
    """Reprendre dans un dossier de passage, tout relire, puis l’effacer. Code de sortie : 0 si tout est là."""
    from opensegur.cabinet.installation import prepare
    from opensegur.cabinet.sauvegarde.reprise import restore

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        donnees = Path(folder) / "essai"
        restore(fichier, key_file.read_text(encoding="utf-8"), donnees, os.environ.get("OPENSEGUR_BASE", ""))
        prepare(donnees)
        from opensegur.cabinet.sauvegarde.essai import read_through

        bilan = read_through()
    click.echo(f"{bilan.dossiers} dossiers, {bilan.documents} documents, {bilan.lignes} lignes de journal relus.")
    if bilan.illisibles:
        click.echo(f"Illisible avec les clés de cette sauvegarde : {', '.join(bilan.illisibles)}.")
    if bilan.ruptures:
        click.echo(f"Journal rompu : {', '.join(bilan.ruptures)}.")
    click.echo("Cette sauvegarde est bonne." if bilan.bonne else "Cette sauvegarde ne suffit pas.")
    return 0 if bilan.bonne else 1
