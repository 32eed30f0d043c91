"""``opensegur ins import``: bring an existing base of patients in, from a table or from ADT messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from opensegur.cabinet.comptes.models import Compte
    from opensegur.cabinet.imports.models import Import
    from opensegur.cabinet.structures.models import Structure

_PIECE = 1_000_000
_SHOWN = 20
_WITH_REMARKS = 3


@click.command("import")
@click.argument("fichier", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--donnees",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    required=True,
    help="Dossier des données du cabinet.",
)
@click.option("--structure", default="", help="Identifiant national de la structure (inutile s’il n’y en a qu’une).")
@click.option("--compte", required=True, help="Identifiant du compte au nom duquel l’import est fait.")
@click.option("--source", default="", help="Nom du logiciel d’origine.")
@click.option(
    "--colonne",
    "colonnes",
    multiple=True,
    metavar="N=CHAMP",
    help="Ce que contient la colonne N (1, 2…), quand son titre ne le dit pas. À répéter.",
)
@click.option("--appliquer", is_flag=True, help="Importer après l’essai ; sans cela, rien n’est écrit.")
@click.option("--ressemblances", is_flag=True, help="Importer aussi ceux qui ressemblent à un dossier.")
@click.option("--reprendre", metavar="IMPORT", default="", help="Poursuivre un import essayé ou arrêté.")
@click.option("--defaire", metavar="IMPORT", default="", help="Défaire un import.")
@click.option("--rapport", type=click.Path(path_type=Path, dir_okay=False), help="Où écrire le rapport (CSV).")
def importer(
    *,
    fichier: Path | None,
    donnees: Path,
    structure: str,
    compte: str,
    source: str,
    colonnes: tuple[str, ...],
    appliquer: bool,
    ressemblances: bool,
    reprendre: str,
    defaire: str,
    rapport: Path | None,
) -> int:
    """Importer une patientèle : un tableau CSV, ou des messages HL7 ADT.

    Le fichier est d’abord essayé, et le bilan affiché ; « --appliquer » écrit les dossiers. Ctrl+C arrête entre deux
    lots ; « --reprendre » continue à la ligne suivante.

    Code de sortie : 0 si tout est repris, 3 si des lignes sont à regarder, 1 en cas d’erreur.
    """
    if sum(map(bool, (fichier, reprendre, defaire))) != 1:
        raise click.UsageError("donnez un fichier, ou --reprendre, ou --defaire.")
    from opensegur.cabinet.installation import prepare

    prepare(donnees)
    from opensegur.cli.choix import compte_of, structure_of

    place, author = structure_of(structure), compte_of(compte)
    if defaire:
        return _undo(_import(place, defaire), author)
    made = _import(place, reprendre) if reprendre else _take_in(place, author, fichier, source, colonnes)
    if not reprendre:
        made = _try(made, author)
    if appliquer or reprendre:
        made = _apply(made, author, ressemblances=ressemblances)
    return _tell(made, rapport)


def _take_in(place: Structure, author: Compte, path: Path | None, source: str, colonnes: tuple[str, ...]) -> Import:
    from opensegur.cabinet.imports import fichier
    from opensegur.cabinet.imports.colonnes import missing
    from opensegur.cabinet.imports.erreurs import ImportRefuse

    assert path is not None
    made = fichier.take_in(place, author, path.name, _pieces(path), source or path.stem)
    if made.format == made.Format.CSV:
        chosen = {**made.reglages["colonnes"], **_columns(colonnes)}
        made.reglages = {**made.reglages, "colonnes": chosen}
        made.save(update_fields=["reglages"])
        if absent := missing(fichier.mapping_of(made)):
            made.delete()
            raise ImportRefuse(
                "IMPORT_COLONNES",
                f"Aucune colonne reconnue pour : {', '.join(absent)}.",
                conseil="Désignez-la, par exemple --colonne 2=nom_naissance.",
            )
    _journal(made, author, "import.deposer")
    return made


def _try(made: Import, author: Compte) -> Import:
    from opensegur.cabinet.imports import moteur

    moteur.start(made, essai=True)
    with click.progressbar(length=made.total, label="Essai ") as bar:
        return moteur.advance(made, author, progress=lambda now: bar.update(now.position - bar.pos))


def _apply(made: Import, author: Compte, *, ressemblances: bool) -> Import:
    from opensegur.cabinet.imports import moteur

    if made.etat == made.Etat.ESSAYE:
        made.ressemblances = ressemblances
        made.save(update_fields=["ressemblances"])
    if made.etat != made.Etat.EN_COURS:
        moteur.start(made, essai=False)
    _journal(made, author, "import.appliquer")
    with click.progressbar(length=made.total, label="Import") as bar:
        bar.update(made.position)
        try:
            return moteur.advance(made, author, progress=lambda now: bar.update(now.position - bar.pos))
        except KeyboardInterrupt:
            moteur.ask_to_stop(made)
            made = moteur.advance(made, author, seconds=0)
            click.echo(f"\nArrêté. Pour reprendre : --reprendre {made.pk}", err=True)
            return made


def _undo(made: Import, author: Compte) -> int:
    from opensegur.cabinet.imports import retour

    _journal(made, author, "import.defaire")
    done = retour.undo(made)
    click.echo(f"{done.retires} dossiers retirés.")
    if done.gardes:
        click.echo(f"Gardés, parce qu’ils ont servi depuis : {', '.join(f'n° {ipp}' for ipp in done.gardes)}.")
    return _WITH_REMARKS if done.gardes else 0


def _tell(made: Import, rapport: Path | None) -> int:
    from opensegur.cabinet.imports.bilan import Issue
    from opensegur.cabinet.imports.rapport import findings_of, write_report

    click.echo(f"Import {made.pk} : {made.get_etat_display()}, {made.position} lignes sur {made.total}.")
    for issue in Issue:
        if count := made.comptes.get(issue.value):
            tried = issue is Issue.CREE and made.etat == made.Etat.ESSAYE
            click.echo(f"  {count:>8} {'dossiers à créer' if tried else issue.libelle}")
    findings = findings_of(made)
    for each in findings[:_SHOWN]:
        click.echo(f"  ligne {each.ligne} : {each.message}", err=True)
    if rapport is not None:
        with rapport.open("w", encoding="utf-8", newline="") as stream:
            stream.writelines(write_report(made))
        click.echo(f"Rapport : {rapport}")
    return _WITH_REMARKS if findings.exists() else 0


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while piece := stream.read(_PIECE):
            yield piece


def _columns(texts: Iterable[str]) -> dict[str, str]:
    from opensegur.cabinet.imports.colonnes import CODES

    found = {}
    for text in texts:
        number, _, code = text.partition("=")
        if not number.isdigit() or int(number) < 1 or code not in CODES:
            raise click.UsageError(
                f"« {text} » : écrivez le numéro de la colonne, =, puis {', '.join(sorted(CODES))}."
            )
        found[str(int(number) - 1)] = code
    return found


def _import(place: Structure, reference: str) -> Import:
    from django.core.exceptions import ValidationError

    from opensegur.cabinet.imports.erreurs import ImportRefuse
    from opensegur.cabinet.imports.models import Import

    try:
        found = Import.objects.select_related("structure").filter(structure=place, pk=reference).first()
    except ValidationError:
        found = None
    if found is None:
        raise ImportRefuse("IMPORT_INCONNU", "Cet import n’existe pas.", conseil="Recopiez sa référence.")
    return found


def _journal(made: Import, author: Compte, action: str) -> None:
    from opensegur.cabinet.journal.port import record

    record(action, structure_id=made.structure_id, acteur=author.acteur, objet=f"import {made.pk}")
