"""A CDA that came from elsewhere made ready for reading."""

from __future__ import annotations

from dataclasses import dataclass

from opensegur.cabinet.documents.apercu import Apercu, preview
from opensegur.cda.document_lu import DocumentLu
from opensegur.cda.reading import read_document
from opensegur.cda.rendering import render_html

_PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Lecture:
    """``html`` is our own safe rendering; ``apercu`` the pages of the PDF that the document carries, if any."""

    document: DocumentLu
    html: str
    apercu: Apercu | None


def prepare(data: bytes) -> Lecture:
    """Raises ``RefusedInput`` when the bytes are no CDA document."""
    document = read_document(data)
    pdf = document.copie_pdf
    if document.corps is not None and document.corps.media_type == _PDF and not document.corps.illisible:
        pdf = document.corps.data
    return Lecture(document, render_html(data), preview(pdf) if pdf else None)
