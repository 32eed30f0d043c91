"""Opening a PDF that comes from outside, with the refusals that a person can understand."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

import pikepdf

from opensegur.cda.pdf.limites import LimitesPdf
from opensegur.cda.pdf.refus import refusal

# what a hostile file makes of a library that reads it: all of it means « this PDF is broken »
BROKEN = (pikepdf.PdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, RuntimeError, OverflowError)


@contextmanager
def open_pdf(data: bytes, limits: LimitesPdf) -> Iterator[pikepdf.Pdf]:
    """The document of ``data``, closed afterwards.

    Raises ``RefusedInput``: PDF_CHIFFRE, PDF_ABIME (here or while it is used), PDF_SANS_PAGE, TROP_DE_PAGES.
    """
    try:
        with io.BytesIO(data) as stream, pikepdf.open(stream, suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                raise refusal("PDF_CHIFFRE", "readable, with restrictions")
            count = len(pdf.pages)
            if not count:
                raise refusal("PDF_SANS_PAGE")
            limits.check_pages(count)
            yield pdf
    except pikepdf.PasswordError as error:
        raise refusal("PDF_CHIFFRE", "password needed") from error
    except BROKEN as error:
        raise refusal("PDF_ABIME", type(error).__name__) from error
