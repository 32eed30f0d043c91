"""``opensegur ins verify``: is this INS still the one of this person?"""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

_REFUSED = 3


@click.command()
@click.option("--matricule", required=True, help="Le matricule INS, 15 caractères.")
@click.option("--oid", required=True, help="L’OID de son autorité (1.2.250.1.213.1.4.8…).")
@click.option("--nom", required=True, help="Nom de naissance.")
@click.option("--prenom", required=True, help="Premier prénom de naissance.")
@click.option("--prenoms", default="", help="Liste des prénoms de naissance.")
@click.option(
    "--sexe", required=True, type=click.Choice(["M", "F"], case_sensitive=False), metavar="M|F", help="Sexe."
)
@click.option("--date", "date_naissance", required=True, help="Date de naissance, AAAA-MM-JJ ou JJ/MM/AAAA.")
@click.option("--lieu", default="", help="Code officiel géographique du lieu de naissance.")
@click.option(
    "--configuration",
    type=click.Path(path_type=Path, dir_okay=False),
    default="opensegur.toml",
    show_default=True,
    help="Fichier de configuration.",
)
@click.option("--json", "as_json", is_flag=True, help="Sortie lisible par un programme.")
def verify(
    *,
    matricule: str,
    oid: str,
    nom: str,
    prenom: str,
    prenoms: str,
    sexe: str,
    date_naissance: str,
    lieu: str,
    configuration: Path,
    as_json: bool,
) -> int:
    """Vérifier une INS déjà connue auprès de l’INSi.

    Code de sortie : 0 si elle est confirmée, 3 si elle est refusée, 1 en cas d’erreur.
    """
    from opensegur.foundation.configuration import load_configuration
    from opensegur.ins import Traits, insi_transport, parse_matricule
    from opensegur.ins.verification import VerificationClient

    held = parse_matricule(matricule, oid)
    traits = Traits.typed(
        nom_naissance=nom,
        premier_prenom=prenom,
        prenoms=prenoms,
        sexe=sexe,
        date_naissance=date_naissance,
        lieu_naissance=lieu,
    )
    settings = load_configuration(configuration, os.environ)
    with insi_transport(settings) as transport:
        answer = VerificationClient.from_configuration(settings, transport).verify(held, traits)
    if as_json:
        click.echo(json.dumps({"confirmee": answer.confirmee, "code": answer.code, "libelle": answer.libelle}))
    elif answer.confirmee:
        click.echo("INS confirmée par l’INSi.")
    else:
        click.echo("INS refusée par l’INSi : ce matricule n’est pas celui de cette personne.")
        click.echo(
            "À faire : retirez-la du dossier, contrôlez une pièce d’identité, puis récupérez l’INS de nouveau."
        )
    return 0 if answer.confirmee else _REFUSED
