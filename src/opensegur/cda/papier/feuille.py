"""The one sheet of a practice: letterhead, patient, title, text, signature, page x/y; a PDF/A-1b.

Source: EXI DIF 02 (traits and « INS à scanner » on the first page of what a qualified patient takes away).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from opensegur.cda.checks import check_moment, check_required
from opensegur.cda.papier.blocs import Bloc
from opensegur.cda.papier.dessin import draw_blocks
from opensegur.cda.papier.page import Page
from opensegur.cda.pdf.document import prepared
from opensegur.cda.pdf.finition import finish
from opensegur.cda.pdf.limites import DEFAULT_LIMITS, LimitesPdf
from opensegur.foundation.acteurs import Professionnel, Structure
from opensegur.foundation.errors import OpenSegurError
from opensegur.ins import Traits
from opensegur.ins.datamatrix import ContenuIns


@dataclass(frozen=True, slots=True, repr=False)
class Papier:
    """What surrounds the text.

    ``date``: an aware moment; ``ins``: what the Datamatrix says, for a qualified identity alone; ``qr``: a text to
    scan (the address of a prescription), named ``qr_libelle`` beside it; ``mention``: a line under the title;
    ``destinataires``: lines of the window of a letter; ``signature``: what is written above the signer's name.
    """

    structure: Structure
    auteur: Professionnel
    traits: Traits
    date: datetime
    titre: str
    ipp: str = ""
    ins: ContenuIns | None = None
    qr: str = ""
    qr_libelle: str = ""
    mention: str = ""
    destinataires: tuple[str, ...] = ()
    signature: str = ""

    def __post_init__(self) -> None:
        check_moment(self.date, quoi="Date du document")
        check_required(self.titre, quoi="Titre du document")

    def __repr__(self) -> str:
        return "Papier(…)"


def print_sheet(papier: Papier, blocs: Sequence[Bloc], limits: LimitesPdf = DEFAULT_LIMITS) -> bytes:
    """The PDF/A-1b. Raises ``RefusedInput`` TROP_DE_PAGES, ``OpenSegurError`` PDF_FEUILLE."""
    page = Page(papier, limits)
    with prepared(page, title=papier.titre, sheet=True):
        page.open()
        draw_blocks(page, blocs)
        page.close_sheet()
        data = bytes(page.output())
    finished = finish(data, limits, title=papier.titre)
    if finished is None:
        raise OpenSegurError(
            "PDF_FEUILLE",
            "Ce document n’a pas pu être mis en page.",
            conseil="Signalez-le à votre éditeur : une image du document est sans doute en cause.",
        )
    return finished
