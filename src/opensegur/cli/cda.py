"""``opensegur cda``: make, check and read CDA R2 documents."""

from __future__ import annotations

import json
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from opensegur.cli.cda_affichage import plain, print_document, print_findings, print_json, report_data, verdict
from opensegur.cli.fichiers import check_file, read_file, write_file
from opensegur.foundation.errors import InvalidValue
from opensegur.foundation.ports import SystemClock

if TYPE_CHECKING:
    from opensegur.cda.document import Entete
    from opensegur.cda.document_lu import DocumentLu
    from opensegur.cda.pdf import PdfA
    from opensegur.cda.validation import Rapport
    from opensegur.foundation.acteurs import Code, Structure

_FILE = click.Path(path_type=Path)
_JSON = click.option("--json", "as_json", is_flag=True, help="Sortie lisible par un programme.")


@click.group()
def cda() -> None:
    """Faire, contrôler et lire des documents CDA R2."""


@cda.command()
@click.argument("fichier", type=_FILE, required=False)
@click.option("--patient", type=_FILE, help="Fichier JSON du patient.")
@click.option("--author", "auteur", type=_FILE, help="Fichier JSON de l’auteur, qui peut contenir sa structure.")
@click.option("--structure", type=_FILE, help="Fichier JSON de la structure, si elle n’est pas dans --author.")
@click.option("--type", "type_code", help="Type du document, un code de JDV_J07 (par exemple 11488-4).")
@click.option("--title", "titre", help="Titre du document.")
@click.option("-o", "--sortie", type=_FILE, help="Fichier XML à écrire.")
@click.option("--date", "moment", help="Date de l’acte, AAAA-MM-JJThh:mm:ss+hh:mm (maintenant par défaut).")
@click.option("--replace", "remplace", type=_FILE, help="Document XML que celui-ci remplace.")
@click.option("--uid", default="", help="OID du document (un nouveau par défaut).")
@click.option("--confidentialite", default="N", show_default=True, help="N, R ou V.")
@click.option("--texte", "plain", is_flag=True, help="Garder un texte brut tel quel, sans en faire un PDF.")
@click.option("--example", is_flag=True, help="Montrer un exemple des fichiers JSON, et s’arrêter.")
@_JSON
def wrap(
    *, example: bool, as_json: bool, sortie: Path | None, fichier: Path | None, plain: bool, **options: Any
) -> int:
    """Envelopper FICHIER (PDF, JPEG, TIFF, RTF ou texte) dans un document CDA R2 de niveau 1.

    Le fichier devient un PDF/A-1. Sans --replace, le document est une version 1.
    """
    from opensegur.cda.n1 import PDF, TEXT, build_n1
    from opensegur.cda.saisie import EXEMPLES
    from opensegur.cda.validation import validate_document

    if example:
        click.echo(json.dumps(EXEMPLES, ensure_ascii=False, indent=2))
        return 0
    if fichier is None:
        raise _missing("FICHIER")
    if sortie is None:
        raise _missing("--sortie")
    entete = _header(**options)
    content = read_file(fichier)
    body, method = (content, "texte") if plain else _convert(content, fichier, entete)
    document = build_n1(entete, body, TEXT if plain else PDF)
    write_file(sortie, document)
    report = validate_document(document)
    if as_json:
        print_json({**_summary(entete, sortie, document), "methode": method, **report_data(report)})
    else:
        click.echo(f"{sortie} : document version {entete.version}, {entete.uid}, {len(document)} octets ({method}).")
        print_findings(report.findings)
    return 0 if report.ok else 1


@cda.command()
@click.argument("fichiers", type=_FILE, nargs=-1, required=True, metavar="FICHIER…")
@click.option(
    "--schematrons",
    type=_FILE,
    metavar="DOSSIER",
    help="Dossier de l’outil TestContenuCDA de l’ANS, pour ses contrôles aussi.",
)
@_JSON
def validate(fichiers: tuple[Path, ...], schematrons: Path | None, *, as_json: bool) -> int:
    """Contrôler des documents CDA R2 : entête, corps, jeux de valeurs, clés, fichiers joints.

    Code de sortie : 0 si aucun n’a d’erreur, 1 sinon.
    """
    from opensegur.cda.officiel_processus import ControleOfficiel
    from opensegur.cda.validation import Rapport, validate_document

    for path in fichiers:  # a slip in the last name is said before minutes of checks
        check_file(path)
    results: list[tuple[Path, Rapport]] = []
    with ControleOfficiel(schematrons) if schematrons else nullcontext() as official:
        for path in fichiers:
            data = read_file(path)
            findings = validate_document(data).findings
            if official is not None:
                findings += official.judge(data).findings
            results.append((path, Rapport(findings)))
            if not as_json:
                click.echo(verdict(*results[-1]))
                print_findings(findings)
    if as_json:
        print_json([{"fichier": str(path), **report_data(report)} for path, report in results])
    return 0 if all(report.ok for _, report in results) else 1


