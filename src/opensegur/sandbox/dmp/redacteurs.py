"""Who wrote a document of the start: a professional, the patient, or the health insurance's own software.

Each knows how it is written in XDS (XCN, XON, specialty) and in a CDA. Sources: ANS volet Transmission (XCN and XON
of a patient and of an SNR), CI-SIS Structuration minimale §author and §custodian.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from opensegur.foundation.acteurs import Code, Professionnel, Structure
from opensegur.nomenclature import table
from opensegur.sandbox.dmp import noms
from opensegur.sandbox.population.personnes import Personne

_SECTEURS: Final = "1.2.250.1.71.4.2.4"
_CADRES: Final = "1.2.250.1.213.1.1.4.9"
_NON_PS: Final = "1.2.250.1.213.1.1.4.6"
_SPECIALITES: Final = "1.2.250.1.213.1.1.4.5"


@dataclass(frozen=True, slots=True)
class Redacteur:
    """``racine`` and ``identifiant`` are the CDA's II; ``organisation`` that of the custodian, with its name.

    ``logiciel`` is a device's model, empty for a person.
    """

    nom: str
    prenom: str
    racine: str
    identifiant: str
    specialite: Code
    xcn: str
    organisation: tuple[str, str, str]
    secteur: Code
    cadre: Code
    institution: str = ""
    logiciel: str = ""


def _code(name: str, code: str, system: str) -> Code:
    return Code(code, system, table(name).label(code))


def professional(person: Professionnel, structure: Structure) -> Redacteur:
    return Redacteur(
        nom=person.nom,
        prenom=person.prenom,
        racine=noms.OID_PS,
        identifiant=person.id_nat,
        specialite=_code("JDV_J01", person.specialite, _SPECIALITES),
        xcn=f"{person.id_nat}^{person.nom}^{person.prenom}^^^^^^&{noms.OID_PS}&ISO^D^^^IDNPS",
        organisation=(noms.OID_STRUCTURE, structure.id_nat, structure.nom),
        secteur=_code("JDV_J02", structure.secteur, _SECTEURS),
        cadre=_code("JDV_J62", structure.cadre, _CADRES),
        institution=f"{structure.nom}^^^^^&{noms.OID_STRUCTURE}&ISO^IDNST^^^{structure.id_nat}",
    )


def the_patient(patient: Personne) -> Redacteur:
    first = patient.premier_prenom
    return Redacteur(
        nom=patient.nom_naissance,
        prenom=first,
        racine=patient.oid,
        identifiant=patient.ins,
        specialite=Code("EXP_PATIENT", _NON_PS, "Expression personnelle du patient"),
        xcn=f"{patient.ins}^{patient.nom_naissance}^{first}^^^^^^&{patient.oid}&ISO^D^^^NH",
        organisation=("1.2.250.1.213.4.1", "", "DMP"),
        secteur=Code("EXP_PATIENT", _NON_PS, "Expression personnelle du patient"),
        cadre=Code("EXP_PATIENT", _NON_PS, "Expression personnelle du patient"),
    )


ASSURANCE_MALADIE: Final = Redacteur(
    nom="ASSURANCE MALADIE",
    prenom="",
    racine="1.3.2",
    identifiant="180035024",
    specialite=Code("SNR", _NON_PS, "Service numérique référencé"),
    xcn="180035024^ASSURANCE MALADIE^HISTORIQUE DES SOINS^^^^^^&1.3.2&ISO^U^^^RI",
    organisation=("1.2.250.1.213.4.1", "", "DMP"),
    secteur=Code("SNR", _NON_PS, "Service numérique référencé"),
    cadre=Code("AMO", _CADRES, "Organisme d'assurance maladie obligatoire"),
    institution="ASSURANCE MALADIE^^^^^&1.3.2&ISO^SIREN^^^180035024",
    logiciel="HISTORIQUE DES SOINS",
)
