"""From any accepted file to a PDF/A-1b: the one door of this room."""

from __future__ import annotations

from collections.abc import Callable

from opensegur.cda.pdf.actif import has_active_content, is_signed
from opensegur.cda.pdf.conformite import check_pdfa
from opensegur.cda.pdf.finition import clean, finish
from opensegur.cda.pdf.formats import Format, check_name, sniff_format
from opensegur.cda.pdf.images import lay_out_images
from opensegur.cda.pdf.lecture import open_pdf
from opensegur.cda.pdf.limites import DEFAULT_LIMITS, LimitesPdf
from opensegur.cda.pdf.mise_en_page import typeset
from opensegur.cda.pdf.outils import Outils
from opensegur.cda.pdf.pixels import count_letters, draw_pdf
from opensegur.cda.pdf.refus import refusal
from opensegur.cda.pdf.resultat import Methode, PdfA, warning
from opensegur.cda.pdf.rtf import text_of_rtf
from opensegur.cda.pdf.texte import decode_text
from opensegur.foundation.findings import Finding

_MIB = 1024 * 1024
_KEPT_TEXT = 0.98


def to_pdfa(
    data: bytes,
    *,
    name: str = "",
    title: str = "",
    limits: LimitesPdf = DEFAULT_LIMITS,
    outils: Outils | None = None,
) -> PdfA:
    """``data`` (PDF, JPEG, TIFF, RTF or text) as a PDF/A-1b that ``check_pdfa`` approves.

    ``name`` is the file's name: it never chooses the format, but a name that contradicts the content is refused.
    ``title`` goes into the document's metadata when it has none. ``outils`` are the programs of the machine to use,
    those that are found when it is not given. A PDF/A-1b comes back byte for byte.

    Raises ``RefusedInput`` with a code of ``refus.CATALOGUE``.
    """
    if len(data) > limits.max_bytes:
        raise refusal("FICHIER_TROP_GROS", f"{len(data)} bytes", limite=f"{limits.max_bytes / _MIB:g} Mo")
    found = sniff_format(data)
    check_name(name, found)
    return _ROADS[found](data, title, limits, Outils.found() if outils is None else outils)


def _from_pdf(data: bytes, title: str, limits: LimitesPdf, outils: Outils) -> PdfA:
    with open_pdf(data, limits) as pdf:
        pages, active, signed = len(pdf.pages), has_active_content(pdf), is_signed(pdf)
    if not active and not check_pdfa(data):
        return PdfA(data, Format.PDF, Methode.CONSERVE, pages)
    findings = _what_is_lost(active=active, signed=signed)
    if repaired := finish(data, limits, title=title):
        return PdfA(repaired, Format.PDF, Methode.REPARE, pages, findings)
    harmless = clean(data, limits)
    rewritten = _rewritten(harmless, pages, title, limits, outils)
    if rewritten:
        return PdfA(rewritten, Format.PDF, Methode.GHOSTSCRIPT, pages, findings)
    drawn = _proved(draw_pdf(harmless, limits, title=title), title, limits)
    return PdfA(drawn, Format.PDF, Methode.PIXELS, pages, (*findings, _DRAWN))


def _rewritten(harmless: bytes, pages: int, title: str, limits: LimitesPdf, outils: Outils) -> bytes | None:
    result = outils.rewrite_pdf(harmless, seconds=limits.seconds)
    if result is None:
        return None
    with open_pdf(result, limits) as pdf:
        if len(pdf.pages) != pages:
            return None
    # a transparent page comes back as an image, its text gone: our own drawing keeps it selectable
    if count_letters(result) < _KEPT_TEXT * count_letters(harmless):
        return None
    return finish(result, limits, title=title)


def _from_image(found: Format) -> Callable[[bytes, str, LimitesPdf, Outils], PdfA]:
    def convert(data: bytes, title: str, limits: LimitesPdf, _: Outils) -> PdfA:
        made = _proved(lay_out_images(data, limits, title=title), title, limits)
        return PdfA(made, found, Methode.IMAGE, _page_count(made, limits))

    return convert


def _from_text(data: bytes, title: str, limits: LimitesPdf, _: Outils) -> PdfA:
    return _composed(decode_text(data), Format.TXT, title, limits)


def _from_rtf(data: bytes, title: str, limits: LimitesPdf, outils: Outils) -> PdfA:
    laid_out = outils.lay_out_rtf(data, seconds=limits.seconds)
    if laid_out is not None and laid_out.startswith(b"%PDF-"):
        made = _from_pdf(laid_out, title, limits, outils)
        return PdfA(made.data, Format.RTF, Methode.LIBREOFFICE, made.pages, made.findings)
    made = _composed(text_of_rtf(data, limits), Format.RTF, title, limits)
    return PdfA(made.data, made.format, made.method, made.pages, (*made.findings, _LAYOUT_LOST))


def _composed(text: str, found: Format, title: str, limits: LimitesPdf) -> PdfA:
    pdf, replaced = typeset(text, limits, title=title)
    made = _proved(pdf, title, limits)
    findings = (_replaced(replaced),) if replaced else ()
    return PdfA(made, found, Methode.COMPOSE, _page_count(made, limits), findings)


def _proved(pdf: bytes, title: str, limits: LimitesPdf) -> bytes:
    made = finish(pdf, limits, title=title)
    if made is None:
        raise refusal("PDFA_IMPOSSIBLE")
    return made


def _page_count(data: bytes, limits: LimitesPdf) -> int:
    with open_pdf(data, limits) as pdf:
        return len(pdf.pages)


def _what_is_lost(*, active: bool, signed: bool) -> tuple[Finding, ...]:
    return tuple(finding for lost, finding in ((active, _DISARMED), (signed, _UNSIGNED)) if lost)


def _replaced(count: int) -> Finding:
    return warning(
        "PDF/CARACTERES",
        f"{count} caractère{'s' if count > 1 else ''} sans dessin dans nos polices : leur code est écrit à la place.",
        "Relisez le document, ou enregistrez-le en PDF depuis son logiciel.",
    )


_DISARMED = warning(
    "PDF/CONTENU_ACTIF", "Des scripts, des actions ou des fichiers joints ont été retirés du PDF.", "Relisez-le."
)
_UNSIGNED = warning(
    "PDF/SIGNATURE", "La signature électronique de ce PDF n’a pas pu être conservée.", "Gardez aussi l’original."
)
_DRAWN = warning(
    "PDF/PIXELS", "Les pages ont été converties en images ; leur texte reste sélectionnable.", "Relisez-les."
)
_LAYOUT_LOST = warning(
    "PDF/MISE_EN_PAGE",
    "Seul le texte de ce RTF a été repris : la mise en page et les images ne le sont pas.",
    "Pour les garder, enregistrez le document en PDF depuis son logiciel.",
)

_ROADS: dict[Format, Callable[[bytes, str, LimitesPdf, Outils], PdfA]] = {
    Format.PDF: _from_pdf,
    Format.JPEG: _from_image(Format.JPEG),
    Format.TIFF: _from_image(Format.TIFF),
    Format.RTF: _from_rtf,
    Format.TXT: _from_text,
}
