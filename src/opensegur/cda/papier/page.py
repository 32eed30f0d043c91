"""The frame of a printed page: what stands around the text, on the first page and on the next ones."""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING

import zxingcpp
from PIL import Image

from opensegur.cda.datatypes import PARIS
from opensegur.cda.pdf.document import A4, FALLBACK, FONT, MARGIN, Composition, add_fallback, drawable, has_all
from opensegur.cda.pdf.identite import identity_lines, trait_lines
from opensegur.cda.pdf.limites import LimitesPdf
from opensegur.cda.rendering_header import MONTHS
from opensegur.foundation.acteurs import Adresse, Structure
from opensegur.ins import format_date
from opensegur.ins.datamatrix import encode_content
from opensegur.ins.datamatrix.symbole import to_image
from opensegur.nomenclature import table

if TYPE_CHECKING:
    from opensegur.cda.papier.feuille import Papier

WIDTH = A4[0] - 2 * MARGIN
INK, SOFT, ACCENT = (34, 26, 40), (90, 80, 97), (91, 42, 102)
SHADE, RULE = (247, 244, 238), (220, 212, 199)
_CODE = 20.0  # mm: half a millimetre a module for the usual 36, what a phone reads too
_PAD = 3.0
_FOOT = 15.0


class Page(Composition):
    """An A4 page of a ``Papier``."""

    def __init__(self, papier: Papier, limits: LimitesPdf) -> None:
        super().__init__(unit="mm", format="A4", enforce_compliance="PDF/A-1B")
        self.papier = papier
        self.limits = limits

    def header(self) -> None:
        """From the second page on: whose document this is, and what."""
        self.limits.check_pages(self.page_no())
        if self.page_no() == 1:
            return
        self.write_line(self._who(), size=8, color=SOFT, width=WIDTH * 0.62)
        self.set_xy(MARGIN, MARGIN)
        self.write_line(self.papier.titre[:70], size=8, color=SOFT, align="R")
        self._rule(self.get_y() + 1.2)
        self.set_y(self.get_y() + 5)

    def footer(self) -> None:
        self.set_y(-_FOOT + 2)
        self._rule(self.get_y() - 1.5, RULE)
        structure = self.papier.structure
        self.write_line(
            f"{structure.nom} · {identifier_words(structure)}", size=7.5, color=SOFT, width=WIDTH * 0.75, height=4
        )
        self.set_xy(MARGIN, -_FOOT + 2)
        self.use("", 7.5, SOFT)
        self.cell(WIDTH, 4, f"Page {self.page_no()}/{{nb}}", align="R")

    def open(self) -> None:
        """The first page, down to where the text begins."""
        self.set_auto_page_break(auto=True, margin=_FOOT + 4)
        self.add_page()
        self._letterhead()
        self._patient()
        self._heading()

    def close_sheet(self) -> None:
        """Who answers for it, never alone on a page of its own when a line can come with it."""
        author = self.papier.auteur
        height = 16.0
        if self.will_page_break(height):
            self.add_page()
        self.ln(6)
        for words, size, bold in ((self.papier.signature, 9, False), (full_name(author), 10.5, True)):
            if words:
                self.set_x(MARGIN)
                self.write_line(words, size=size, bold=bold, align="R")

    def write_line(
        self,
        words: str,
        *,
        size: float,
        bold: bool = False,
        color: tuple[int, int, int] = INK,
        align: str = "L",
        width: float = WIDTH,
        height: float = 0.0,
    ) -> None:
        """Lines of ``width`` from where the pen is; the pen goes under them, at the same left."""
        shown, family = fitting(words)
        self.use("B" if bold and family == FONT else "", size, color, family=family)
        self.multi_cell(width, height or size * 0.47, shown, align=align, new_x="LEFT", new_y="NEXT")

    def write_ins_code(self, caption: str) -> None:
        """The code where the text asks for it; EXI DIF 02 wants that of the block of identity all the same."""
        if self.papier.ins is None:
            return
        height = _CODE + _PAD + 4
        if self.will_page_break(height):
            self.add_page()
        top = self.get_y()
        self._code(to_image(encode_content(self.papier.ins)), MARGIN, top, caption)
        self.set_xy(MARGIN, top + height)

    def _letterhead(self) -> None:
        papier, half = self.papier, WIDTH / 2 - 3
        structure = papier.structure
        self.write_line(structure.nom, size=14, bold=True, color=ACCENT, width=half)
        contacts = (contact.valeur.removeprefix("tel:") for contact in structure.telecoms)
        for words in (*address_lines(structure.adresse), *map(spaced, contacts)):
            self.write_line(words, size=9, color=SOFT, width=half)
        left = self.get_y()
        self.set_xy(MARGIN + WIDTH / 2 + 3, MARGIN)
        author = papier.auteur
        self.write_line(full_name(author), size=11, bold=True, width=half, align="R")
        for words in (table("JDV_J01").label(author.specialite), f"RPPS {author.rpps}" if author.rpps else ""):
            if words:
                self.write_line(words, size=9, color=SOFT, width=half, align="R")
        bottom = max(left, self.get_y()) + 2.5
        self._rule(bottom, ACCENT, 0.5)
        self.set_xy(MARGIN, bottom + 4)

    def _patient(self) -> None:
        """The block of identity, with the code of a qualified one, and what else is to be scanned at its right."""
        papier, top = self.papier, self.get_y()
        codes = bool(papier.ins), bool(papier.qr)
        needed = 5.2 * len(self._identity()) + 2 * _PAD + 1
        height = max(needed, _CODE + 2 * _PAD + 3) if any(codes) else needed
        self.set_fill_color(*SHADE)
        self.set_draw_color(*RULE)
        self.set_line_width(0.2)
        self.rect(MARGIN, top, WIDTH, height, style="DF")
        left = MARGIN + _PAD
        if papier.ins is not None:
            self._code(to_image(encode_content(papier.ins)), left, top, "INS à scanner")
            left += _CODE + 5
        if papier.qr:
            self._code(qr_image(papier.qr), MARGIN + WIDTH - _CODE - _PAD, top, papier.qr_libelle)
        width = MARGIN + WIDTH - left - (_CODE + 2 * _PAD if papier.qr else _PAD)
        self.set_xy(left, top + _PAD + 0.5)
        for rank, line in enumerate(self._identity()):
            self.write_line(line, size=11.5 if rank == 0 else 9, bold=rank == 0, width=width, height=5.2)
        self.set_xy(MARGIN, top + height + 5)

    def _heading(self) -> None:
        papier = self.papier
        if papier.destinataires:
            self.set_x(MARGIN + WIDTH / 2)
            for words in papier.destinataires:
                self.write_line(words, size=10, width=WIDTH / 2)
            self.set_xy(MARGIN, self.get_y() + 3)
        town = papier.structure.adresse.ville if papier.structure.adresse else ""
        day = long_date(papier.date)
        self.write_line(f"{town}, le {day}" if town else f"Le {day}", size=9.5, color=SOFT, align="R")
        self.ln(1.5)
        self.write_line(papier.titre, size=17, bold=True)
        if papier.mention:
            self.ln(0.5)
            self.write_line(papier.mention, size=9.5, color=SOFT)
        self.ln(3)

    def _identity(self) -> tuple[str, ...]:
        papier = self.papier
        lines = identity_lines(papier.ins, papier.traits) if papier.ins else trait_lines(papier.traits)
        return (*lines, f"Dossier {papier.ipp}") if papier.ipp else lines

    def _code(self, image: Image.Image, left: float, top: float, caption: str) -> None:
        self.image(image, x=left, y=top + _PAD - 0.5, w=_CODE, h=_CODE)
        self.set_xy(left - 2, top + _PAD - 0.5 + _CODE)
        self.use("", 6.5, SOFT)
        self.cell(_CODE + 4, 3, caption, align="C")

    def _who(self) -> str:
        traits = self.papier.traits
        return f"{traits.nom_naissance} {traits.premier_prenom}, {format_date(traits.date_naissance)}"

    def _rule(self, y: float, color: tuple[int, int, int] = RULE, width: float = 0.2) -> None:
        self.set_draw_color(*color)
        self.set_line_width(width)
        self.line(MARGIN, y, MARGIN + WIDTH, y)

    def use(self, style: str, size: float, color: tuple[int, int, int] = INK, *, family: str = FONT) -> None:
        if family == FALLBACK:
            add_fallback(self)
        self.set_font(family, style, size)
        self.set_text_color(*color)


