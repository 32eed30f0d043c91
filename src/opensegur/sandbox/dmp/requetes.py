"""The stored queries that the DMP answers, as a table: parameters, their kinds, which are required or repeated.

Source: IHE ITI TF-2 3.18.4.1.2.3.7 (queries and parameters).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from opensegur.sandbox.dmp import noms


class Sorte(StrEnum):
    TEXTE = "texte"
    CODE = "code"
    DATE = "date"
    STATUT = "statut"
    PATIENT = "patient"
    MOTIF = "motif"


@dataclass(frozen=True, slots=True)
class Parametre:
    """``cle`` is what it filters: a slot or a classification scheme. ``et`` allows the name more than once."""

    nom: str
    sorte: Sorte
    cle: str = ""
    obligatoire: bool = False
    plusieurs: bool = True
    et: bool = False


@dataclass(frozen=True, slots=True)
class Requete:
    """``exclusifs`` are two parameters of which exactly one is sent."""

    nom: str
    parametres: tuple[Parametre, ...]
    exclusifs: tuple[str, str] | None = None

    def parametre(self, nom: str) -> Parametre | None:
        return next((item for item in self.parametres if item.nom == nom), None)


def _dates(prefix: str, name: str, slot: str) -> Iterator[Parametre]:
    for end in ("From", "To"):
        yield Parametre(f"${prefix}{name}{end}", Sorte.DATE, slot, plusieurs=False)


_FICHE = "XDSDocumentEntry"
_LOT = "XDSSubmissionSet"
_DOCUMENTS: Final = (
    Parametre(f"${_FICHE}PatientId", Sorte.PATIENT, plusieurs=False),
    Parametre(f"${_FICHE}Status", Sorte.STATUT, obligatoire=True),
    Parametre(f"${_FICHE}ClassCode", Sorte.CODE, noms.CLASSE),
    Parametre(f"${_FICHE}TypeCode", Sorte.CODE, noms.TYPE),
    Parametre(f"${_FICHE}PracticeSettingCode", Sorte.CODE, noms.CADRE),
    Parametre(f"${_FICHE}HealthcareFacilityTypeCode", Sorte.CODE, noms.ETABLISSEMENT),
    Parametre(f"${_FICHE}EventCodeList", Sorte.CODE, noms.EVENEMENT, et=True),
    Parametre(f"${_FICHE}ConfidentialityCode", Sorte.CODE, noms.CONFIDENTIALITE, et=True),
    Parametre(f"${_FICHE}FormatCode", Sorte.CODE, noms.FORMAT),
    Parametre(f"${_FICHE}AuthorPerson", Sorte.MOTIF, noms.AUTEUR),
    Parametre(f"${_FICHE}Type", Sorte.TEXTE, "objectType"),
    *_dates(_FICHE, "CreationTime", "creationTime"),
    *_dates(_FICHE, "ServiceStartTime", "serviceStartTime"),
    *_dates(_FICHE, "ServiceStopTime", "serviceStopTime"),
)
_ENTRY_UUID: Final = Parametre(f"${_FICHE}EntryUUID", Sorte.TEXTE)
_UNIQUE_ID: Final = Parametre(f"${_FICHE}UniqueId", Sorte.TEXTE)
_EITHER: Final = (_ENTRY_UUID.nom, _UNIQUE_ID.nom)
_UUID: Final = Parametre("$uuid", Sorte.TEXTE, obligatoire=True)

REQUETES: Final[dict[str, Requete]] = {
    "urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d": Requete("FindDocuments", _DOCUMENTS),
    "urn:uuid:12941a89-e02e-4be5-967c-ce4bfc8fe492": Requete(
        "FindDocumentsByReferenceId",
        (
            *_DOCUMENTS,
            Parametre(
                f"${_FICHE}ReferenceIdList",
                Sorte.TEXTE,
                "urn:ihe:iti:xds:2013:referenceIdList",
                obligatoire=True,
                et=True,
            ),
        ),
    ),
    "urn:uuid:f26abbcb-ac74-4422-8a30-edb644bbc1a9": Requete(
        "FindSubmissionSets",
        (
            Parametre(f"${_LOT}PatientId", Sorte.PATIENT, plusieurs=False),
            Parametre(f"${_LOT}Status", Sorte.STATUT, obligatoire=True),
            Parametre(f"${_LOT}SourceId", Sorte.TEXTE, noms.LOT_SOURCE),
            Parametre(f"${_LOT}AuthorPerson", Sorte.MOTIF, noms.LOT_AUTEUR, plusieurs=False),
            Parametre(f"${_LOT}ContentType", Sorte.CODE, noms.LOT_CONTENU),
            *_dates(_LOT, "SubmissionTime", "submissionTime"),
        ),
    ),
    "urn:uuid:5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4": Requete("GetDocuments", (_ENTRY_UUID, _UNIQUE_ID), _EITHER),
    "urn:uuid:a7ae438b-4bc2-4642-93e9-be891f7bb155": Requete("GetAssociations", (_UUID,)),
    "urn:uuid:bab9529a-4a10-40b3-a01f-f68a615d247a": Requete(
        "GetDocumentsAndAssociations", (_ENTRY_UUID, _UNIQUE_ID), _EITHER
    ),
    "urn:uuid:51224314-5390-4169-9b91-b1980040715a": Requete("GetSubmissionSets", (_UUID,)),
    "urn:uuid:e8e3cb2c-e39c-46b9-99e4-c12f57260b83": Requete(
        "GetSubmissionSetAndContents",
        (
            Parametre(f"${_LOT}EntryUUID", Sorte.TEXTE, plusieurs=False),
            Parametre(f"${_LOT}UniqueId", Sorte.TEXTE, plusieurs=False),
            Parametre(f"${_FICHE}FormatCode", Sorte.CODE, noms.FORMAT),
            Parametre(f"${_FICHE}ConfidentialityCode", Sorte.CODE, noms.CONFIDENTIALITE, et=True),
        ),
        (f"${_LOT}EntryUUID", f"${_LOT}UniqueId"),
    ),
    "urn:uuid:d90e5407-b356-4d91-a89f-873917b4b0e6": Requete(
        "GetRelatedDocuments",
        (
            Parametre(_ENTRY_UUID.nom, Sorte.TEXTE, plusieurs=False),
            Parametre(_UNIQUE_ID.nom, Sorte.TEXTE, plusieurs=False),
            Parametre("$AssociationTypes", Sorte.TEXTE, obligatoire=True),
        ),
        _EITHER,
    ),
}
