"""``opensegur serve installer``: the structure and its first account, asked one by one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from opensegur.cabinet.creation import Titulaire

_ROLES = ("gestionnaire", "medecin", "pharmacien", "sage_femme", "infirmier")
_ESSAIS = 3


@click.command("installer")
@click.option("--donnees", type=click.Path(path_type=Path, file_okay=False), required=True,
              help="Dossier des données du cabinet, nouveau.")  # fmt: skip
@click.option("--structure", prompt="Identifiant national de la structure (1 + FINESS, 3 + SIRET, 4 + RPPS + rang)",
              help="1 suivi du FINESS, 3 suivi du SIRET, 4 suivi du RPPS et d’un rang.")  # fmt: skip
@click.option("--nom-structure", prompt="Nom de la structure", help="Nom de la structure.")
@click.option("--secteur", prompt="Secteur (SA07 cabinet individuel, SA08 cabinet de groupe, SA33 officine)",
              default="SA07", help="Code de JDV_J02.")  # fmt: skip
@click.option("--code-postal", prompt="Code postal", default="", help="Code postal.")
@click.option("--ville", prompt="Ville", default="", help="Ville.")
@click.option("--role", type=click.Choice(_ROLES), prompt="Vous êtes", default="gestionnaire",
              help="Rôle du premier compte.")  # fmt: skip
@click.option("--prenom", prompt="Votre prénom", help="Prénom.")
@click.option("--nom", prompt="Votre nom", help="Nom.")
@click.option("--id-nat", prompt="Votre identifiant national (8 + RPPS ; vide si vous n’en avez pas)", default="",
              help="8 suivi des 11 chiffres du RPPS.")  # fmt: skip
@click.option("--savoir-faire", prompt="Votre spécialité (SM26…, vide sinon)", default="",
              help="Code du savoir-faire.")  # fmt: skip
@click.option("--identifiant", prompt="Identifiant pour entrer", help="Identifiant du compte.")
@click.option("--mot-de-passe-fichier", type=click.Path(path_type=Path, exists=True, dir_okay=False),
              help="Fichier du mot de passe, au lieu de le demander.")  # fmt: skip
def installer(
    donnees: Path,
    structure: str,
    nom_structure: str,
    secteur: str,
    code_postal: str,
    ville: str,
    role: str,
    prenom: str,
    nom: str,
    id_nat: str,
    savoir_faire: str,
    identifiant: str,
    mot_de_passe_fichier: Path | None,
) -> int:
    """Créer un cabinet : sa structure, et le premier compte, qui en tient les clés."""
    from opensegur.cabinet.installation import prepare

    prepare(donnees)
    from opensegur.cabinet.comptes.roles import Role
    from opensegur.cabinet.creation import Etablissement, Titulaire, create_practice

    etablissement = Etablissement(structure.strip(), nom_structure.strip(), secteur, code_postal, ville)
    titulaire = Titulaire(
        identifiant.strip().lower(), nom.strip(), prenom.strip(), Role(role), id_nat.strip(), savoir_faire.strip()
    )
    password = mot_de_passe_fichier.read_text(encoding="utf-8").strip() if mot_de_passe_fichier else _ask(titulaire)
    made, compte = create_practice(etablissement, titulaire, password)
    click.echo(f"{made.nom} est créé ; {compte.nom_affiche} y entre avec « {compte.identifiant} ».")
    click.echo(f"Ensuite : « opensegur serve --donnees {donnees} ».")
    click.echo(f"Services nationaux : écrivez {donnees / 'opensegur.toml'}, puis « opensegur diag ».")
    return 0


def _ask(titulaire: Titulaire) -> str:
    """Asked again when it is too weak: nothing else of what was typed is lost."""
    from opensegur.cabinet.creation import check_password
    from opensegur.foundation.errors import InvalidValue

    for _ in range(_ESSAIS):
        password = str(
            click.prompt(
                "Mot de passe (12 caractères au moins)", hide_input=True, confirmation_prompt="Encore une fois"
            )
        )
        try:
            check_password(password, titulaire)
        except InvalidValue as error:
            click.echo(error.message, err=True)
            continue
        return password
    raise click.UsageError("aucun mot de passe accepté.")
