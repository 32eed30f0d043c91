"""``opensegur sandbox``: start the simulated national services, or set them back to their first day."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from opensegur.cli.sandbox_carte import carte

if TYPE_CHECKING:
    from opensegur.sandbox.server import Addresses, SandboxServer

_DATA = click.option(
    "--donnees",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("opensegur-bac-a-sable"),
    show_default=True,
    metavar="DOSSIER",
    help="Dossier des données, créé au premier démarrage et gardé ensuite.",
)


@click.group(invoke_without_command=True)
@_DATA
@click.option("--http", "http_port", type=click.IntRange(0, 65535), default=8080, show_default=True, metavar="PORT",
              help="Port de Pro Santé Connect et de la console ; 0 prend un port libre.")  # fmt: skip
@click.option("--https", "https_port", type=click.IntRange(0, 65535), default=8443, show_default=True, metavar="PORT",
              help="Port de l’INSi et du DMP ; 0 prend un port libre.")  # fmt: skip
@click.option("--indulgent", is_flag=True, help="Noter les règles souples au lieu de refuser.")
@click.option("--oid-insi", type=click.Choice(["test", "cnda"]), default="test", show_default=True,
              help="Autorité des matricules : NIR de test (.10), ou comme le CNDA (.8 et .9).")  # fmt: skip
@click.option(
    "--idam", multiple=True, metavar="NUMÉRO", help="Numéro d’autorisation de logiciel à reconnaître en plus."
)
@click.pass_context
def sandbox(
    ctx: click.Context,
    donnees: Path,
    http_port: int,
    https_port: int,
    indulgent: bool,  # noqa: FBT001 - the same
    oid_insi: str,
    idam: tuple[str, ...],
) -> None:
    """Démarrer le bac à sable des services nationaux : INSi, DMP, Pro Santé Connect et leur console."""
    ctx.obj = donnees
    if ctx.invoked_subcommand:
        return
    from opensegur.sandbox.server import SandboxServer
    from opensegur.sandbox.settings import IDAM_DEMO, SandboxSettings

    settings = SandboxSettings(
        donnees,
        strict=not indulgent,
        insi_oid="cnda" if oid_insi == "cnda" else "test",
        idams=(IDAM_DEMO, *idam),
    )
    click.echo("Démarrage du bac à sable…")
    server = SandboxServer(donnees, http_port, https_port, settings)
    addresses = server.start()
    try:
        _announce(donnees, addresses, server)
        server.wait()
    except KeyboardInterrupt:
        click.echo("\nArrêt du bac à sable.")
    finally:
        server.stop()


@sandbox.command()
@click.option("--scenario", default="demonstration", show_default=True, help="« demonstration » ou « vide ».")
@click.pass_obj
def reset(donnees: Path, scenario: str) -> None:
    """Oublier les échanges, les sessions et les dossiers ; les certificats et la population restent."""
    from opensegur.sandbox.app import open_sandbox
    from opensegur.sandbox.settings import SandboxSettings

    open_sandbox(SandboxSettings(donnees)).store.reset(scenario)
    click.echo(f"Le bac à sable est remis au scénario « {scenario} ».")


@sandbox.command()
@click.option("--nombre", type=click.IntRange(1, 5_000_000), default=1_000_000, show_default=True, metavar="N",
              help="Combien de personnes, arrondi à la dizaine de mille.")  # fmt: skip
@click.option(
    "--graine", type=int, default=1, show_default=True, metavar="N", help="Les mêmes personnes à chaque fois."
)
@click.pass_obj
def peupler(donnees: Path, nombre: int, graine: int) -> int:
    """Ajouter à la population une foule de personnes fictives, pour les essais de charge.

    Familles, jumeaux, homonymes, naissances en Corse, outre-mer et à l’étranger. Interrompue, la commande reprend où
    elle en était ; le bac à sable peut tourner pendant ce temps. Compter trois minutes et 250 Mo pour un million.
    """
    from opensegur.sandbox.population.foule.base import FICHIER, Foule
    from opensegur.sandbox.population.personnes import OIDS

    foule = Foule(donnees / FICHIER, OIDS["test"])
    with click.progressbar(length=nombre, label="Population", file=sys.stderr) as bar:

        def advance(done: int, wanted: int) -> None:
            bar.length = wanted
            bar.update(done - bar.pos)

        try:
            made = foule.fill(nombre, graine, advance)
        except KeyboardInterrupt:
            click.echo("\nArrêté ; la même commande reprendra ici.", err=True)
            return 1
    click.echo(f"{made:_} personnes fictives de plus, dans {foule.path}.".replace("_", "\u202f"))
    return 0


sandbox.add_command(carte)


def _announce(donnees: Path, addresses: Addresses, server: SandboxServer) -> None:
    from opensegur.sandbox.client import export_client_configuration, write_addresses
    from opensegur.sandbox.population.acteurs import STRUCTURES

    write_addresses(donnees, addresses)
    pki = server.context.pki
    for structure in STRUCTURES:
        export_client_configuration(donnees / "clients", addresses, pki, structure)
    lines = (
        ("Console", addresses.console),
        ("INSi", addresses.insi),
        ("DMP", addresses.dmp),
        ("Pro Santé Connect", addresses.psc_decouverte),
        ("Certificats clients", str(pki.folder / "clients")),
        ("Racine à reconnaître", str(pki.racine)),
        ("Configurations prêtes", str(donnees / "clients")),
    )
    for name, value in lines:
        click.echo(f"  {name:<22} {value}")
    click.echo("Ctrl+C pour arrêter.")
