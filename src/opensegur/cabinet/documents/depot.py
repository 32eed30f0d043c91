"""A file dropped on a record becomes a document: recognised by its content, kept, and turned into PDF/A-1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from opensegur.cabinet.documents.models import Document, check_replaceable
from opensegur.cda.pdf import to_pdfa
from opensegur.foundation.errors import InvalidValue
from opensegur.nomenclature import classe_of_type, table

if TYPE_CHECKING:
    from opensegur.cabinet.comptes.models import Compte
    from opensegur.cabinet.patients.models import Patient
    from opensegur.cabinet.structures.models import Structure

_MAX_TITRE = 200


@dataclass(frozen=True, slots=True)
class Visibilite:
    """Who may see the document in the DMP. Hidden from the patient: awaiting an announcement."""

    patient: bool = True
    professionnels: bool = True
    representants: bool = True

    def __post_init__(self) -> None:
        if not self.patient and not self.professionnels:
            raise InvalidValue(
                "VISIBILITE_VIDE",
                "Un document ne peut pas être caché à la fois au patient et aux professionnels.",
                conseil="Laissez-le visible au patient ou aux professionnels.",
            )


@dataclass(frozen=True, slots=True)
class Depot:
    """What the person at the screen gave: the file, its type (a code of JDV_J66), its title, who may see it."""

    contenu: bytes
    nom: str
    type_code: str
    titre: str
    visibilite: Visibilite

    def __post_init__(self) -> None:
        classe_of_type(self.type_code)  # the DMP takes no type without a class
        if len(self.titre) > _MAX_TITRE:
            raise InvalidValue(
                "DOCUMENT_TITRE", "Le titre est trop long.", conseil=f"Écrivez {_MAX_TITRE} caractères au plus."
            )

    @property
    def titre_ou_type(self) -> str:
        return self.titre.strip() or table("JDV_J66").label(self.type_code)


def keep(
    depot: Depot, *, patient: Patient, structure: Structure, auteur: Compte, remplace: Document | None = None
) -> Document:
    """Record the file in the patient's record, in the place of the version ``remplace`` when there is one.

    Raises ``OpenSegurError`` when the file is refused: nothing is then recorded.
    """
    if remplace is not None:
        check_replaceable(remplace)
    chain = {"remplace": remplace, "version": remplace.version + 1, "set_id": remplace.set_id} if remplace else {}
    titre = depot.titre_ou_type
    pdfa = to_pdfa(depot.contenu, name=depot.nom, title=titre)
    return Document.objects.create(
        structure=structure,
        patient=patient,
        auteur=auteur,
        cree_le=timezone.now(),
        type_code=depot.type_code,
        titre=titre,
        nom_fichier=depot.nom[:200],
        format_origine=str(pdfa.format),
        origine=depot.contenu,
        pdfa=pdfa.data,
        pages=pdfa.pages,
        visible_patient=depot.visibilite.patient,
        visible_professionnels=depot.visibilite.professionnels,
        visible_representants=depot.visibilite.representants,
        **chain,
    )
