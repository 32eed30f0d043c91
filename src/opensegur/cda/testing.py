"""Ready values for the tests of whoever makes or reads documents: fictional people, a valid header, small files.

entete = sample_entete(titre="Compte rendu")
document = sample_n1()
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from opensegur.cda.document import Entete, Identifiant, PatientCda, Remplacement
from opensegur.cda.n1 import TEXT, build_n1
from opensegur.cda.participations import (
    Attestation,
    Destinataire,
    LienProche,
    Participant,
    Proche,
    Representant,
)
from opensegur.foundation.acteurs import Adresse, Code, Professionnel, Structure, Telecom
from opensegur.ins.matricule import Matricule, compute_key
from opensegur.ins.oids import OID_NIR_TEST
from opensegur.ins.traits import Sexe, Traits

LOINC = "2.16.840.1.113883.6.1"
OID_PARENTE = "2.16.840.1.113883.5.111"

NIR = "2790351215189"
MATRICULE = Matricule(NIR + compute_key(NIR), OID_NIR_TEST)

TRAITS = Traits(
    nom_naissance="DUPONT-EXEMPLE",
    prenoms="CAMILLE ANNE",
    premier_prenom="CAMILLE",
    date_naissance="1979-03-28",
    sexe=Sexe.F,
    lieu_naissance="51215",
    nom_utilise="MARTIN",
    prenom_utilise="CAMILLE",
)

ADRESSE = Adresse(lignes=("12 rue des Exemples", "Bâtiment B"), code_postal="75011", ville="PARIS")

PATIENT = PatientCda(
    traits=TRAITS,
    matricule=MATRICULE,
    ipp="P-000042",
    ipp_oid="1.2.250.1.999.1.7",
    adresse=ADRESSE,
    telecoms=(Telecom("tel:0102030405", "H"),),
)

MEDECIN = Professionnel(
    id_nat="810000000017",
    nom="PERRIN",
    prenom="Claire",
    profession="10",
    savoir_faire="SM26",
    civilite="MME",
    titre="DR",
)

INFIRMIER = Professionnel(id_nat="810000000025", nom="LEROY", prenom="Paul", profession="60", civilite="M")

CABINET = Structure(
    id_nat="1750000016",
    nom="Cabinet médical des Exemples",
    secteur="SA07",
    cadre="AMBULATOIRE",
    adresse=Adresse(lignes=("1 place de la Source",), code_postal="75011", ville="PARIS"),
    telecoms=(Telecom("tel:0102030400", "WP"),),
)

MOMENT = datetime(2026, 3, 12, 9, 30, tzinfo=UTC)


def sample_entete(**changes: Any) -> Entete:
    """A valid header of a consultation report; ``changes`` replace its fields by name."""
    entete = Entete(
        uid="1.2.250.1.999.1.1.20260312.1",
        set_id="1.2.250.1.999.1.2.20260312",
        version=1,
        type=Code("11488-4", LOINC),
        titre="Compte rendu de consultation du 12 mars 2026",
        created_at=MOMENT,
        patient=PATIENT,
        auteur=MEDECIN,
        structure=CABINET,
        responsable=MEDECIN,
        acte_debut=MOMENT,
    )
    return replace(entete, **changes) if changes else entete


def complete_entete() -> Entete:
    """A header that uses every optional part, second version of its document."""
    return sample_entete(
        version=2,
        uid="1.2.250.1.999.1.1.20260312.2",
        remplace=Remplacement("1.2.250.1.999.1.1.20260312.1", 1),
        acte_code=Code("34117-2", LOINC, "Historique et clinique"),
        acte_fin=MOMENT.replace(hour=10),
        prise_en_charge=Code("AMB", "2.16.840.1.113883.5.4"),
        auteur_fonction=Code("PCP", "2.16.840.1.113883.5.88"),
        auteur_at=MOMENT,
        responsable_at=MOMENT,
        executant=INFIRMIER,
        operateur_saisie=INFIRMIER,
        patient=replace(
            PATIENT,
            deces="",
            rang_naissance=2,
            representants=(Representant("DUPONT-EXEMPLE", "Jeanne", "MME", ADRESSE, PATIENT.telecoms),),
        ),
        proches=(
            Proche(LienProche.CONFIANCE, "EXEMPLE", "Luc", Code("FTH", OID_PARENTE), ADRESSE, PATIENT.telecoms),
        ),
        destinataires=(Destinataire(INFIRMIER, CABINET, (Telecom("mailto:paul.leroy@exemple.mssante.fr"),)),),
        attestations=(Attestation(INFIRMIER, MOMENT, CABINET),),
        participants=(
            Participant("REF", MEDECIN, structure=CABINET, fin=MOMENT),
            Participant("PRF", INFIRMIER, Code("PRELV", "1.2.250.1.213.1.1.4.2.280")),
        ),
        prescriptions=(Identifiant("1.2.250.1.999.1.3", "ORD-2026-7"),),
    )


def sample_n1(entete: Entete | None = None) -> bytes:
    """The bytes of a valid N1 document with a text body."""
    return build_n1(entete or sample_entete(), "Examen clinique sans particularité.\n".encode(), TEXT)
