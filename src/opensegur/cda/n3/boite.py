"""From a box that was scanned to the product that a document names: CIS, CIP, ATC, lot, expiry."""

from __future__ import annotations

from opensegur.cda.n3.produit import Produit
from opensegur.foundation.errors import InvalidValue
from opensegur.medicament import BaseMedicaments, Specialite
from opensegur.medicament.gs1 import LectureBoite


def product_of(specialite: Specialite, lecture: LectureBoite | None = None) -> Produit:
    """The product as the base names it, with the lot and the last day of the box that was read."""
    return Produit(
        specialite.denomination,
        cis=specialite.cis,
        cip=lecture.cip13 if lecture else "",
        atc=specialite.atc,
        lot=lecture.lot if lecture else "",
        peremption=f"{lecture.peremption:%Y-%m-%d}" if lecture and lecture.peremption else "",
    )


def product_in_box(lecture: LectureBoite, base: BaseMedicaments) -> Produit:
    """The product of the box. Raises ``InvalidValue`` BOITE_INCONNUE when the base does not have it."""
    found = base.box(lecture.cip13) if lecture.cip13 else None
    if found is None:
        raise InvalidValue(
            "BOITE_INCONNUE",
            "Ce produit n’est pas dans la base des médicaments.",
            conseil="Cherchez-le par son nom, et relevez le lot sur la boîte.",
        )
    return product_of(found.specialite, lecture)
