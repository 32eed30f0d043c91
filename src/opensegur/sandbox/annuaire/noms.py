"""The addresses of systems and profiles that the directory writes. Source: IG-fhir-annuaire 1.2.0."""

from __future__ import annotations

from typing import Final

PROFIL: Final = "https://interop.esante.gouv.fr/ig/fhir/annuaire/StructureDefinition/"
TYPES: Final = "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0203"
TYPE_ORGANISATION: Final = f"{PROFIL}as-ext-organization-types"
CARTE: Final = f"{PROFIL}as-ext-smartcard"

IDNPS: Final = "urn:oid:1.2.250.1.71.4.2.1"
RPPS: Final = "https://rpps.esante.gouv.fr"
IDNST: Final = "urn:oid:1.2.250.1.71.4.2.2"
FINESS: Final = "https://finess.esante.gouv.fr"
SIRET: Final = "https://sirene.fr"

SOURCE: Final = "https://annuaire.sante.fr"


def nos(table: str) -> str:
    """``TRE_G15-ProfessionSante`` as the directory names the code system."""
    return f"https://mos.esante.gouv.fr/NOS/{table}/FHIR/{table.replace('_', '-')}"


PROFESSION: Final = nos("TRE_G15-ProfessionSante")
CATEGORIE: Final = nos("TRE_R09-CategorieProfessionnelle")
SPECIALITE: Final = nos("TRE_R38-SpecialiteOrdinale")
TYPE_SAVOIR_FAIRE: Final = nos("TRE_R04-TypeSavoirFaire")
CIVILITE: Final = nos("TRE_R81-Civilite")
GENRE: Final = nos("TRE_R22-GenreActivite")
MODE: Final = nos("TRE_R23-ModeExercice")
SECTION: Final = nos("TRE_G05-SectionPharmacien")
SECTEUR: Final = nos("TRE_R02-SecteurActivite")
TYPE_CARTE: Final = nos("TRE_R87-TypeCarte")
