"""The metadata of a document and of a lot, as values: what XDS calls DocumentEntry and SubmissionSet.

A value holds what was received as it is; what we send is checked by ``controles`` when the lot is made. Names of
fields are the standard's own (ITI TF-3 4.2.3.2 and 4.2.3.3).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from opensegur.dmp.hl7 import Cx, Xcn, Xon, escape, one_line, unescape
from opensegur.dmp.visibilite import SYSTEM_CONFIDENTIALITE, Visibilite, read_visibilite
from opensegur.foundation.acteurs import Code, Professionnel, Structure
from opensegur.nomenclature import table


class Disponibilite(StrEnum):
    """``availabilityStatus``: set by the registry."""

    APPROVED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved"
    DEPRECATED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated"
    ARCHIVED = "urn:asip:ci-sis:2010:StatusType:Archived"
    DELETED = "urn:asip:ci-sis:2010:StatusType:Deleted"

    @property
    def libelle(self) -> str:
        return _LIBELLES[self]


_LIBELLES = {
    Disponibilite.APPROVED: "Actif",
    Disponibilite.DEPRECATED: "Obsolète",
    Disponibilite.ARCHIVED: "Archivé",
    Disponibilite.DELETED: "Supprimé",
}


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote: a person or a device, for a structure. ``specialty`` ∈ JDV_J01, ``roles`` are labels of JDV_J47."""

    person: Xcn | None = None
    institution: Xon | None = None
    specialty: Code | None = None
    roles: tuple[str, ...] = ()

    @classmethod
    def of_professionnel(cls, professionnel: Professionnel, structure: Structure | None = None) -> Self:
        known = table("JDV_J01").get(professionnel.specialite)
        return cls(
            person=Xcn.of_professionnel(professionnel),
            institution=Xon.of_structure(structure) if structure else None,
            specialty=Code(known.code, known.system, known.label) if known else None,
        )


@dataclass(frozen=True, slots=True)
class SourcePatientInfo:
    """The traits at the moment of writing; ``date_naissance`` is ``AAAAMMJJ``, ``sexe`` M, F or U.

    Never shown as the patient's identity: it is what the source knew (règles de l’INS).
    """

    nom_naissance: str = ""
    premier_prenom: str = ""
    prenoms: str = ""
    nom_utilise: str = ""
    prenom_utilise: str = ""
    date_naissance: str = ""
    sexe: str = ""
    lieu_naissance: str = ""

    def values(self) -> tuple[str, ...]:
        """The values of the slot, one PID field each (ANS volet Transmission, sourcePatientInfo)."""
        birth = _pid5(self.nom_naissance, self.premier_prenom, self.prenoms, "L")
        used = _pid5(self.nom_utilise, self.prenom_utilise, "", "D")
        fields = (
            ("PID-5", birth if self.nom_naissance else ""),
            ("PID-5", used if self.nom_utilise or self.prenom_utilise else ""),
            ("PID-7", self.date_naissance),
            ("PID-8", self.sexe),
            ("PID-11", f"^^^^^^BDL^^{escape(self.lieu_naissance)}" if self.lieu_naissance else ""),
        )
        return tuple(f"{name}|{value}" for name, value in fields if value)


def _pid5(nom: str, prenom: str, prenoms: str, kind: str) -> str:
    return "^".join((*(escape(one_line(part)) for part in (nom, prenom, prenoms)), "", "", "", kind))


def read_source_patient_info(values: tuple[str, ...]) -> SourcePatientInfo | None:
    """Read the slot's values; a PID field of no use to us is skipped, ``None`` when none is left."""
    found: dict[str, str] = {}
    for value in values:
        name, _, content = value.partition("|")
        parts = [unescape(part) for part in (*content.split("^"), *[""] * 9)]
        if name == "PID-5" and parts[6] == "D":
            found |= {"nom_utilise": parts[0], "prenom_utilise": parts[1]}
        elif name == "PID-5":
            found |= {"nom_naissance": parts[0], "premier_prenom": parts[1], "prenoms": parts[2]}
        elif name == "PID-7":
            found["date_naissance"] = parts[0]
        elif name == "PID-8":
            found["sexe"] = parts[0]
        elif name == "PID-11" and parts[6] == "BDL":
            found["lieu_naissance"] = parts[8]
    return SourcePatientInfo(**found) if any(found.values()) else None


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """The metadata of one document (ITI TF-3 4.2.3.2).

    ``unique_id`` is the document's OID, given by whoever wrote it and never changed; ``entry_uuid``, ``logical_id``,
    ``version``, ``availability_status`` and ``repository_unique_id`` are the registry's ("" or ``None`` before).
    ``hash`` is the SHA-1 in hexadecimal. Moments are aware, in UTC. ``source`` is the entry as it was received.
    """

    unique_id: str
    patient_id: Cx
    type_code: Code
    class_code: Code
    format_code: Code
    confidentiality_codes: tuple[Code, ...]
    healthcare_facility_type: Code
    practice_setting: Code
    title: str
    authors: tuple[Author, ...]
    creation_time: datetime | None
    service_start_time: datetime | None = None
    service_stop_time: datetime | None = None
    legal_authenticator: Xcn | None = None
    language_code: str = "fr-FR"
    mime_type: str = "text/xml"
    comments: str = ""
    source_patient_id: Cx | None = None
    source_patient_info: SourcePatientInfo | None = None
    event_codes: tuple[Code, ...] = ()
    reference_ids: tuple[str, ...] = ()
    hash: str = ""
    size: int | None = None
    entry_uuid: str = ""
    logical_id: str = ""
    version: str = ""
    availability_status: Disponibilite | None = None
    repository_unique_id: str = ""
    source: bytes = field(default=b"", compare=False, repr=False)

    @property
    def visibilite(self) -> Visibilite:
        return read_visibilite(self.confidentiality_codes)

    @property
    def depose_par_le_patient(self) -> bool:
        """Filed by the patient or a relative (class 90, types DOCPAT and EXPPAT)."""
        return self.class_code.code == "90" or self.type_code.code.startswith(("DOCPAT", "EXPPAT"))

    @property
    def est_signature(self) -> bool:
        """The signature of a lot: an entry like the others for the registry, of no interest to a reader."""
        return self.type_code.code == "E1762"

    def with_visibilite(self, visibilite: Visibilite) -> Self:
        """The same entry, seen by those whom ``visibilite`` lets see it; the base level stays."""
        base = tuple(code for code in self.confidentiality_codes if code.system == SYSTEM_CONFIDENTIALITE)
        return replace(self, confidentiality_codes=(*base, *visibilite.codes))

    def with_content(self, data: bytes) -> Self:
        """The same entry with the hash and the size of ``data``, the very bytes that will be sent."""
        return replace(self, hash=hash_of(data), size=len(data))


@dataclass(frozen=True, slots=True)
class SubmissionSet:
    """The metadata of a lot (ITI TF-3 4.2.3.3): one ``author``, the sender, who need not be the documents' author.

    ``content_type`` ∈ JDV_J59 says in which activity the lot was made; ``source_id`` is the software's OID.
    """

    unique_id: str
    patient_id: Cx
    source_id: str
    content_type: Code
    author: Author
    submission_time: datetime | None
    title: str = ""
    comments: str = ""
    entry_uuid: str = ""
    availability_status: Disponibilite | None = None


def hash_of(data: bytes) -> str:
    """SHA-1 in lower-case hexadecimal, which the standard fixes (ITI TF-3 4.2.3.2.10): not a protection."""
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()
