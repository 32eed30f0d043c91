"""The version that follows a document: what it keeps, what it changes.

Source: CI-SIS Structuration minimale, relatedDocument; a new version keeps the patient, the type and the setId.
"""

from __future__ import annotations

from dataclasses import dataclass

from opensegur.cda.document import Remplacement
from opensegur.cda.document_lu import DocumentLu
from opensegur.cda.patient import PatientCda
from opensegur.foundation.acteurs import Code
from opensegur.foundation.errors import InvalidValue


@dataclass(frozen=True, slots=True)
class Suite:
    """The three fields of an ``Entete`` that a replacement fixes."""

    version: int
    set_id: str
    remplace: Remplacement


def next_version(ancien: DocumentLu, document_type: Code, patient: PatientCda) -> Suite:
    """What the document that replaces ``ancien`` must carry.

    Raises ``InvalidValue``: CDA_REMPLACEMENT when the old one lacks its number or its setId, CDA_REMPLACEMENT_TYPE,
    CDA_REMPLACEMENT_PATIENT.
    """
    if ancien.version is None or ancien.set_id is None:
        raise InvalidValue(
            "CDA_REMPLACEMENT",
            "Le document à remplacer n’a pas de numéro de version ou de setId.",
            conseil="Choisissez un document complet : « opensegur cda validate » dit ce qui lui manque.",
        )
    if ancien.type.code != document_type.code:
        raise InvalidValue(
            "CDA_REMPLACEMENT_TYPE",
            f"Le document à remplacer est d’un autre type ({ancien.type.code[:40]}).",
            conseil="Une nouvelle version garde le type : corrigez le type, ou ne remplacez pas.",
        )
    if not _same_patient(ancien, patient):
        raise InvalidValue(
            "CDA_REMPLACEMENT_PATIENT",
            "Le document à remplacer est celui d’un autre patient.",
            conseil="Vérifiez le dossier ouvert : une version ne change jamais de patient.",
        )
    return Suite(ancien.version + 1, ancien.set_id.root, Remplacement(ancien.uid.root, ancien.version))


def _same_patient(ancien: DocumentLu, patient: PatientCda) -> bool:
    """By the matricule when both have one, by birth name and date otherwise."""
    ins = ancien.patient.ins
    if ins is not None and patient.matricule is not None:
        return (ins.root, ins.extension) == (patient.matricule.oid, patient.matricule.valeur)
    traits = patient.traits
    return (ancien.patient.nom_naissance, ancien.patient.date_naissance) == (
        traits.nom_naissance,
        traits.date_naissance,
    )
