"""The terminal face of OpenSégur: one module per service, loaded only when its command is called."""

from __future__ import annotations

import sys
from typing import Any

import click

from opensegur import __version__
from opensegur.cli.aide import AideEnFrancais
from opensegur.cli.erreurs import french_usage_error
from opensegur.cli.groupe import Commands, LazyGroup
from opensegur.foundation.errors import OpenSegurError

_COMMANDS: Commands = {
    "ins": ("opensegur.cli.ins", "ins", "Tenir l’identité nationale de santé (INS)."),
    "cda": ("opensegur.cli.cda", "cda", "Faire, contrôler et lire des documents CDA R2."),
    "dmp": ("opensegur.cli.dmp", "dmp", "Alimenter et consulter le Dossier Médical Partagé."),
    "medicament": ("opensegur.cli.medicament", "medicament", "Chercher un médicament, lire le code d’une boîte."),
    "carte": ("opensegur.cli.carte", "carte", "Lire une carte CPS, CPE… et juger ses certificats."),
    "nomenclature": (
        "opensegur.cli.nomenclature",
        "nomenclature",
        "Chercher un code, mettre à jour les tables.",
    ),
    "sandbox": ("opensegur.cli.sandbox", "sandbox", "Démarrer le bac à sable des services nationaux."),
    "demo": ("opensegur.cli.demo", "demo", "Démarrer le bac à sable et le cabinet de démonstration."),
    "serve": ("opensegur.cli.serve", "serve", "Servir le cabinet sur son réseau, en https."),
    "poste": ("opensegur.cli.poste", "poste", "Prêter au cabinet le lecteur de cartes de ce poste."),
    "diag": ("opensegur.cli.diag", "diag", "Vérifier l’installation, et dire comment réparer."),
    "sauvegarde": ("opensegur.cli.sauvegarde", "sauvegarde", "Sauvegarder le cabinet, chiffré, et le reprendre."),
    "cles": ("opensegur.cli.cles", "cles", "Renouveler la clé qui chiffre les données."),
    "journal": ("opensegur.cli.journal", "journal", "Contrôler la chaîne du journal des accès."),
}
# a name of before, still understood
_ALIAS = {"insi": "ins"}

click.Context.formatter_class = AideEnFrancais


@click.group(
    cls=LazyGroup,
    commandes=_COMMANDS,
    alias=_ALIAS,
    context_settings={"help_option_names": ["-h", "--help", "--aide"]},
)
@click.version_option(__version__, prog_name="opensegur", message="%(prog)s %(version)s")
def application() -> None:
    """Les services nationaux de santé numérique : bibliothèque, bac à sable et cabinet."""


def main(arguments: list[str] | None = None) -> None:
    """Entry point: every error is one French line with what to do, and an exit code other than zero."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            _use_utf8(stream)
    try:
        result = application.main(args=arguments, prog_name="opensegur", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("Interrompu.", err=True)
        sys.exit(130)
    except click.UsageError as error:
        click.echo(french_usage_error(error), err=True)
        sys.exit(2)
    except click.ClickException as error:
        click.echo(f"Erreur : {error.format_message()}", err=True)
        sys.exit(1)
    except OpenSegurError as error:
        click.echo(_describe(error), err=True)
        sys.exit(1)
    except ModuleNotFoundError as error:
        if (error.name or "opensegur").startswith("opensegur"):
            raise
        click.echo(_missing_library(error), err=True)
        sys.exit(1)
    sys.exit(result if isinstance(result, int) else 0)


def _missing_library(error: ModuleNotFoundError) -> str:
    """The library alone is installed, and the command is the sandbox's or the application's."""
    return (
        f"Erreur : cette commande a besoin de la bibliothèque {error.name}, qui n’est pas installée.\n"
        "À faire : installez OpenSégur avec ses applications, « pip install opensegur[demo] »."
    )


def _use_utf8(stream: Any) -> None:
    stream.reconfigure(encoding="utf-8", errors="replace")


def _describe(error: OpenSegurError) -> str:
    lines = [f"Erreur : {error.message} [{error.code}]"]
    if error.conseil:
        lines.append(f"À faire : {error.conseil}")
    if error.detail:
        lines.append(f"Détail : {error.detail}")
    return "\n".join(lines)
