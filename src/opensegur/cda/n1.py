"""CDA R2 level 1: a complete header around one file.

Source: CI-SIS Structuration minimale, corps non structuré (IHE XDS-SD).
"""

from __future__ import annotations

import base64

from opensegur.cda.document import Entete
from opensegur.cda.document_lu import Modele
from opensegur.cda.header import build_document
from opensegur.cda.noeud import Noeud, node
from opensegur.foundation.errors import InvalidValue

XDS_SD = Modele("1.3.6.1.4.1.19376.1.2.20")
PDF = "application/pdf"
TEXT = "text/plain"
# what may be written today; what older documents hold too is read
WRITTEN = frozenset({PDF, TEXT})
READ = frozenset({PDF, TEXT, "text/rtf", "image/jpeg", "image/tiff"})


def build_n1(entete: Entete, contenu: bytes, media_type: str) -> bytes:
    """The bytes of the N1 document that carries ``contenu``, a PDF/A-1 or a plain text file.

    A text keeps its own charset. Raises ``InvalidValue``: CDA_MEDIA for another type (convert it first with
    ``opensegur.cda.pdf.to_pdfa``), CDA_CORPS_VIDE, CDA_PDF for bytes that are not a PDF.
    """
    _check_body(contenu, media_type)
    text = node(
        "text",
        Noeud(base64.b64encode(contenu).decode("ascii")),
        mediaType=media_type,
        representation="B64",
    )
    return build_document(entete, (XDS_SD,), node("component", node("nonXMLBody", text)))


def _check_body(contenu: bytes, media_type: str) -> None:
    if media_type not in WRITTEN:
        raise InvalidValue(
            "CDA_MEDIA",
            "Un document non structuré porte un PDF/A-1 ou un texte brut.",
            conseil="Convertissez d’abord le fichier en PDF/A-1.",
            detail=media_type[:60],
        )
    if not contenu:
        raise InvalidValue(
            "CDA_CORPS_VIDE", "Le fichier à envelopper est vide.", conseil="Choisissez un autre fichier."
        )
    if media_type == PDF and not contenu.startswith(b"%PDF-"):
        raise InvalidValue(
            "CDA_PDF",
            "Le fichier n’est pas un PDF.",
            conseil="Vérifiez le fichier : un PDF commence par %PDF-.",
        )
