"""The « auto-présentable » form: a document that shows itself in a browser that still runs XSLT.

Obsolete for new documents (a PDF copy inside the structured body took its place), still asked by some recipients. The
root is ``xsl:stylesheet``, the document sits in ``{urn:asip-sante:ci-sis}Contenu`` (CI-SIS CR-BIO 2021.01). Our style
sheet shapes what it knows and keeps only the words of the rest, as ``rendering`` does.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

from lxml import etree

from opensegur.cda.locate import clinical_document

_PROLOG = """<?xml version='1.0' encoding='UTF-8'?>\n<?xml-stylesheet type="text/xsl" href="#"?>\n"""
_CONTENU = '<data:Contenu xmlns:data="urn:asip-sante:ci-sis">'


def self_presenting(document: bytes) -> bytes:
    """``document`` with the style sheet that shows it; read back, it is the same document.

    Raises ``RefusedInput`` as ``read_document`` does.
    """
    content = etree.tostring(clinical_document(document), encoding="unicode", with_tail=False)
    opening, templates = _sheet()
    return f"{_PROLOG}{opening}{_CONTENU}{content}</data:Contenu>{templates}".encode()


@cache
def _sheet() -> tuple[str, str]:
    """The opening tag of the style sheet, and what it holds."""
    text = (resources.files("opensegur.cda") / "autopresentable.xsl").read_text(encoding="utf-8")
    text = text[text.index("<xsl:stylesheet") :]
    end = text.index(">") + 1
    return text[:end], text[end:].rstrip()
