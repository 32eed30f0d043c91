"""Pages of a PDF as images: what the browser gets can run nothing, whatever the file held."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass

import pypdfium2

from opensegur.foundation.errors import RefusedInput

_DPI = 110
_MAX_PAGES = 12
_MAX_PIXELS = 4_000_000


@dataclass(frozen=True, slots=True)
class Apercu:
    """``images``: data URIs of the first pages; ``pages``: how many the file has."""

    images: tuple[str, ...]
    pages: int

    @property
    def restantes(self) -> int:
        return self.pages - len(self.images)


def preview(pdf: bytes) -> Apercu:
    """Raises ``RefusedInput`` PDF_ILLISIBLE."""
    try:
        document = pypdfium2.PdfDocument(pdf)
        try:
            pages = len(document)
            images = tuple(_image(document[number]) for number in range(min(pages, _MAX_PAGES)))
        finally:
            document.close()
    except pypdfium2.PdfiumError as error:
        raise RefusedInput(
            "PDF_ILLISIBLE",
            "Ce document PDF ne peut pas être affiché.",
            conseil="Téléchargez-le pour l’ouvrir avec un autre logiciel.",
        ) from error
    return Apercu(images, pages)


def _image(page: pypdfium2.PdfPage) -> str:
    width, height = page.get_size()
    scale = min(_DPI / 72, (_MAX_PIXELS / max(width * height, 1)) ** 0.5)
    buffer = io.BytesIO()
    page.render(scale=scale).to_pil().convert("RGB").save(buffer, "JPEG", quality=82)
    page.close()
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
