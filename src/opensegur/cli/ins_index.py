"""``opensegur ins indexer``: make the index of names again."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("indexer")
@click.option(
    "--donnees",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    required=True,
    help="Dossier des données du cabinet.",
)
def indexer(*, donnees: Path) -> int:
    """Refaire l’index des noms, d’où la recherche tire ses résultats.

    Utile après une restauration partielle ou une nouvelle version de ses règles. Les recherches continuent pendant ce
    temps avec l’ancien index.
    """
    from opensegur.cabinet.installation import prepare

    prepare(donnees)
    from opensegur.cabinet.antecedence.reconstruction import rebuild
    from opensegur.cabinet.patients.models import Patient

    with click.progressbar(length=Patient.objects.count(), label="Index") as bar:
        total = rebuild(lambda done, _total: bar.update(done - bar.pos))
    click.echo(f"{total} dossiers dans l’index.")
    return 0
