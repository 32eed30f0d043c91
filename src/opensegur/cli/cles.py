"""``opensegur cles``: renew the key that encrypts the data of the practice."""

from __future__ import annotations

from pathlib import Path

import click

_DONNEES = click.option(
    "--donnees",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    required=True,
    help="Dossier des données du cabinet.",
)


@click.group()
def cles() -> None:
    """Renouveler la clé qui chiffre les données du cabinet."""


@cles.command("renouveler")
@_DONNEES
def renouveler(donnees: Path) -> int:
    """Tirer une clé nouvelle et tout rechiffrer, cabinet au travail. Interrompu, recommencez : il reprend.

    Code de sortie : 0 si tout est sous la clé actuelle, 1 s’il reste des données illisibles.
    """
    from opensegur.cabinet.installation import setup

    setup(donnees)
    from django.conf import settings

    from opensegur.cabinet.chiffrement.renouvellement import rewrite
    from opensegur.cabinet.chiffrement.trousseau import add_key

    done = rewrite(_say)
    if done.refaites:
        click.echo("Le renouvellement qui s’était arrêté est terminé.")
    else:
        name = add_key(Path(settings.OPENSEGUR_CLES))
        click.echo(f"Clé nouvelle : n° {name}. Les précédentes restent, pour lire ce qui n’est pas encore rechiffré.")
        done = rewrite(_say)
    click.echo(f"{done.refaites} données rechiffrées.")
    if done.illisibles:
        click.echo(
            f"{done.illisibles} données illisibles avec ces clés : elles sont laissées telles quelles.", err=True
        )
        return 1
    click.echo(
        "À faire maintenant : une sauvegarde, qui emporte la clé nouvelle. Plus tard : « opensegur cles oublier »."
    )
    return 0


@cles.command("oublier")
@_DONNEES
def oublier(donnees: Path) -> int:
    """Retirer du trousseau les clés qui ne servent plus ; refusé tant qu’une donnée en dépend."""
    from opensegur.cabinet.installation import setup

    setup(donnees)
    from django.conf import settings

    from opensegur.cabinet.chiffrement.renouvellement import rewrite
    from opensegur.cabinet.chiffrement.trousseau import forget_former_keys

    done = rewrite(_say)
    if done.refaites or done.illisibles:
        click.echo(
            "Des données dépendaient encore d’une clé précédente : recommencez dans quelques minutes.", err=True
        )
        return 1
    forget_former_keys(Path(settings.OPENSEGUR_CLES))
    click.echo("Il ne reste que la clé actuelle. Les sauvegardes plus anciennes gardent les leurs.")
    return 0


def _say(column: str, count: int) -> None:
    click.echo(f"  {column} : {count}")
