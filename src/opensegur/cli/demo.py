"""``opensegur demo``: the sandbox and the practice, in one command."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from pathlib import Path

import click


def _default_folder() -> Path:
    return Path(click.get_app_dir("opensegur")) / "demo"


@click.command()
@click.option(
    "--check",
    is_flag=True,
    help="Jouer le parcours complet sans navigateur, dans un dossier à part, puis tout arrêter.",
)
@click.option(
    "--donnees",
    type=click.Path(path_type=Path, file_okay=False),
    help="Dossier des données (par défaut, celui de votre compte).",
)
@click.option("--port", type=click.IntRange(0, 65535), help="Port du cabinet (8000, ou un autre s’il est pris).")
@click.option(
    "--http", type=click.IntRange(0, 65535), help="Port de la console et de Pro Santé Connect (8080, ou un autre)."
)
@click.option("--https", type=click.IntRange(0, 65535), help="Port de l’INSi et du DMP (8443, ou un autre).")
@click.option("--neuf", is_flag=True, help="Effacer d’abord les données de la démonstration précédente.")
def demo(
    *, check: bool, donnees: Path | None, port: int | None, http: int | None, https: int | None, neuf: bool
) -> int:
    """Démarrer le cabinet de démonstration et son bac à sable."""
    from opensegur.cli.montage import Ports, running_demo

    if check:
        return _check()
    folder = donnees or _default_folder()
    if neuf and folder.is_dir():
        shutil.rmtree(folder)
    start = time.perf_counter()
    click.echo("Préparation du bac à sable et du cabinet…")
    with running_demo(folder, Ports.chosen(port, http, https)) as running:
        click.echo(f"\nPrêt en {time.perf_counter() - start:.1f} s.\n")
        click.echo(f"  Cabinet             {running.cabinet}")
        click.echo(f"  Console du bac      {running.bac_a_sable.console}")
        click.echo(f"  Données             {folder}\n")
        click.echo("  Comptes de démonstration :")
        for compte in running.comptes:
            click.echo(f"    {compte.identifiant:<18} {compte.mot_de_passe}   {compte.qui}")
        click.echo("\nTout est fictif. Ctrl+C pour arrêter.")
        _wait_for_interruption()
    click.echo("Arrêté.")
    return 0


def _check() -> int:
    from opensegur.cli.montage import Ports, running_demo
    from opensegur.cli.parcours import play

    # what SQLite or an antivirus still holds on Windows must not turn a success into a failure
    with tempfile.TemporaryDirectory(prefix="opensegur-", ignore_cleanup_errors=True) as folder:
        start = time.perf_counter()
        with running_demo(Path(folder), Ports()) as running:
            click.echo(f"démarrage du bac à sable et du cabinet : {time.perf_counter() - start:.1f} s")
            return play(running)


def _wait_for_interruption() -> None:
    never = threading.Event()
    try:
        while not never.wait(3600):
            continue
    except KeyboardInterrupt:
        return
