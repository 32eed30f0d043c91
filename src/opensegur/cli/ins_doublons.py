"""``opensegur ins duplicates``: the records of a file, or of the whole base, that are one person's."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from opensegur.cabinet.doublons.models import Recherche
    from opensegur.ins.doublons import Avancee, Fiche, Trouvee

_FOUND = 3
_PIECE = 1_000_000
_SHOWN = 30
_BAR = 100
_READING = 30
# what the import knows of a table, and what the comparison calls it; addresses are compared, never imported
_COLUMNS: Final[Mapping[str, str]] = {
    "externe": "id",
    "nom_naissance": "nom_naissance",
    "nom": "nom_naissance",
    "premier_prenom": "premier_prenom",
    "prenoms": "prenoms",
    "nom_utilise": "nom_utilise",
    "date_naissance": "date_naissance",
    "sexe": "sexe",
    "lieu_naissance": "lieu_naissance",
    "matricule": "matricule",
}
_ADDRESSES: Final = ("adresse", "code_postal", "commune", "telephone")


@click.command("duplicates")
@click.argument("fichier", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--base", is_flag=True, help="Chercher dans la base du cabinet (avec --donnees), et y noter les paires."
)
@click.option(
    "--donnees", type=click.Path(path_type=Path, exists=True, file_okay=False), help="Dossier des données du cabinet."
)
@click.option("--structure", default="", help="Identifiant national de la structure (inutile s’il n’y en a qu’une).")
@click.option("--compte", default="", help="Identifiant du compte au nom duquel la base est comparée.")
@click.option(
    "--seuil",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.02,
    show_default=True,
    help="Probabilité à partir de laquelle une paire est donnée.",
)
@click.option("--sortie", type=click.Path(path_type=Path, dir_okay=False), help="Où écrire toutes les paires (CSV).")
@click.option("--json", "as_json", is_flag=True, help="Sortie lisible par un programme.")
def duplicates(
    *,
    fichier: Path | None,
    base: bool,
    donnees: Path | None,
    structure: str,
    compte: str,
    seuil: float,
    sortie: Path | None,
    as_json: bool,
) -> int:
    """Chercher les doublons d’un tableau CSV, ou de toute la base du cabinet.

    Un tableau a une ligne de titres : nom de naissance, prénom, date de naissance, et si possible sexe, lieu de
    naissance (code officiel géographique), prénoms, nom utilisé, matricule, adresse, code postal, commune, téléphone.
    Rien n’est écrit ni envoyé ; les paires portent les numéros des lignes.

    Code de sortie : 0 s’il n’y en a pas, 3 s’il y en a, 1 en cas d’erreur.
    """
    if base == (fichier is not None):
        raise click.UsageError("donnez un fichier, ou --base.")
    if base:
        if donnees is None or not compte:
            raise click.UsageError("--base demande --donnees et --compte.")
        return _in_base(donnees, structure, compte, as_json=as_json)
    assert fichier is not None
    return _in_file(fichier, seuil, sortie, as_json=as_json)


def _in_file(path: Path, seuil: float, sortie: Path | None, *, as_json: bool) -> int:
    from opensegur.ins.doublons import MoteurDuckDB, find_duplicates, modele_francais

    lines: list[tuple[int, str]] = []
    with click.progressbar(length=_BAR, label="Doublons", file=sys.stderr) as bar:

        def advance(avancee: Avancee) -> None:
            done = _READING + (_BAR - _READING) * avancee.tranche // avancee.tranches if avancee.tranches else 1
            bar.update(done - bar.pos)

        found = find_duplicates(_records(path, lines), modele_francais(), MoteurDuckDB(), seuil=seuil, suivre=advance)
    rows = [_row(each, lines) for each in found]
    if sortie is not None:
        with sortie.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, delimiter=";", lineterminator="\n")
            writer.writerow(["ligne_a", "ligne_b", "id_a", "id_b", "probabilite", "raisons"])
            writer.writerows(
                [a["ligne"], b["ligne"], a["id"], b["id"], chance, " ; ".join(raisons)]
                for a, b, chance, raisons in rows
            )
    if as_json:
        pairs = [{"a": a, "b": b, "probabilite": chance, "raisons": raisons} for a, b, chance, raisons in rows]
        click.echo(json.dumps({"fiches": len(lines), "paires": pairs}, ensure_ascii=False))
    else:
        _tell(rows, len(lines), sortie)
    return _FOUND if rows else 0


Side = Mapping[str, int | str]
Row = tuple[Side, Side, float, tuple[str, ...]]


def _row(found: Trouvee, lines: list[tuple[int, str]]) -> Row:
    from opensegur.ins.doublons import modele_francais

    (line_a, key_a), (line_b, key_b) = lines[found.a], lines[found.b]
    a: Side = {"ligne": line_a, "id": key_a}
    b: Side = {"ligne": line_b, "id": key_b}
    return a, b, round(found.verdict.probabilite, 4), modele_francais().reasons(found.verdict.niveaux)


def _tell(rows: list[Row], records: int, sortie: Path | None) -> None:
    click.echo(f"{_count(len(rows), 'paire')} parmi {_count(records, 'fiche')}.")
    for a, b, chance, raisons in rows[:_SHOWN]:
        said = ", ".join(raisons) or "mêmes traits"
        click.echo(f"  lignes {a['ligne']} et {b['ligne']} ({_name(a)}, {_name(b)}) : {_percent(chance)}, {said}")
    if len(rows) > _SHOWN and sortie is None:
        click.echo(f"  … et {len(rows) - _SHOWN} autres : --sortie les écrit toutes.")
    if sortie is not None:
        click.echo(f"Paires : {sortie}")


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number > 1 else ''}"


def _percent(chance: float) -> str:
    return f"{100 * chance:.1f} %".replace(".", ",")


def _name(side: Side) -> str:
    return f"n° {side['id']}" if side["id"] else "sans numéro"


def _records(path: Path, lines: list[tuple[int, str]]) -> Iterator[Fiche]:
    """The records of a table; ``lines`` receives the line and the key of each."""
    from opensegur.cabinet.imports.colonnes import missing, propose
    from opensegur.cabinet.imports.erreurs import FichierRefuse
    from opensegur.cabinet.imports.tableau import detect_form, rows
    from opensegur.ins.doublons import Fiche
    from opensegur.nomenclature.words import words

    form = detect_form(_pieces(path))
    table = rows(_pieces(path), form)
    titles = next(table).cases
    found = propose(titles)
    if absent := missing(found):
        raise FichierRefuse(
            "IMPORT_COLONNES",
            f"Aucune colonne reconnue pour : {', '.join(absent)}.",
            conseil="Nommez-la ainsi dans la première ligne du tableau.",
        )
    places = {_COLUMNS[code]: place for place, code in found.items() if code in _COLUMNS}
    plain = ["_".join(words(title)) for title in titles]
    places |= {name: plain.index(name) for name in _ADDRESSES if name in plain}
    for rangee in table:
        cells = {name: rangee.cases[place] for name, place in places.items() if place < len(rangee.cases)}
        lines.append((rangee.ligne, cells.get("id", "")))
        yield Fiche(
            **{"id": "", "nom_naissance": "", "premier_prenom": "", "date_naissance": "", **cells},
        )


def _pieces(path: Path) -> Iterable[bytes]:
    with path.open("rb") as stream:
        while piece := stream.read(_PIECE):
            yield piece


def _in_base(donnees: Path, structure: str, compte: str, *, as_json: bool) -> int:
    from opensegur.cabinet.installation import prepare

    prepare(donnees)
    from opensegur.cabinet.doublons.base_entiere import ask, claim_this, run
    from opensegur.cabinet.journal.port import record
    from opensegur.cli.choix import compte_of, structure_of

    place, author = structure_of(structure), compte_of(compte)
    made = claim_this(ask(place, author))
    record("doublons.rechercher", structure_id=place.pk, acteur=author.acteur, objet=str(made))
    with click.progressbar(length=_BAR, label="Doublons", file=sys.stderr) as bar:

        def advance(now: Recherche) -> None:
            bar.update(now.part - bar.pos)

        try:
            made = run(made, suivre=advance)
        except KeyboardInterrupt:
            click.echo("\nArrêté : rien n’est noté.", err=True)
            return 1
    if as_json:
        figures = {"fiches": made.fiches, "paires": made.trouvees, "nouvelles": made.nouvelles, "etat": made.etat}
        click.echo(json.dumps(figures))
    elif made.etat == made.Etat.FAITE:
        pairs, new = _count(made.trouvees, "paire"), _count(made.nouvelles, "nouvelle")
        click.echo(f"{_count(made.fiches, 'dossier')} lus, {pairs}, dont {new}.")
        click.echo("À faire : Identités, Doublons, dans le cabinet.")
    else:
        click.echo(f"{made.get_etat_display().capitalize()}. {made.echec}".strip(), err=True)
    if made.etat != made.Etat.FAITE:
        return 1
    return _FOUND if made.trouvees else 0
