"""The codes of a picture or of a page: read by zxing-cpp, whatever they are."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
import zxingcpp
from PIL import Image, UnidentifiedImageError

from opensegur.foundation.errors import RefusedInput

MAX_BYTES = 25_000_000
MAX_PIXELS = 60_000_000
PAGES = 5
_RESOLUTIONS = (200, 300)
_POINTS_PER_INCH = 72
_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP")
_CODES = zxingcpp.BarcodeFormats([zxingcpp.DataMatrix, zxingcpp.QRCode])


@dataclass(frozen=True, slots=True, repr=False)
class Symbole:
    """A code that was read: ``texte`` keeps its separators (ASCII 29); ``page`` counts from 1."""

    texte: str
    genre: str
    page: int = 1

    def __repr__(self) -> str:
        return f"Symbole(genre={self.genre!r}, page={self.page})"


def read_symbols(data: bytes) -> tuple[Symbole, ...]:
    """The Data Matrix and QR codes of a picture (PNG, JPEG, TIFF…) or of the first pages of a PDF.

    Raises ``RefusedInput``: CODE_TAILLE, CODE_IMAGE, CODE_PDF.
    """
    if len(data) > MAX_BYTES:
        raise RefusedInput(
            "CODE_TAILLE", "Ce fichier est trop gros pour y chercher un code.", conseil="Déposez la page seule."
        )
    found = _pdf(data) if data.lstrip()[:5] == b"%PDF-" else _picture(data)
    return tuple(dict.fromkeys(found))


def read_pixels(image: Image.Image, *, page: int = 1) -> tuple[Symbole, ...]:
    """The codes of a picture already open."""
    grey = image.convert("L")
    return tuple(
        Symbole(bytes(each.bytes).decode("utf-8", errors="replace"), str(each.format.name), page)
        for each in zxingcpp.read_barcodes(grey, formats=_CODES, text_mode=zxingcpp.TextMode.Plain)
    )


def _picture(data: bytes) -> Iterator[Symbole]:
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            for index in range(min(PAGES, getattr(image, "n_frames", 1))):
                image.seek(index)
                if image.width * image.height > MAX_PIXELS:
                    raise _refused_picture()
                yield from read_pixels(image, page=index + 1)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise _refused_picture() from error


def _pdf(data: bytes) -> Iterator[Symbole]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise RefusedInput(
            "CODE_PDF",
            "Ce PDF ne s’ouvre pas.",
            conseil="Vérifiez qu’il n’a pas de mot de passe, ou scannez la page.",
        ) from error
    try:
        for index in range(min(PAGES, len(document))):
            yield from _page(document[index], index + 1)
    except pypdfium2.PdfiumError as error:
        raise RefusedInput("CODE_PDF", "Une page de ce PDF ne s’ouvre pas.", conseil="Scannez la page.") from error
    finally:
        document.close()


def _page(page: pypdfium2.PdfPage, number: int) -> tuple[Symbole, ...]:
    """A second look, finer, at a page where nothing was found."""
    width, height = page.get_size()
    for resolution in _RESOLUTIONS:
        scale = resolution / _POINTS_PER_INCH
        if width * height * scale * scale > MAX_PIXELS:
            return ()
        if found := read_pixels(page.render(scale=scale, grayscale=True).to_pil(), page=number):
            return found
    return ()


def _refused_picture() -> RefusedInput:
    return RefusedInput(
        "CODE_IMAGE",
        "Ce fichier n’est pas une image lisible.",
        conseil="Déposez une image PNG, JPEG ou TIFF, ou un PDF.",
    )