@cda.command()
@click.argument("fichier", type=_FILE)
@click.option("-o", "--sortie", type=_FILE, required=True, help="Fichier XML à écrire.")
def present(fichier: Path, sortie: Path) -> None:
    """Écrire la forme auto-présentable d’un document.

    Seul un navigateur qui applique encore les feuilles XSLT la montre ; les autres n’affichent rien.
    """
    from opensegur.cda.autopresentable import self_presenting

    write_file(sortie, self_presenting(read_file(fichier)))
    click.echo(f"{sortie} : document auto-présentable.")


@cda.command()
@click.argument("fichier", type=_FILE)
@_JSON
def items(fichier: Path, *, as_json: bool) -> None:
    """Donner un par un les problèmes, allergies, traitements, vaccins, actes et résultats d’un document structuré."""
    from opensegur.cda.locate import clinical_document
    from opensegur.cda.n3.reprise import offered

    found = offered(clinical_document(read_file(fichier)))
    if as_json:
        print_json(
            [
                {
                    "rubrique": each.rubrique,
                    "libelle": each.libelle,
                    "codes": [{"code": code, "system": system} for system, code in sorted(each.codes)],
                    "details": {name: said for name, said in each.details if said},
                }
                for each in found
            ]
        )
        return
    for each in found:
        told = ", ".join(f"{name} : {said}" for name, said in each.details if said)
        click.echo(f"{each.rubrique} : {each.libelle}" + (f" ({told})" if told else ""))
    if not found:
        click.echo("Ce document n’a rien de structuré à reprendre.")


@cda.command()
@click.argument("fichier", type=_FILE)
@click.option("--extraire", type=_FILE, help="Écrire là le fichier que porte le document (corps, ou copie PDF).")
@_JSON
def read(fichier: Path, extraire: Path | None, *, as_json: bool) -> None:
    """Lire un document CDA R2 : patient, auteurs, dates, contenu."""
    from opensegur.cda.reading import read_document

    document = read_document(read_file(fichier))
    if extraire is not None:
        write_file(extraire, _carried(document))
    if as_json:
        print_json(plain(document))
    else:
        print_document(document)


def _header(
    *,
    patient: Path | None,
    auteur: Path | None,
    structure: Path | None,
    type_code: str | None,
    titre: str | None,
    moment: str | None,
    remplace: Path | None,
    uid: str,
    confidentialite: str,
) -> Entete:
    from opensegur.cda.document import Entete
    from opensegur.cda.reading import read_document
    from opensegur.cda.saisie import parse_json, patient_from, professionnel_from
    from opensegur.cda.versions import next_version
    from opensegur.foundation.identifiers import new_oid

    for value, name in ((patient, "--patient"), (auteur, "--author"), (type_code, "--type"), (titre, "--title")):
        if value is None:
            raise _missing(name)
    assert patient is not None
    assert auteur is not None
    author = parse_json(read_file(auteur), "Auteur")
    person = professionnel_from(author)
    document_type = _type(type_code or "")
    now = SystemClock().now()
    subject = patient_from(parse_json(read_file(patient), "Patient"))
    follows = next_version(read_document(read_file(remplace)), document_type, subject) if remplace else None
    return Entete(
        uid=uid or new_oid(),
        set_id=follows.set_id if follows else new_oid(),
        version=follows.version if follows else 1,
        type=document_type,
        titre=titre or "",
        created_at=now,
        patient=subject,
        auteur=person,
        structure=_structure(structure, author.get("structure")),
        responsable=person,
        acte_debut=_moment(moment) if moment else now,
        remplace=follows.remplace if follows else None,
        confidentialite=confidentialite,
    )


def _type(code: str) -> Code:
    from opensegur.cda.checks import concept_of
    from opensegur.foundation.acteurs import Code

    concept = concept_of("JDV_J07", code, quoi="Type de document")
    return Code(concept.code, concept.system, concept.label)


def _structure(path: Path | None, inside: dict[str, Any] | None) -> Structure:
    from opensegur.cda.saisie import parse_json, structure_from

    if path is not None:
        return structure_from(parse_json(read_file(path), "Structure"))
    if inside is None:
        raise _missing("--structure")
    return structure_from(inside)


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise InvalidValue(
            "CDA_DATE",
            "La date de l’acte n’est pas lisible.",
            conseil="Écrivez-la avec son fuseau, par exemple 2026-11-25T10:30:00+01:00.",
        ) from None


def _convert(content: bytes, path: Path, entete: Entete) -> tuple[bytes, str]:
    from opensegur.cda.pdf import to_pdfa

    made: PdfA = to_pdfa(content, name=path.name, title=entete.titre)
    return made.data, f"PDF/A-1, {made.method}"


def _carried(document: DocumentLu) -> bytes:
    data = document.corps.data if document.corps else document.copie_pdf
    if not data:
        raise InvalidValue(
            "CDA_SANS_FICHIER",
            "Ce document ne porte pas de fichier lisible.",
            conseil="Un document structuré sans copie PDF se lit sans --extraire.",
        )
    return data


def _missing(name: str) -> click.UsageError:
    return click.UsageError(f"il manque {name}.", click.get_current_context())


def _summary(entete: Entete, path: Path, document: bytes) -> dict[str, Any]:
    return {
        "fichier": str(path),
        "uid": entete.uid,
        "set_id": entete.set_id,
        "version": entete.version,
        "remplace": entete.remplace.uid if entete.remplace else None,
        "octets": len(document),
    }