def fitting(words: str) -> tuple[str, str]:
    """What is drawn for ``words``, and the family that has all of it.

    Never two fonts in a line: where the colour of the text is not that of fills, fpdf2 wraps each piece in ``q … Q``,
    and forgets that ``Q`` gives back the font of before.
    """
    shown, _ = drawable(words)
    return shown, FONT if has_all(FONT, shown) else FALLBACK


def long_date(moment: datetime) -> str:
    """« 1er mars 2026 », legal time."""
    day = moment.astimezone(PARIS)
    return f"{day.day}{'er' if day.day == 1 else ''} {MONTHS[day.month - 1]} {day.year}"


def full_name(person: object) -> str:
    """« Dr Ana DURAND »."""
    title = {"DR": "Dr", "PR": "Pr"}.get(getattr(person, "titre", ""), "")
    return " ".join(part for part in (title, getattr(person, "prenom", ""), getattr(person, "nom", "")) if part)


def address_lines(adresse: Adresse | None) -> tuple[str, ...]:
    if adresse is None:
        return ()
    town = f"{adresse.code_postal} {adresse.ville}".strip()
    return tuple(line for line in (*adresse.lignes, town) if line)


def identifier_words(structure: Structure) -> str:
    """« FINESS 010008407 », « SIRET … », or the identifier as it is."""
    kind = {"1": "FINESS", "3": "SIRET"}.get(structure.id_nat[:1], "")
    return f"{kind} {structure.id_nat[1:]}" if kind else structure.id_nat


def spaced(phone: str) -> str:
    """A French number two digits by two."""
    local = phone.replace("+33", "0", 1)
    return " ".join(local[rank : rank + 2] for rank in range(0, len(local), 2)) if local.isdigit() else phone


def qr_image(text: str) -> Image.Image:
    barcode = zxingcpp.create_barcode(text, zxingcpp.QRCode, ec_level="M")
    return Image.fromarray(barcode.to_image(scale=4, add_quiet_zones=True))


def flat_image(image: bytes, limits: LimitesPdf) -> Image.Image | None:
    """``image`` without transparency, which PDF/A-1 does not have; ``None`` when it cannot be drawn."""
    try:
        with Image.open(io.BytesIO(image)) as opened:
            if opened.width * opened.height > limits.max_pixels:
                return None
            layer = opened.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    flat = Image.new("RGB", layer.size, "white")
    flat.paste(layer, mask=layer.getchannel("A"))
    return flat
