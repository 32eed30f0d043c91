"""The identity printed on the first page of a document: datamatrix INS, its words, and the traits in clear.

Source: Format datamatrix INS v2.2; EXI DIF 02 (first page, « INS à scanner », traits beside it). What is on the page
already is never covered: the page is made taller by the height of the band, at its top.
"""

from __future__ import annotations

import io

import pikepdf
from pikepdf import Name, Page, Rectangle

from opensegur.cda.pdf.conformite import check_pdfa
from opensegur.cda.pdf.document import FONT, composing
from opensegur.cda.pdf.finition import finish
from opensegur.cda.pdf.identite import identity_lines
from opensegur.cda.pdf.lecture import open_pdf
from opensegur.cda.pdf.limites import DEFAULT_LIMITS
from opensegur.foundation.errors import InvalidValue, OpenSegurError, RefusedInput
from opensegur.ins import Etat, Traits
from opensegur.ins.datamatrix import ContenuIns, contenu_of, encode_content, parse_repaired
from opensegur.ins.datamatrix.images import read_symbols
from opensegur.ins.datamatrix.symbole import to_image

HAUTEUR = 24.0  # mm
_CODE = 19.0  # mm: 0.48 mm a module for the usual 36, well above what scanners need
_POINTS_PER_MM = 72 / 25.4
_MARGIN = 10.0


def stamp_identity(data: bytes, etat: Etat, traits: Traits) -> bytes:
    """``data`` (PDF/A-1b) with the identity of a qualified patient at the top of its first page.

    A document that already bears the code of this identity is given back as it is. Raises ``InvalidValue``
    (IDENTITE_NON_QUALIFIEE), ``RefusedInput`` (PDF_*), ``OpenSegurError`` (PDF_BANDEAU).
    """
    contenu = contenu_of(etat, traits)
    if _bears(data, contenu):
        return data
    with open_pdf(data, DEFAULT_LIMITS) as pdf, pikepdf.open(io.BytesIO(_band(contenu, traits))) as band:
        first = pdf.pages[0]
        _raise(first)
        top, left = float(first.mediabox[3]), float(first.mediabox[0])
        width = float(first.mediabox[2]) - left
        first.add_overlay(band.pages[0], Rectangle(left, top - HAUTEUR * _POINTS_PER_MM, left + width, top))
        with io.BytesIO() as written:
            pdf.save(written)
            stamped = finish(written.getvalue(), DEFAULT_LIMITS)
    if stamped is None or check_pdfa(stamped):
        raise OpenSegurError(
            "PDF_BANDEAU",
            "Le code INS n’a pas pu être imprimé sur ce document.",
            conseil="Imprimez le document sans le code, et signalez-le à votre éditeur.",
        )
    return stamped


def _raise(page: Page) -> None:
    """Add the height of the band above what is there, whatever the page's boxes."""
    box = [float(each) for each in page.mediabox]
    box[3] += HAUTEUR * _POINTS_PER_MM
    page.mediabox = pikepdf.Array(box)
    for name in (Name.CropBox, Name.TrimBox, Name.BleedBox, Name.ArtBox):
        if name in page:
            page[name] = pikepdf.Array(box)


def _bears(data: bytes, contenu: ContenuIns) -> bool:
    try:
        symbols = read_symbols(data)
    except RefusedInput:
        return False
    for symbol in symbols:
        try:
            if symbol.page == 1 and parse_repaired(symbol.texte).contenu.matricule == contenu.matricule:
                return True
        except InvalidValue:
            continue
    return False


def _band(contenu: ContenuIns, traits: Traits) -> bytes:
    """One page of the width of A4 and the height of the band."""
    with composing(title="INS") as document:
        document.set_auto_page_break(auto=False)
        document.add_page(format=(210, HAUTEUR))
        document.image(to_image(encode_content(contenu)), x=_MARGIN, y=2, w=_CODE, h=_CODE)
        document.set_font(FONT, size=6.5)
        document.set_xy(_MARGIN, 2 + _CODE)
        document.cell(_CODE, 2.6, "INS à scanner", align="C")
        for rank, line in enumerate(identity_lines(contenu, traits)):
            document.set_font(FONT, size=10 if rank == 0 else 8.5)
            document.set_xy(_MARGIN + _CODE + 5, 3 + rank * 4.4)
            document.cell(0, 4.4, line)
        return bytes(document.output())
