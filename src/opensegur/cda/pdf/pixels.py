"""The last resort for a PDF: each page drawn as an image, with its text invisible under it, still selectable."""

from __future__ import annotations

import io
import math
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
from fpdf import FPDF
from fpdf.enums import TextMode
from PIL import Image, ImageChops

from opensegur.cda.pdf.document import FONT, composing, known_characters
from opensegur.cda.pdf.images import smallest
from opensegur.cda.pdf.limites import LimitesPdf
from opensegur.cda.pdf.refus import refusal
from opensegur.cda.pdf.texte import clean_text

_PDFIUM = threading.Lock()  # pdfium keeps global state: one thread at a time
_POINTS_PER_INCH = 72
_MM_PER_POINT = 25.4 / 72
_MAX_SIDE = 14400.0  # points: the largest page of PDF 1.4
_MIN_SIDE = 3.0
_PAGE_PIXELS = 12_000_000  # an A2 sheet at 180 dpi
_BASELINE = 0.22  # of a line's height, under which letters hang
_BROKEN = (pypdfium2.PdfiumError, ValueError, RuntimeError, MemoryError, OSError, OverflowError)


@dataclass(frozen=True, slots=True)
class Mot:
    """A run of text and its box on the displayed page, in points from the top left corner."""

    texte: str
    gauche: float
    haut: float
    largeur: float
    hauteur: float


@dataclass(frozen=True, slots=True)
class Planche:
    """A drawn page: its size in points, its image and its text."""

    largeur: float
    hauteur: float
    image: Image.Image
    mots: tuple[Mot, ...]


def draw_pdf(data: bytes, limits: LimitesPdf, *, title: str = "") -> bytes:
    """A PDF whose pages are images of those of ``data``, with a layer of invisible text.

    Raises ``RefusedInput``: PDF_ABIME, TROP_DE_PAGES, PDFA_IMPOSSIBLE when it takes too long.
    """
    with composing(title=title) as document:
        document.set_auto_page_break(auto=False)
        document.set_margin(0)
        for planche in draw_pages(data, limits):
            _add_page(document, planche)
        return bytes(document.output())


def draw_pages(data: bytes, limits: LimitesPdf) -> Iterator[Planche]:
    """Each page of ``data`` as it is displayed, at ``limits.dpi`` or less where the page is huge."""
    end = time.monotonic() + limits.seconds
    with _PDFIUM:
        try:
            with pypdfium2.PdfDocument(data) as pdf:
                limits.check_pages(len(pdf))
                for index in range(len(pdf)):
                    if time.monotonic() > end:
                        raise refusal("PDFA_IMPOSSIBLE", f"too long after {index} pages")
                    yield _draw(pdf[index], limits)
        except _BROKEN as error:
            raise refusal("PDF_ABIME", type(error).__name__) from error


def count_letters(data: bytes) -> int:
    """How many letters can be selected in a PDF. Raises ``RefusedInput`` PDF_ABIME."""
    total = 0
    with _PDFIUM:
        try:
            with pypdfium2.PdfDocument(data) as pdf:
                for page in pdf:
                    textpage = page.get_textpage()
                    total += len("".join(textpage.get_text_range().split()))
                    textpage.close()
                    page.close()
        except _BROKEN as error:
            raise refusal("PDF_ABIME", type(error).__name__) from error
    return total


def _draw(page: pypdfium2.PdfPage, limits: LimitesPdf) -> Planche:
    width, height = page.get_size()
    if not (math.isfinite(width) and math.isfinite(height)) or min(width, height) <= 0:
        raise refusal("PDF_ABIME", "page without a size")
    # a PDF page is at most 200 inches wide and at least 3 points: the rest is drawn to fit
    shrink = min(1.0, _MAX_SIDE / max(width, height))
    largeur, hauteur = max(width * shrink, _MIN_SIDE), max(height * shrink, _MIN_SIDE)
    scale = min(limits.dpi / _POINTS_PER_INCH, math.sqrt(min(limits.max_pixels, _PAGE_PIXELS) / (width * height)))
    scale = max(scale, 1 / min(width, height))
    bitmap = page.render(scale=scale, rev_byteorder=True)
    image = _fewest_channels(bitmap.to_pil().convert("RGB"))
    mots = tuple(_words(page, bitmap, largeur / image.width, hauteur / image.height))
    bitmap.close()
    page.close()
    return Planche(largeur, hauteur, image, mots)


def _fewest_channels(image: Image.Image) -> Image.Image:
    red, green, blue = image.split()
    spread = max(ImageChops.difference(one, red).getextrema()[1] for one in (green, blue))
    return red if not spread else image


def _words(page: pypdfium2.PdfPage, bitmap: pypdfium2.PdfBitmap, across: float, down: float) -> Iterator[Mot]:
    known = known_characters()
    place = bitmap.get_posconv(page)
    textpage = page.get_textpage()
    for index in range(textpage.count_rects()):
        left, bottom, right, top = textpage.get_rect(index)
        found = clean_text(textpage.get_text_bounded(left, bottom, right, top))
        texte = "".join(letter for letter in " ".join(found.split()) if ord(letter) in known)
        if texte:
            (x0, y0), (x1, y1) = place.to_bitmap(left, top), place.to_bitmap(right, bottom)
            x, y = min(x0, x1) * across, min(y0, y1) * down
            yield Mot(texte, x, y, max(abs(x1 - x0) * across, 1.0), max(abs(y1 - y0) * down, 1.0))
    textpage.close()


def _add_page(document: FPDF, planche: Planche) -> None:
    width, height = planche.largeur * _MM_PER_POINT, planche.hauteur * _MM_PER_POINT
    document.add_page(orientation="P", format=(width, height))
    source = smallest(planche.image)
    document.image(io.BytesIO(source) if isinstance(source, bytes) else source, x=0, y=0, w=width, h=height)
    with document.local_context(text_mode=TextMode.INVISIBLE):
        for mot in planche.mots:
            document.set_font(FONT, size=min(max(mot.hauteur, 1.0), 400.0))
            document.set_stretching(100)
            natural = document.get_string_width(mot.texte)
            if natural > 0:
                document.set_stretching(min(max(100 * mot.largeur * _MM_PER_POINT / natural, 5), 1000))
            baseline = mot.haut + mot.hauteur * (1 - _BASELINE)
            document.text(mot.gauche * _MM_PER_POINT, baseline * _MM_PER_POINT, mot.texte)
        document.set_stretching(100)
