"""``opensegur ins``: the national identity at the terminal."""

from __future__ import annotations

import click

from opensegur.cli.groupe import Commands, LazyGroup

_COMMANDS: Commands = {
    "check": ("opensegur.cli.ins_matricule", "check", "Contrôler un matricule INS."),
    "format": ("opensegur.cli.ins_matricule", "format_matricule", "Écrire un matricule INS par groupes."),
    "search": ("opensegur.cli.ins_search", "search", "Rechercher une identité auprès de l’INSi."),
    "verify": ("opensegur.cli.ins_verify", "verify", "Vérifier une INS déjà connue auprès de l’INSi."),
    "datamatrix": ("opensegur.cli.ins_datamatrix", "datamatrix", "Écrire et lire le code INS des documents."),
    "import": ("opensegur.cli.ins_import", "importer", "Importer une patientèle."),
    "duplicates": ("opensegur.cli.ins_doublons", "duplicates", "Chercher les doublons d’un tableau ou du cabinet."),
    "index": ("opensegur.cli.ins_index", "indexer", "Refaire l’index des noms du cabinet."),
}


@click.group(cls=LazyGroup, commandes=_COMMANDS)
def ins() -> None:
    """Tenir l’identité nationale de santé (INS)."""
