"""What the volets share: a header of the right type, and its document around the sections."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from opensegur.cda.document import Entete
from opensegur.cda.document_lu import Modele
from opensegur.cda.gabarit import ORDINAIRE, Gabarit
from opensegur.cda.header import build_document
from opensegur.cda.n3.section import build_body
from opensegur.cda.noeud import Noeud
from opensegur.foundation.acteurs import Code
from opensegur.foundation.errors import InvalidValue


def check_type(entete: Entete, wanted: Code) -> None:
    """Raise ``InvalidValue`` (CDA_TYPE_VOLET) when the header is not of the type of its volet."""
    if (entete.type.code, entete.type.system) != (wanted.code, wanted.system):
        raise InvalidValue(
            "CDA_TYPE_VOLET",
            f"Ce document doit être de type « {wanted.label} ».",
            conseil=f"Donnez à l’entête le type {wanted.code}.",
        )


def document(
    entete: Entete,
    modeles: Sequence[Modele],
    sections: Iterable[Noeud],
    gabarit: Gabarit = ORDINAIRE,
) -> bytes:
    return build_document(entete, modeles, build_body(sections), gabarit)
