"""From a PDF, a JPEG, a TIFF, an RTF or a text to a PDF/A-1b, and the proof that it is one."""

from opensegur.cda.pdf.conformite import check_pdfa
from opensegur.cda.pdf.conversion import to_pdfa
from opensegur.cda.pdf.formats import Format, sniff_format
from opensegur.cda.pdf.limites import DEFAULT_LIMITS, LimitesPdf
from opensegur.cda.pdf.outils import Outils
from opensegur.cda.pdf.resultat import Methode, PdfA

__all__ = [
    "DEFAULT_LIMITS",
    "Format",
    "LimitesPdf",
    "Methode",
    "Outils",
    "PdfA",
    "check_pdfa",
    "sniff_format",
    "to_pdfa",
]
