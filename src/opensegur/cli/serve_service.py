"""``opensegur serve service``: what the system needs to start the practice by itself."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import click

_FICHIER = click.Path(path_type=Path, dir_okay=False)


@click.command("service")
@click.option(
    "--donnees",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Dossier des données du cabinet.",
)
@click.option("--systemd", "systeme", flag_value="systemd", default=True, help="Unité pour Linux (par défaut).")
@click.option("--windows", "systeme", flag_value="windows", help="Tâche pour le Planificateur de Windows.")
@click.option("--compte", default="opensegur", show_default=True, help="Compte Linux qui sert le cabinet.")
@click.option("--sortie", type=_FICHIER, help="Écrire dans ce fichier, et dire la suite.")
@click.argument("options", nargs=-1, metavar="[-- OPTIONS DE SERVE…]")
def service(donnees: Path, systeme: str, compte: str, sortie: Path | None, options: tuple[str, ...]) -> int:
    """Donner de quoi démarrer le cabinet avec la machine : unité systemd, ou tâche de Windows.

    Ce qui suit « -- » est passé à « opensegur serve » (--nom, --port, --certificat…).
    """
    from opensegur.cabinet.reseau import unites
    from opensegur.cli.fichiers import write_file

    folder = donnees.absolute()
    wanted = unites.Service(program(), ("serve", "--donnees", str(folder), *options), folder, compte)
    linux = systeme == "systemd"
    text = unites.systemd_unit(wanted) if linux else unites.windows_task(wanted)
    if sortie is None:
        click.echo(text, nl=False)
        return 0
    # the Task Scheduler reads UTF-16
    write_file(sortie, text.encode("utf-8" if linux else "utf-16"))
    click.echo(f"Écrit : {sortie}. Ensuite, {'en root' if linux else 'dans un terminal d’administrateur'} :")
    for step in (unites.systemd_steps if linux else unites.windows_steps)(wanted, str(sortie)):
        click.echo(f"  {step}")
    return 0


def program() -> tuple[str, ...]:
    """The command as it is installed; Python and its module where there is none."""
    beside = Path(sys.executable).with_name("opensegur.exe" if sys.platform == "win32" else "opensegur")
    if beside.is_file():
        return (str(beside),)
    if found := shutil.which("opensegur"):
        return (str(Path(found).absolute()),)
    return (sys.executable, "-c", "from opensegur.cli import main; main()")
