"""``opensegur poste``: the agent that lends this workstation's card reader to the paired server."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from opensegur.cli.arret import wait_for, when_asked_to_stop

if TYPE_CHECKING:
    from opensegur.poste.jumelage import Carnet
    from opensegur.poste.serveur import ServeurPoste

_DOSSIER = click.option(
    "--dossier", type=click.Path(path_type=Path, file_okay=False), help="Dossier du jumelage (par défaut, le vôtre)."
)


@click.group(invoke_without_command=True)
@_DOSSIER
@click.option(
    "--port", type=click.IntRange(0, 65535), help="Port de la boucle locale (par défaut, 41730 ou le suivant)."
)
@click.option("--trace", is_flag=True, help="Dire chaque demande et sa réponse, sans leur contenu.")
@click.pass_context
def poste(ctx: click.Context, dossier: Path | None, port: int | None, *, trace: bool) -> int:
    """Prêter au cabinet le lecteur de cartes de ce poste.

    L’agent n’écoute que ce poste même, et ne répond qu’au serveur avec lequel il a été jumelé.
    """
    ctx.obj = dossier
    if ctx.invoked_subcommand:
        return 0
    if trace:
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    server = _server(_carnet(dossier), port)
    stopped = when_asked_to_stop()
    with server:
        click.echo(f"Agent du poste : {server.adresse}")
        jumelage = server.agent.jumelage
        click.echo(
            f"Jumelé avec {jumelage.origine} ({jumelage.structure})."
            if jumelage
            else "Pas encore jumelé : dans le cabinet, « Mon compte », puis « Ce poste »."
        )
        sys.stdout.flush()
        wait_for(stopped)
    return 0


@poste.command("installer")
@click.option("--montrer", is_flag=True, help="Montrer le fichier sans l’écrire.")
@click.option("--retirer", is_flag=True, help="Ne plus le démarrer avec la session.")
@click.pass_obj
def installer(dossier: Path | None, *, montrer: bool, retirer: bool) -> int:
    """Démarrer l’agent avec votre session : Windows, macOS ou Linux."""
    from opensegur.poste.demarrage import remove_entry, startup_entry, write_entry

    options = ("--dossier", str(dossier.absolute())) if dossier else ()
    entry = startup_entry(sys.platform, (*_program(), "poste", *options), Path.home(), os.environ)
    if montrer:
        click.echo(f"{entry.fichier}\n\n{entry.contenu.decode()}")
        return 0
    if retirer:
        known = remove_entry(entry)
        click.echo("L’agent ne démarrera plus avec votre session." if known else "Il ne démarrait pas avec elle.")
        return 0
    write_entry(entry)
    click.echo(f"L’agent démarrera avec votre session ({entry.fichier}).")
    click.echo("Pour cette fois, lancez « opensegur poste », ou rouvrez votre session.")
    return 0


@poste.command("etat")
@click.pass_obj
def etat(dossier: Path | None) -> int:
    """Dire ce que ce poste sait faire, et comment réparer. Code de sortie : 1 si une carte ne serait pas lue."""
    from opensegur.poste.capacites import Environnement, Niveau, look
    from opensegur.poste.environnement import read_programs, read_scanners
    from opensegur.poste.materiel_cps import MaterielCps
    from opensegur.poste.service import read_pairing
    from opensegur.poste.veille import Veille

    jumelage = read_pairing(_carnet(dossier))
    click.echo(f"Jumelage : {jumelage.origine if jumelage else 'aucun'}")
    readers, failure = Veille(MaterielCps()).look()
    seen = Environnement(os.environ, read_programs(), readers, failure, scanners=read_scanners())
    found = look(seen)
    for each in found:
        click.echo(f"[{each.niveau}] {each.sujet} : {each.dit}")
        if each.geste:
            click.echo(f"    → {each.geste}")
    return 1 if any(each.niveau is Niveau.ABSENT and each.sujet != "Scanner" for each in found) else 0


@poste.command("oublier")
@click.pass_obj
def oublier(dossier: Path | None) -> int:
    """Défaire le jumelage de ce poste."""
    known = _carnet(dossier).forget()
    click.echo("Jumelage oublié ; relancez l’agent s’il tourne." if known else "Ce poste n’était pas jumelé.")
    return 0


def _carnet(dossier: Path | None) -> Carnet:
    from opensegur.poste.jumelage import Carnet

    return Carnet((dossier or Path(click.get_app_dir("opensegur")) / "poste") / "jumelage.json")


def _server(carnet: Carnet, port: int | None) -> ServeurPoste:
    from opensegur.poste.environnement import read_programs, read_scanners
    from opensegur.poste.materiel_cps import MaterielCps
    from opensegur.poste.origines import PORTS
    from opensegur.poste.serveur import ServeurPoste
    from opensegur.poste.service import Agent, Systeme

    system = Systeme(programmes=read_programs, scanners=read_scanners)
    return ServeurPoste(lambda taken: Agent(carnet, MaterielCps(), taken, system), PORTS if port is None else (port,))


def _program() -> tuple[str, ...]:
    from opensegur.cli.serve_service import program

    return program()
