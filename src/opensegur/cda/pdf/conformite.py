"""Whether bytes are a PDF/A-1b, as findings in French (ISO 19005-1:2005 with its two corrigenda)."""

from __future__ import annotations

import io
import re
from types import ModuleType

from opensegur.foundation.errors import ConfigurationError
from opensegur.foundation.findings import Finding, Severity

try:
    from pikepdf import pdfa as _pdfa
except ImportError as _error:  # an installation without the extra « pdfa » of pikepdf
    _MISSING: ImportError | None = _error
else:
    _MISSING = None

NIVEAU = "1b"

# a clause of the standard (the longest prefix wins): what is wrong, what to do
_CLAUSES = {
    "6.1": ("La structure du fichier n’est pas celle d’un PDF/A-1", "Faites convertir le document."),
    "6.1.3": ("L’en-tête ou la fin du fichier n’est pas celle d’un PDF/A-1", "Faites convertir le document."),
    "6.1.4": (
        "La table des références n’est pas celle d’un PDF/A-1",
        "Enregistrez en version 1.4, sans compression.",
    ),
    "6.1.11": ("Le document contient des fichiers joints", "Retirez les pièces jointes du PDF."),
    "6.1.12": ("Le document dépasse une limite de PDF", "Simplifiez le document."),
    "6.1.13": ("Le document contient des calques facultatifs", "Aplatissez les calques."),
    "6.2": ("Une couleur ou une image dépend de l’appareil qui l’affiche", "Convertissez les couleurs en sRGB."),
    "6.2.2": ("Le profil de couleur de sortie manque ou n’est pas valable", "Ajoutez un profil sRGB."),
    "6.3": ("Une police est absente ou incomplète", "Incorporez toutes les polices dans le PDF."),
    "6.4": ("Le document utilise de la transparence", "Aplatissez la transparence."),
    "6.5": ("Une annotation n’est pas admise", "Aplatissez ou retirez les annotations."),
    "6.6": ("Le document contient une action ou un script", "Retirez les actions et les scripts."),
    "6.7": ("Les métadonnées ne sont pas celles d’un PDF/A-1", "Enregistrez en déclarant PDF/A-1b."),
    "6.9": ("Un formulaire n’est pas admis", "Aplatissez le formulaire."),
}
_OTHER = ("Une construction de ce PDF n’est pas admise", "Faites convertir le document.")
_UNCHECKED = ("Une construction de ce PDF n’a pas pu être vérifiée", "Faites convertir le document.")
_UNREADABLE = ("Le fichier n’est pas un PDF lisible", "Demandez-en un nouvel exemplaire.")

_RULE_CLAUSE = re.compile(r":(6(?:\.\d+)+)")
_PLACE = re.compile(r"obj \d+ \d+|page \d+|trailer|\([A-Za-z]+\)|(?<= )/[A-Za-z]+")
_TAIL = re.compile(rb"%%EOF(?:\r\n|\r|\n)?\Z")


def check_pdfa(data: bytes) -> list[Finding]:
    """What keeps ``data`` from being a PDF/A-1b; empty when it is one.

    An allow-list stands behind it: it may doubt a valid file (severity AVERTISSEMENT, construction not checked), but
    does not approve an invalid one. No finding repeats a value of the document. Raises ``ConfigurationError``
    PDF_VALIDATEUR_ABSENT on an incomplete installation.
    """
    findings = _boundaries(data)
    if findings:
        return findings
    with io.BytesIO(data) as stream:
        report = validator().validate_written(stream, NIVEAU)
    return list(dict.fromkeys(_finding(found.rule, found.where, found.kind) for found in report.findings))


def validator() -> ModuleType:
    """The module that checks and repairs PDF/A."""
    if _MISSING is not None:
        raise ConfigurationError(
            "PDF_VALIDATEUR_ABSENT",
            "Le vérificateur de PDF/A n’est pas installé.",
            conseil="Réinstallez OpenSégur avec toutes ses dépendances (pikepdf[pdfa]).",
            detail=str(_MISSING),
        ) from _MISSING
    return _pdfa


def _boundaries(data: bytes) -> list[Finding]:
    # bytes before the header or after the end hide another file (a polyglot) from whoever reads only the PDF
    findings = []
    if not data.startswith(b"%PDF-"):
        findings.append(_of_clause("6.1.2", "Le fichier ne commence pas par un en-tête PDF", "début du fichier"))
    if not _TAIL.search(data[-16:]):
        findings.append(_of_clause("6.1.3", "Des octets suivent la fin du PDF, ou elle manque", "fin du fichier"))
    return findings


def _of_clause(clause: str, message: str, path: str) -> Finding:
    return Finding(
        rule=f"PDFA1/{clause}",
        message=f"{message}.",
        path=path,
        repair="Faites convertir le document.",
        source=f"ISO 19005-1 §{clause}",
    )


def _finding(rule: str, where: str, kind: str) -> Finding:
    found = _RULE_CLAUSE.search(rule)
    clause = found.group(1) if found else ""
    if rule == "pikepdf:internal":
        message, repair = _UNREADABLE
    elif clause:
        message, repair = _sentences(clause)
    else:
        message, repair = _UNCHECKED if kind == "unsupported" else _OTHER
    unchecked = kind == "unsupported" and rule != "pikepdf:internal"
    return Finding(
        rule=f"PDFA1/{clause}" if clause else f"PDFA1/{rule.removeprefix('pikepdf:')}",
        message=f"{message}.",
        path=" ".join(_PLACE.findall(where)),
        repair=repair,
        source=f"ISO 19005-1 §{clause}" if clause else "ISO 19005-1",
        severity=Severity.WARNING if unchecked else Severity.ERROR,
    )


def _sentences(clause: str) -> tuple[str, str]:
    parts = clause.split(".")
    while parts:
        if found := _CLAUSES.get(".".join(parts)):
            return found
        parts.pop()
    return _OTHER
