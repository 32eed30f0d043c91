"""``opensegur serve``: the practice on its local network, over https."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from opensegur.cli.arret import wait_for, when_asked_to_stop
from opensegur.cli.serve_installer import installer
from opensegur.cli.serve_service import service
from opensegur.foundation.errors import ConfigurationError

if TYPE_CHECKING:
    from opensegur.cabinet.reseau.certificats import Certificat
    from opensegur.cabinet.serveur import CabinetServer

_FICHIER = click.Path(path_type=Path, dir_okay=False)
_PORT = click.IntRange(0, 65535)


@click.group(invoke_without_command=True)
@click.option("--donnees", type=click.Path(path_type=Path, file_okay=False), help="Dossier des données du cabinet.")
@click.option("--hote", default="0.0.0.0", show_default=True,  # noqa: S104 - the workstations are elsewhere # nosec B104
              help="Adresse où écouter ; 0.0.0.0 : toutes celles de la machine.")  # fmt: skip
@click.option("--port", type=_PORT, default=443, show_default=True, help="Port de https.")
@click.option("--http", "port_clair", type=_PORT, default=80, show_default=True,
              help="Port qui ne fait que renvoyer vers https.")  # fmt: skip
@click.option("--sans-http", is_flag=True, help="Ne pas écouter du tout en clair.")
@click.option("--nom", "noms", multiple=True, metavar="NOM",
              help="Nom sous lequel les postes appellent le serveur (par défaut, celui de la machine).")  # fmt: skip
@click.option("--certificat", type=_FICHIER, help="Certificat PEM fourni, suivi de ses autorités.")
@click.option("--cle", type=_FICHIER, help="Clé PEM de ce certificat, sans mot de passe.")
@click.pass_context
def serve(
    ctx: click.Context,
    donnees: Path | None,
    hote: str,
    port: int,
    port_clair: int,
    sans_http: bool,  # noqa: FBT001 - click calls it by its options
    noms: tuple[str, ...],
    certificat: Path | None,
    cle: Path | None,
) -> int:
    """Servir le cabinet sur son réseau, en https.

    Sans --certificat, le cabinet a sa propre autorité de certification, à faire reconnaître une fois par chaque poste
    (« opensegur serve autorite »).
    """
    if ctx.invoked_subcommand:
        return 0
    folder = _folder(donnees)
    presented = _certificate(folder, _names(folder, noms), certificat, cle)
    from opensegur.cabinet.serveur import CabinetServer

    server = CabinetServer(hote=hote, port=port, certificat=presented, port_clair=None if sans_http else port_clair)
    _prepare(folder, server, presented)
    stopped = when_asked_to_stop()
    with server:
        _announce(server, presented, own=certificat is None)
        wait_for(stopped)
    click.echo("Arrêté.")
    return 0


@serve.command("autorite")
@click.option(
    "--donnees",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    required=True,
    help="Dossier des données du cabinet.",
)
@click.argument("sortie", type=_FICHIER, default=Path("opensegur-autorite.crt"))
def autorite(donnees: Path, sortie: Path) -> int:
    """Écrire le certificat de l’autorité du cabinet, et dire comment le faire reconnaître par chaque poste."""
    from cryptography.hazmat.primitives.serialization import Encoding

    from opensegur.cabinet.reseau.autorite import read_authority
    from opensegur.cabinet.reseau.confiance import how_to_trust
    from opensegur.cli.fichiers import write_file

    authority = read_authority(donnees / "tls")
    write_file(sortie, authority.certificat.public_bytes(Encoding.PEM))
    click.echo(f"Certificat de l’autorité : {sortie} (sans secret : il peut voyager par clé USB ou par courriel).")
    click.echo(
        f"Valable jusqu’au {authority.certificat.not_valid_after_utc:%d/%m/%Y}. Empreinte SHA-256 à comparer :"
    )
    click.echo(f"  {authority.empreinte}")
    for systeme in how_to_trust(sortie.name):
        click.echo(f"\n{systeme.nom}")
        for geste in systeme.gestes:
            click.echo(f"  {geste}")
    return 0


serve.add_command(installer)
serve.add_command(service)


def _folder(donnees: Path | None) -> Path:
    if donnees is None:
        raise click.UsageError("il manque --donnees, le dossier des données du cabinet.")
    if not donnees.is_dir():
        raise ConfigurationError(
            "CABINET_ABSENT",
            f"Le dossier « {donnees} » n’existe pas.",
            conseil="Créez d’abord le cabinet : « opensegur serve installer --donnees DOSSIER ».",
        )
    return donnees


def _names(folder: Path, asked: tuple[str, ...]) -> tuple[str, ...]:
    """Those asked for; otherwise that of the address in the configuration, if it has one."""
    from opensegur.cabinet.reseau.machine import is_name
    from opensegur.cabinet.site.reglages import read_reglages

    names = tuple(name.lower().rstrip(".") for name in asked)
    for name in names:
        if not is_name(name):
            raise click.BadParameter(f"« {name} » n’est pas un nom de machine.", param_hint="--nom")
    configured = read_reglages({**os.environ, "OPENSEGUR_DONNEES": str(folder)})
    return names or ((configured.hote,) if configured.https and is_name(configured.hote) else ())


def _certificate(folder: Path, names: tuple[str, ...], certificate: Path | None, key: Path | None) -> Certificat:
    from opensegur.cabinet.reseau.certificats import CertificatDonne, CertificatPropre
    from opensegur.cabinet.reseau.machine import read_machine

    now = datetime.now(UTC)
    if certificate is None and key is None:
        return CertificatPropre(folder / "tls", read_machine, now, names)
    if certificate is None or key is None:
        raise click.UsageError("--certificat et --cle vont ensemble.")
    return CertificatDonne(certificate, key, now, names)


def _prepare(folder: Path, server: CabinetServer, certificate: Certificat) -> None:
    """Django reads its settings once: the address is known before."""
    os.environ["OPENSEGUR_CABINET_ADRESSE"] = server.adresse
    os.environ["OPENSEGUR_CABINET_HOTES"] = ",".join(certificate.hotes)
    from opensegur.cabinet import installation

    installation.prepare(folder)
    from opensegur.cabinet.creation import is_new

    if is_new():
        raise ConfigurationError(
            "CABINET_SANS_COMPTE",
            "Ce cabinet n’a encore aucun compte : personne ne pourrait y entrer.",
            conseil="Lancez d’abord « opensegur serve installer » avec le même dossier.",
        )


def _announce(server: CabinetServer, certificate: Certificat, *, own: bool) -> None:
    click.echo(f"Cabinet servi : {server.adresse}")
    if others := certificate.hotes[1:]:
        click.echo(f"  aussi sous : {', '.join(others)}")
    if server.port_clair is not None:
        click.echo(f"  le port {server.port_clair} renvoie vers https")
    if own:
        click.echo("  autorité propre au cabinet : « opensegur serve autorite » dit comment la faire reconnaître")
    click.echo("Ctrl+C pour arrêter.")
