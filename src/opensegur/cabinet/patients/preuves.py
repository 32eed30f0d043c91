"""Adding evidence to an identity: the row, and what follows from it, in one transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from opensegur.cabinet.antecedence.ecriture import replace_patient
from opensegur.cabinet.chiffrement.index import blind_index
from opensegur.cabinet.patients.identite import etat_of
from opensegur.cabinet.patients.models import Patient, Preuve, SansPiece
from opensegur.foundation.errors import OpenSegurError
from opensegur.ins import Canal, Etat, Matricule, Nature, Traits, apply_preuve

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from opensegur.cabinet.comptes.models import Compte
    from opensegur.cabinet.structures.models import Structure

DOMAINE_MATRICULE = "patients.matricule"


class MatriculeDejaPris(OpenSegurError):
    """Another record of the structure has this matricule: one person, two records."""

    def __init__(self, autre: Patient) -> None:
        super().__init__(
            "PATIENT_DOUBLON",
            "Cette personne a déjà un dossier dans votre structure, avec ce matricule INS.",
            conseil="Ouvrez le dossier existant au lieu d’en créer un second.",
        )
        self.autre = autre


def index_of(matricule: Matricule) -> str:
    return blind_index(DOMAINE_MATRICULE, matricule.valeur)


def holder_of(structure: Structure, matricule: Matricule) -> Patient | None:
    """Who has this matricule in the structure."""
    return bearers(structure, index_of(matricule)).first()


def bearers(structure: Structure, index: str) -> QuerySet[Patient]:
    """The records whose matricule has this blind index: one at most, none for an empty index."""
    # without the exclusion SQLite does not see that the partial index serves, and reads every record
    return Patient.objects.filter(structure=structure, matricule_index=index).exclude(matricule_index="")


def add_preuve(
    patient: Patient,
    nature: Nature,
    auteur: Compte,
    *,
    matricule: Matricule | None = None,
    piece: str = "",
    piece_parent: str = "",
    motif: str = "",
    canal: Canal = Canal.SAISIE,
    recu: str = "",
    changements: Mapping[str, tuple[str, str]] | None = None,
) -> Etat:
    """Write one event and give the state that it leads to. ``changements``: trait → its value before and after.

    Raises ``InvalidValue`` when the rules forbid it (an identity that is douteuse cannot be qualified…),
    ``MatriculeDejaPris``.
    """
    with transaction.atomic():
        locked = Patient.objects.select_for_update().get(pk=patient.pk)
        row = Preuve(
            patient=locked,
            nature=nature.value,
            moment=timezone.now(),
            piece=piece,
            piece_parent=piece_parent,
            motif=motif,
            canal=canal.value,
            changements=json.dumps(changements, ensure_ascii=False) if changements else "",
            matricule=matricule.valeur if matricule else "",
            matricule_oid=matricule.oid if matricule else "",
            recu=recu,
            auteur=auteur,
        )
        etat = apply_preuve(etat_of(locked), row.valeur())
        if etat.matricule:
            other = holder_of(locked.structure, etat.matricule)
            if other is not None and other.pk != locked.pk:
                raise MatriculeDejaPris(other)
        row.save()
        _write_matricule(patient, etat.matricule)
    return etat


def write_traits(patient: Patient, traits: Traits) -> None:
    """Put ``traits`` in the record, and in the index of names."""
    with transaction.atomic():
        before = Patient.objects.get(pk=patient.pk)
        for name in _TRAITS:
            setattr(patient, name, getattr(traits, name))
        patient.sexe = traits.sexe.value
        patient.save(update_fields=[*_TRAITS, "sexe"])
        replace_patient(before, patient)


def create_patient(structure: Structure, traits: Traits, auteur: Compte) -> Patient:
    """A new record, with the structure's next number. Its identity is provisoire until evidence comes."""
    with transaction.atomic():
        patient = Patient.objects.create(
            structure=structure,
            ipp=structure.next_ipp(),
            cree_par=auteur,
            sexe=traits.sexe.value,
            **{name: getattr(traits, name) for name in _TRAITS},
        )
        replace_patient(None, patient)
    return patient


def note_without_piece(patient: Patient, raison: str, auteur: Compte) -> SansPiece:
    return SansPiece.objects.create(patient=patient, raison=raison, moment=timezone.now(), auteur=auteur)


def _write_matricule(patient: Patient, matricule: Matricule | None) -> None:
    patient.matricule = matricule.valeur if matricule else ""
    patient.matricule_oid = matricule.oid if matricule else ""
    patient.matricule_index = index_of(matricule) if matricule else ""
    patient.save(update_fields=["matricule", "matricule_oid", "matricule_index"])


_TRAITS = (
    "nom_naissance",
    "prenoms",
    "premier_prenom",
    "date_naissance",
    "date_estimee",
    "lieu_naissance",
    "nom_utilise",
    "prenom_utilise",
)
