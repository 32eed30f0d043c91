"""The header of a document to be built: one frozen value, valid or not made.

Source: CI-SIS Structuration minimale des documents de santé, entête; JDV_J01, J02, J04, J07, J47, J142.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from opensegur.cda.checks import (
    check_code,
    check_interval,
    check_moment,
    check_required,
    check_texts,
    concept_of,
)
from opensegur.cda.participations import Attestation, Destinataire, LienProche, Participant, Proche, Representant
from opensegur.cda.patient import PatientCda
from opensegur.foundation.acteurs import Code, Professionnel, Structure
from opensegur.foundation.errors import InvalidValue
from opensegur.foundation.identifiers import check_oid

__all__ = [
    "Attestation",
    "Destinataire",
    "Entete",
    "Identifiant",
    "LienProche",
    "Participant",
    "PatientCda",
    "Proche",
    "Remplacement",
    "Representant",
]

# a real value set, but of the XDS metadata: a document that carries one is refused
_MASKING = frozenset({"MASQUE_PS", "INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX"})
_CONFIDENTIALITY = frozenset({"N", "R", "V"})
# in JDV_J07 for the XDS metadata of a signature; its code system (ASTM) is no OID and the checks refuse it
_SIGNATURE = "E1762"
_LANGUAGE = re.compile(r"[a-z]{2}-[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class Identifiant:
    """An HL7 ``II``: an OID ``root`` and what it numbers."""

    root: str
    extension: str = ""


@dataclass(frozen=True, slots=True)
class Remplacement:
    """The version that this document replaces (``relatedDocument`` RPLC)."""

    uid: str
    version: int

    def __post_init__(self) -> None:
        check_oid(self.uid)
        _check_version(self.version)


@dataclass(frozen=True, slots=True, repr=False)
class Entete:
    """Everything that the header of a CDA R2 document says.

    ``uid`` is the OID of this version, ``set_id`` the OID common to all versions, ``type`` a code of JDV_J07.
    ``structure`` keeps the document (custodian) and is where the act was done; ``responsable`` answers for the
    content (legalAuthenticator); ``executant`` did the act (the author by default). Moments are aware.
    ``acte_statut`` (``completed``, ``active``) is what a report of biology says of its progress; ``autres_actes`` are
    the codes of the further acts that the document is about.

    Raises ``InvalidValue`` (codes CDA_…) with a French message for whatever the national checks would refuse.
    """

    uid: str
    set_id: str
    version: int
    type: Code
    titre: str
    created_at: datetime
    patient: PatientCda
    auteur: Professionnel
    structure: Structure
    responsable: Professionnel
    acte_debut: datetime
    acte_fin: datetime | None = None
    acte_code: Code | None = None
    prise_en_charge: Code | None = None
    remplace: Remplacement | None = None
    confidentialite: str = "N"
    language: str = "fr-FR"
    executant: Professionnel | None = None
    auteur_fonction: Code | None = None
    auteur_at: datetime | None = None
    responsable_at: datetime | None = None
    operateur_saisie: Professionnel | None = None
    proches: tuple[Proche, ...] = ()
    destinataires: tuple[Destinataire, ...] = ()
    attestations: tuple[Attestation, ...] = ()
    participants: tuple[Participant, ...] = ()
    prescriptions: tuple[Identifiant, ...] = ()
    acte_identifiants: tuple[Identifiant, ...] = ()
    acte_statut: str = ""
    autres_actes: tuple[Code, ...] = ()
    responsable_prise_en_charge: Professionnel | None = None

    def __post_init__(self) -> None:
        check_texts(self)
        check_oid(self.uid)
        check_oid(self.set_id)
        self._check_versions()
        check_code("JDV_J07", self.type, quoi="Type de document")
        if self.type.code == _SIGNATURE:
            raise InvalidValue(
                "CDA_TYPE_SIGNATURE",
                "Ce type est celui de la signature d’un lot, qui n’est pas un document CDA.",
                conseil="Choisissez le type du document lui-même.",
            )
        check_required(self.titre, quoi="Titre du document")
        self._check_confidentiality()
        if not _LANGUAGE.fullmatch(self.language):
            raise InvalidValue(
                "CDA_LANGUE", "La langue du document n’est pas valide.", conseil="Écrivez par exemple fr-FR."
            )
        self._check_moments()
        self._check_actors()
        for each in (*self.prescriptions, *self.acte_identifiants):
            check_oid(each.root)

    @property
    def professionnels(self) -> tuple[Professionnel, ...]:
        """Every professional named in the header."""
        named = (
            self.auteur,
            self.responsable,
            self.executant,
            self.operateur_saisie,
            self.responsable_prise_en_charge,
        )
        return (
            *(person for person in named if person is not None),
            *(recipient.professionnel for recipient in self.destinataires),
            *(attestation.professionnel for attestation in self.attestations),
            *(participant.professionnel for participant in self.participants),
        )

    def __repr__(self) -> str:
        # a title may name the patient
        return f"Entete({self.type.code}, {self.uid}, version {self.version})"

    def _check_versions(self) -> None:
        _check_version(self.version)
        replaced = self.remplace
        if (self.version > 1) != (replaced is not None):
            raise InvalidValue(
                "CDA_REMPLACEMENT",
                "Le numéro de version et le document remplacé ne concordent pas.",
                conseil="La version 1 ne remplace rien ; à partir de la version 2, donnez l’OID de la précédente.",
            )
        if replaced is not None and (replaced.version >= self.version or replaced.uid == self.uid):
            raise InvalidValue(
                "CDA_REMPLACEMENT",
                "Le document remplacé doit être une version antérieure, avec un autre identifiant.",
                conseil="Donnez un nouvel OID à cette version et augmentez son numéro.",
            )

    def _check_confidentiality(self) -> None:
        if self.confidentialite in _MASKING:
            raise InvalidValue(
                "CDA_MASQUAGE",
                "Le masquage ne s’écrit pas dans le document : c’est une métadonnée du DMP.",
                conseil="Laissez la confidentialité N et demandez le masquage lors de l’envoi au DMP.",
            )
        if self.confidentialite not in _CONFIDENTIALITY:
            raise InvalidValue(
                "CDA_CONFIDENTIALITE",
                "Le niveau de confidentialité n’est pas admis.",
                conseil="Choisissez N (normal), R (restreint) ou V (très restreint).",
            )

    def _check_moments(self) -> None:
        check_moment(self.created_at, quoi="Date de création du document")
        for moment in (self.auteur_at, self.responsable_at):
            if moment is not None:
                check_moment(moment, quoi="Date de contribution")
        check_interval(self.acte_debut, self.acte_fin, quoi="Dates de l’acte")

    def _check_actors(self) -> None:
        concept_of("JDV_J02", self.structure.secteur, quoi="Secteur d’activité de la structure")
        concept_of("JDV_J04", self.structure.cadre, quoi="Cadre d’exercice de la structure")
        for person in self.professionnels:
            concept_of("JDV_J01", person.specialite, quoi="Profession et spécialité")
            if person.civilite:
                concept_of("JDV_J245", person.civilite, quoi="Civilité du professionnel")
            if person.titre:
                concept_of("JDV_J246", person.titre, quoi="Titre du professionnel")
        if self.auteur_fonction is not None:
            check_code("JDV_J47", self.auteur_fonction, quoi="Fonction de l’auteur")
        if self.prise_en_charge is not None:
            check_code("JDV_J142", self.prise_en_charge, quoi="Type de prise en charge")
        if self.acte_code is not None:
            check_required(self.acte_code.code, quoi="Code de l’acte")
            check_oid(self.acte_code.system)


def _check_version(version: int) -> None:
    if version < 1:
        raise InvalidValue(
            "CDA_VERSION",
            "Le numéro de version d’un document commence à 1.",
            conseil="Corrigez le numéro de version.",
        )
