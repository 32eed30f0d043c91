"""``opensegur cda``: make, check and read CDA R2 documents."""

from __future__ import annotations

import dataclasses
import json
import os
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from opensegur.foundation.errors import InvalidValue
from opensegur.foundation.ports import SystemClock

if TYPE_CHECKING:
    from opensegur.cda.document import Entete
    from opensegur.cda.document_lu import DocumentLu
    from opensegur.cda.pdf import PdfA
    from opensegur.cda.validation import Rapport
    from opensegur.foundation.acteurs import Code, Structure
    from opensegur.foundation.findings import Finding

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
    content = _read(fichier)
    body, method = (content, "texte") if plain else _convert(content, fichier, entete)
    document = build_n1(entete, body, TEXT if plain else PDF)
    _write(sortie, document)
    report = validate_document(document)
    if as_json:
        _print_json({**_summary(entete, sortie, document), "methode": method, **_report(report)})
    else:
        click.echo(f"{sortie} : document version {entete.version}, {entete.uid}, {len(document)} octets ({method}).")
        _print_findings(report.findings)
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
        _check_file(path)
    results: list[tuple[Path, Rapport]] = []
    with ControleOfficiel(schematrons) if schematrons else nullcontext() as official:
        for path in fichiers:
            data = _read(path)
            findings = validate_document(data).findings
            if official is not None:
                findings += official.judge(data).findings
            results.append((path, Rapport(findings)))
            if not as_json:
                click.echo(_verdict(*results[-1]))
                _print_findings(findings)
    if as_json:
        _print_json([{"fichier": str(path), **_report(report)} for path, report in results])
    return 0 if all(report.ok for _, report in results) else 1


@cda.command()
@click.argument("fichier", type=_FILE)
@click.option("-o", "--sortie", type=_FILE, required=True, help="Fichier XML à écrire.")
def present(fichier: Path, sortie: Path) -> None:
    """Écrire la forme auto-présentable d’un document.

    Seul un navigateur qui applique encore les feuilles XSLT la montre ; les autres n’affichent rien.
    """
    from opensegur.cda.autopresentable import self_presenting

    _write(sortie, self_presenting(_read(fichier)))
    click.echo(f"{sortie} : document auto-présentable.")


@cda.command()
@click.argument("fichier", type=_FILE)
@click.option("--extraire", type=_FILE, help="Écrire là le fichier que porte le document (corps, ou copie PDF).")
@_JSON
def read(fichier: Path, extraire: Path | None, *, as_json: bool) -> None:
    """Lire un document CDA R2 : patient, auteurs, dates, contenu."""
    from opensegur.cda.reading import read_document

    document = read_document(_read(fichier))
    if extraire is not None:
        _write(extraire, _carried(document))
    if as_json:
        _print_json(_plain(document))
    else:
        _print_document(document)


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
    author = parse_json(_read(auteur), "Auteur")
    person = professionnel_from(author)
    document_type = _type(type_code or "")
    now = SystemClock().now()
    subject = patient_from(parse_json(_read(patient), "Patient"))
    follows = next_version(read_document(_read(remplace)), document_type, subject) if remplace else None
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
        return structure_from(parse_json(_read(path), "Structure"))
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


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path) from error


def _check_file(path: Path) -> None:
    if not path.is_file() or not os.access(path, os.R_OK):
        raise _unreadable(path)


def _unreadable(path: Path) -> InvalidValue:
    return InvalidValue(
        "FICHIER_ILLISIBLE",
        f"Le fichier « {path} » est introuvable ou illisible.",
        conseil="Vérifiez le chemin et les droits de lecture.",
    )


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise InvalidValue(
            "FICHIER_ECRITURE",
            f"Le fichier « {path} » ne peut pas être écrit.",
            conseil="Vérifiez que le dossier existe et que vous pouvez y écrire.",
        ) from error


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


def _report(report: Rapport) -> dict[str, Any]:
    return {"ok": report.ok, "findings": [dataclasses.asdict(finding) for finding in report.findings]}


def _verdict(path: Path, report: Rapport) -> str:
    errors, warnings = len(report.errors), len(report.warnings)
    if not report.findings:
        return f"{path} : aucune anomalie."
    return f"{path} : {_count(errors, 'erreur')}, {_count(warnings, 'avertissement')}."


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'s' if number > 1 else ''}"


def _print_findings(findings: tuple[Finding, ...]) -> None:
    for finding in findings:
        click.echo(f"  [{finding.severity.value}] {finding.message} ({finding.rule})")
        line = f"ligne {finding.line}, " if finding.line else ""
        click.echo(f"    où : {line}{finding.path}")
        if finding.repair:
            click.echo(f"    à faire : {finding.repair}")


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_json_value))


def _json_value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _plain(value: Any) -> Any:
    """A read document as JSON: a file is told by its size, never by its bytes."""
    if isinstance(value, bytes):
        return {"octets": len(value)}
    if dataclasses.is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _print_document(document: DocumentLu) -> None:
    from opensegur.cda.rendering_header import summary

    click.echo(document.titre or "(sans titre)")
    for title, lines in summary(document):
        click.echo(f"\n{title}")
        for term, value in lines:
            click.echo(f"  {term} : {value}")
    click.echo(f"\nContenu ({document.niveau.value})")
    if document.corps is not None:
        click.echo(f"  {document.corps.media_type}, {len(document.corps.data)} octets")
    if document.copie_pdf is not None:
        click.echo(f"  copie PDF, {len(document.copie_pdf)} octets")
    for section in document.sections:
        click.echo(f"  {section.titre or '(section sans titre)'}")
