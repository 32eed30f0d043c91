"""What ``opensegur cda`` prints: findings, a document, JSON."""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from opensegur.cda.document_lu import DocumentLu
    from opensegur.cda.validation import Rapport
    from opensegur.foundation.findings import Finding


def report_data(report: Rapport) -> dict[str, Any]:
    return {"ok": report.ok, "findings": [dataclasses.asdict(finding) for finding in report.findings]}


def verdict(path: Path, report: Rapport) -> str:
    errors, warnings = len(report.errors), len(report.warnings)
    if not report.findings:
        return f"{path} : aucune anomalie."
    return f"{path} : {_count(errors, 'erreur')}, {_count(warnings, 'avertissement')}."


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'s' if number > 1 else ''}"


def print_findings(findings: tuple[Finding, ...]) -> None:
    for finding in findings:
        click.echo(f"  [{finding.severity.value}] {finding.message} ({finding.rule})")
        line = f"ligne {finding.line}, " if finding.line else ""
        click.echo(f"    où : {line}{finding.path}")
        if finding.repair:
            click.echo(f"    à faire : {finding.repair}")


def print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_json_value))


def _json_value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def plain(value: Any) -> Any:
    """A read document as JSON: a file is told by its size, never by its bytes."""
    if isinstance(value, bytes):
        return {"octets": len(value)}
    if dataclasses.is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return [plain(item) for item in value] if isinstance(value, tuple) else value


def print_document(document: DocumentLu) -> None:
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
