"""``opensegur sandbox carte``: make CPx cards over SoftHSM2, put them in the reader, take them out."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from opensegur.sandbox.cartes.softhsm import LecteurSoftHsm

_SOFTHSM = click.option(
    "--softhsm", default="", metavar="FICHIER", help="Bibliothèque de SoftHSM2, si elle n’est pas à sa place."
)


@click.group()
def carte() -> None:
    """Faire des cartes CPS, CPE… d’essai, les insérer et les retirer (SoftHSM2)."""


@carte.command()
@click.argument("porteur")
@click.option("--genre", type=click.Choice(["CPS", "CPF", "CDE", "CPE", "CDA", "CPA"]), help="Celle du porteur.")
@click.option("--defaut", type=click.Choice(["aucun", "expiree", "future", "revoquee", "inversee"]), default="aucun",
              show_default=True, help="Ce qui doit la faire refuser.")  # fmt: skip
@click.option("--ancienne", is_flag=True, help="Noms du certificat dans leur forme d’avant.")
@_SOFTHSM
@click.pass_obj
def faire(donnees: Path, porteur: str, genre: str | None, defaut: str, *, ancienne: bool, softhsm: str) -> int:
    """Faire la carte de PORTEUR (identifiant national) et l’insérer dans le lecteur. Code porteur : 1234."""
    from opensegur.sandbox.app import open_sandbox
    from opensegur.sandbox.cartes.fabrique import find_holder, make_card
    from opensegur.sandbox.cartes.modele import Defaut, Genre
    from opensegur.sandbox.settings import SandboxSettings

    reader = _reader(donnees, softhsm)
    context = open_sandbox(SandboxSettings(donnees, http_url=_address(donnees)))
    person, structures = find_holder(context, porteur)
    made = make_card(
        context,
        person,
        structures,
        Genre(genre) if genre else None,
        defaut=Defaut(defaut),
        ancienne=ancienne,
    )
    reader.write(made)
    click.echo(f"Carte {made.nom} faite et insérée ; code porteur {made.pin}.")
    click.echo("Pour que vos programmes la voient :")
    for name, value in reader.environment.items():
        click.echo(f"  {'set' if os.name == 'nt' else 'export'} {name}={value}")
    return 0


@carte.command()
@click.argument("nom")
@_SOFTHSM
@click.pass_obj
def inserer(donnees: Path, nom: str, *, softhsm: str) -> int:
    """Mettre la carte NOM dans le lecteur, à la place de celle qui y est."""
    _reader(donnees, softhsm).insert(nom)
    click.echo(f"La carte {nom} est dans le lecteur.")
    return 0


@carte.command()
@_SOFTHSM
@click.pass_obj
def retirer(donnees: Path, *, softhsm: str) -> int:
    """Retirer la carte du lecteur."""
    _reader(donnees, softhsm).remove()
    click.echo("Le lecteur est vide.")
    return 0


@carte.command()
@_SOFTHSM
@click.pass_obj
def lister(donnees: Path, *, softhsm: str) -> int:
    """Lister les cartes faites."""
    for name, inside in _reader(donnees, softhsm).cards():
        click.echo(f"{name}{'  (dans le lecteur)' if inside else ''}")
    return 0


def _reader(donnees: Path, softhsm: str) -> LecteurSoftHsm:
    from opensegur.sandbox.cartes.softhsm import DOSSIER, LecteurSoftHsm, find_softhsm

    return LecteurSoftHsm(donnees / DOSSIER, find_softhsm(softhsm))


def _address(donnees: Path) -> str:
    """Where the sandbox of this folder listened last: what its certificates say of their revocation."""
    from opensegur.sandbox.settings import SandboxSettings

    try:
        written = json.loads((donnees / "adresses.json").read_text(encoding="utf-8"))["console"]
    except (OSError, ValueError, KeyError):
        return SandboxSettings(donnees).http_url
    return str(written).rstrip("/")
