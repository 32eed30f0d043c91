"""The last step of every road: metadata, colour profile, and the proof that the bytes are a PDF/A-1b."""

from __future__ import annotations

import io

import pikepdf
from pikepdf import Name

from opensegur.cda.pdf.actif import remove_active_content
from opensegur.cda.pdf.conformite import NIVEAU, check_pdfa, validator
from opensegur.cda.pdf.lecture import open_pdf
from opensegur.cda.pdf.limites import LimitesPdf


def finish(data: bytes, limits: LimitesPdf, *, title: str = "") -> bytes | None:
    """``data`` as a PDF/A-1b without active content, or ``None`` when the content of its pages is not one's.

    ``title`` is written when the document has none. Raises the refusals of ``open_pdf``.
    """
    pdfa = validator()
    with open_pdf(data, limits) as pdf:
        remove_active_content(pdf)
        _write_title(pdf, title)
        with io.BytesIO() as written:
            try:
                pdfa.save(pdf, written, NIVEAU)
            except pdfa.PdfaError:
                return None
            result = written.getvalue()
    return None if check_pdfa(result) else result


def clean(data: bytes, limits: LimitesPdf) -> bytes:
    """``data`` without its active content: what other programs are given to read."""
    with open_pdf(data, limits) as pdf, io.BytesIO() as written:
        remove_active_content(pdf)
        pdf.save(written)
        return written.getvalue()


def _write_title(pdf: pikepdf.Pdf, title: str) -> None:
    if title and not str(pdf.docinfo.get(Name.Title, "")).strip():
        pdf.docinfo[Name.Title] = title
