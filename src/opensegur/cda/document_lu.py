"""What a document says once read: frozen values, as found, whether or not they are valid.

Nothing is corrected here: a document from outside may be wrong and must still be shown.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from opensegur.cda.document import Identifiant
from opensegur.foundation.acteurs import Code


class Niveau(StrEnum):
    N1 = "N1"
    N3 = "N3"


@dataclass(frozen=True, slots=True)
class Modele:
    """A ``templateId``: ``version`` is its extension ("" when absent)."""

    oid: str
    version: str = ""


@dataclass(frozen=True, slots=True)
class Horodatage:
    """A time as written (``brut``, HL7 TS) and the moment it means (``None`` when it has no usable value)."""

    brut: str = ""
    moment: datetime | None = None


@dataclass(frozen=True, slots=True)
class Coordonnee:
    """A ``telecom`` as found; unlike a value of ours, its scheme may be missing or unusual."""

    valeur: str
    usage: str = ""


@dataclass(frozen=True, slots=True)
class StructureLue:
    """An organisation; ``cadre`` is its JDV_J04 code where the header gives it."""

    identifiants: tuple[Identifiant, ...] = ()
    nom: str = ""
    adresse: str = ""
    telecoms: tuple[Coordonnee, ...] = ()
    cadre: Code | None = None

    @property
    def id_nat(self) -> str:
        """The Struct_IdNat, or ``""``."""
        return next((found.extension for found in self.identifiants if found.root == "1.2.250.1.71.4.2.2"), "")


@dataclass(frozen=True, slots=True, repr=False)
class ActeurLu:
    """A person (or a device, then ``dispositif`` names it) with its role in the document."""

    identifiants: tuple[Identifiant, ...] = ()
    nom: str = ""
    prenom: str = ""
    civilite: str = ""
    titre: str = ""
    profession: Code | None = None
    fonction: Code | None = None
    role: str = ""
    horodatage: Horodatage = Horodatage()
    structure: StructureLue | None = None
    adresse: str = ""
    telecoms: tuple[Coordonnee, ...] = ()
    dispositif: str = ""

    @property
    def id_nat(self) -> str:
        """The PS_IdNat, or ``""``."""
        return next((found.extension for found in self.identifiants if found.root == "1.2.250.1.71.4.2.1"), "")

    @property
    def libelle(self) -> str:
        """The name to show: « Dr Claire Martin », « M. Paul Petit » or the device."""
        if self.dispositif and not self.nom:
            return self.dispositif
        before = {"DR": "Dr", "PR": "Pr"}.get(self.titre) or {"M": "M.", "MME": "Mme"}.get(self.civilite, "")
        return " ".join(part for part in (before, self.prenom, self.nom) if part)

    def __repr__(self) -> str:
        # an actor may be somebody close to the patient
        return f"ActeurLu({self.role})"


@dataclass(frozen=True, slots=True, repr=False)
class PatientLu:
    """The patient: traits as written; ``date_naissance`` is ``AAAA-MM-JJ`` when eight digits were given."""

    identifiants: tuple[Identifiant, ...] = ()
    nom_naissance: str = ""
    nom_utilise: str = ""
    prenoms: str = ""
    premier_prenom: str = ""
    prenom_utilise: str = ""
    sexe: str = ""
    date_naissance: str = ""
    lieu_naissance: str = ""
    lieu_naissance_libelle: str = ""
    adresse: str = ""
    telecoms: tuple[Coordonnee, ...] = ()
    deces: str | None = None

    @property
    def ins(self) -> Identifiant | None:
        """The INS (NIR or NIA, production, test or demonstration) with its OID."""
        return next((found for found in self.identifiants if found.root in INS_ROOTS), None)

    @property
    def ipp(self) -> Identifiant | None:
        return next((found for found in self.identifiants if found.root not in INS_ROOTS), None)

    def __repr__(self) -> str:
        # an identity must not reach a log through a representation
        return "PatientLu(…)"


INS_ROOTS = frozenset(f"1.2.250.1.213.1.4.{arc}" for arc in (8, 9, 10, 11))


@dataclass(frozen=True, slots=True)
class ActeLu:
    """One ``documentationOf``; the first of a document is the main act."""

    identifiants: tuple[Identifiant, ...] = ()
    code: Code | None = None
    debut: Horodatage = Horodatage()
    fin: Horodatage = Horodatage()
    executants: tuple[ActeurLu, ...] = ()


@dataclass(frozen=True, slots=True)
class RencontreLue:
    """``componentOf/encompassingEncounter``; ``secteur`` is the JDV_J02 code of the facility."""

    code: Code | None = None
    debut: Horodatage = Horodatage()
    fin: Horodatage = Horodatage()
    secteur: Code | None = None
    lieu: str = ""


@dataclass(frozen=True, slots=True)
class Fichier:
    """A file carried by a document, decoded; ``illisible`` when its base64 does not decode."""

    media_type: str
    data: bytes = field(repr=False)
    illisible: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class SectionLue:
    """A section of an N3 body: ``texte`` is its narrative as plain text, ``sections`` its children."""

    titre: str
    code: Code | None = None
    modeles: tuple[Modele, ...] = ()
    texte: str = ""
    identifiant: str = ""
    sections: tuple[SectionLue, ...] = ()

    def __repr__(self) -> str:
        return f"SectionLue({self.code.code if self.code else ''})"


@dataclass(frozen=True, slots=True, repr=False)
class DocumentLu:
    """A whole document read.

    ``corps`` is the file of an N1 body; ``copie_pdf`` the PDF copy of an N3 body (CI-SIS section « Copie du
    document »); ``sections`` its narrative; ``remplace`` the id of the version that it replaces.
    Visibility (masking) is not in a document: ask the DMP's metadata.
    """

    niveau: Niveau
    uid: Identifiant
    set_id: Identifiant | None
    version: int | None
    type: Code
    titre: str
    created_at: Horodatage
    confidentialite: Code
    language: str
    modeles: tuple[Modele, ...]
    patient: PatientLu
    auteurs: tuple[ActeurLu, ...]
    structure: StructureLue
    responsable: ActeurLu | None
    actes: tuple[ActeLu, ...]
    rencontre: RencontreLue | None
    remplace: Identifiant | None
    remplace_version: int | None
    prescriptions: tuple[Identifiant, ...] = ()
    destinataires: tuple[ActeurLu, ...] = ()
    attestations: tuple[ActeurLu, ...] = ()
    participants: tuple[ActeurLu, ...] = ()
    operateur_saisie: ActeurLu | None = None
    corps: Fichier | None = None
    copie_pdf: bytes | None = None
    sections: tuple[SectionLue, ...] = ()

    @property
    def acte_principal(self) -> ActeLu | None:
        return self.actes[0] if self.actes else None

    @property
    def cadre(self) -> Code | None:
        """The practice setting (JDV_J04) of the main act's performer."""
        performers = self.acte_principal.executants if self.acte_principal else ()
        return next((found.structure.cadre for found in performers if found.structure), None)

    def __repr__(self) -> str:
        return f"DocumentLu({self.niveau.value}, {self.type.code}, {self.uid.root})"
