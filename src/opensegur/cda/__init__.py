"""CDA R2 documents of the CI-SIS: making, checking, reading and showing them.

``opensegur.cda.pdf`` turns any accepted file into the PDF/A-1 that an N1 document carries.
"""

from opensegur.cda.document import Entete, Remplacement
from opensegur.cda.document_lu import DocumentLu
from opensegur.cda.n1 import build_n1
from opensegur.cda.patient import PatientCda
from opensegur.cda.reading import read_document
from opensegur.cda.rendering import render_html, render_page
from opensegur.cda.validation import Rapport, validate_document

__all__ = [
    "DocumentLu",
    "Entete",
    "PatientCda",
    "Rapport",
    "Remplacement",
    "build_n1",
    "read_document",
    "render_html",
    "render_page",
    "validate_document",
]
