"""The header of a document of the record, from the identity as it stands and the versions that have left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opensegur.cda.document import Entete, Remplacement
from opensegur.cda.patient import PatientCda
from opensegur.foundation.acteurs import Code, Professionnel
from opensegur.foundation.errors import InvalidValue
from opensegur.ins import matricule_may_leave
from opensegur.nomenclature import table

if TYPE_CHECKING:
    from opensegur.cabinet.documents.models import Document
    from opensegur.cabinet.patients.models import Patient


def header_of(document: Document, patient: Patient, auteur: Professionnel) -> Entete:
    """``auteur`` wrote it and answers for it. The matricule is that of a qualified identity alone (EXI SI 08)."""
    concept = table("JDV_J66").get(document.type_code)
    if concept is None:
        raise InvalidValue(
            "DOCUMENT_TYPE", "Le type de ce document n’est plus admis.", conseil="Choisissez-en un autre."
        )
    version, replaced = _place(document)
    return Entete(
        uid=document.uid,
        set_id=document.set_id,
        version=version,
        remplace=replaced,
        type=Code(concept.code, concept.system, concept.label),
        titre=document.titre,
        created_at=document.cree_le,
        patient=patient_of_header(patient),
        auteur=auteur,
        structure=document.structure.valeur(),
        responsable=auteur,
        acte_debut=document.cree_le,
    )


def patient_of_header(patient: Patient) -> PatientCda:
    etat = patient.etat()
    return PatientCda(
        traits=patient.traits(),
        matricule=etat.matricule if matricule_may_leave(etat.statut) else None,
        ipp=str(patient.ipp),
        ipp_oid=patient.structure.oid_ipp,
    )


def _place(document: Document) -> tuple[int, Remplacement | None]:
    """The version as the outside counts: what never left replaces nothing there, and is not counted."""
    left = [each for each in document.ancetres() if each.est_parti]
    if not left:
        return 1, None
    return len(left) + 1, Remplacement(left[0].uid, len(left))
