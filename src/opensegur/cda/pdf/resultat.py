"""What a conversion gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from opensegur.cda.pdf.formats import Format
from opensegur.foundation.findings import Finding, Severity


class Methode(StrEnum):
    """By which road a file became a PDF/A-1."""

    CONSERVE = "conserve"
    """It was one: kept byte for byte."""
    REPARE = "repare"
    """Structure and metadata mended; the content of the pages is untouched."""
    GHOSTSCRIPT = "ghostscript"
    """Written again by Ghostscript: fonts embedded, transparency flattened."""
    PIXELS = "pixels"
    """Each page is now an image, under which its text stays selectable."""
    IMAGE = "image"
    """Each image was laid on an A4 page."""
    COMPOSE = "compose"
    """The text was typeset."""
    LIBREOFFICE = "libreoffice"
    """LibreOffice laid the document out."""


@dataclass(frozen=True, slots=True)
class PdfA:
    """A PDF/A-1b that ``check_pdfa`` approved.

    ``format`` is what came in, ``method`` how it was converted, ``pages`` how many there are; ``findings`` says what
    the reader should know (content removed, characters replaced), as warnings.
    """

    data: bytes = field(repr=False)
    format: Format
    method: Methode
    pages: int
    findings: tuple[Finding, ...] = ()

    @property
    def origin(self) -> str:
        """The media type of what came in."""
        return self.format.media_type


def warning(rule: str, message: str, repair: str = "") -> Finding:
    return Finding(rule=rule, message=message, repair=repair, severity=Severity.WARNING)
