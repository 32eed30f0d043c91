"""Ready values for the tests of whoever makes or reads documents: fictional people, a valid header, small files.

entete = sample_entete(titre="Compte rendu")
document = sample_n1()
"""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from opensegur.cda.document import Entete, Identifiant, PatientCda, Remplacement
from opensegur.cda.document_lu import Modele
from opensegur.cda.header import build_document
from opensegur.cda.n1 import TEXT, build_n1
from opensegur.cda.noeud import Noeud
from opensegur.cda.participations import (
    Attestation,
    Destinataire,
    LienProche,
    Participant,
    Proche,
    Representant,
)
from opensegur.cda.reading import PDF_COPY
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


_PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(16)).decode("ascii")
_PDF = base64.b64encode(b"%PDF-1.4\n%fictif\n").decode("ascii")

_STRUCTURED_BODY = f"""
<component><structuredBody>
  <component><section ID="s1">
    <code code="11450-4" codeSystem="{LOINC}" displayName="Problèmes"/>
    <title>Problèmes actifs</title>
    <text><table><thead><tr><th styleCode="Bold">Problème</th></tr></thead>
      <tbody><tr><td colspan="2"><content ID="p1">Asthme</content></td></tr></tbody></table>
      <list listType="ordered"><caption>Liste</caption><item>Un</item><item>Deux</item></list>
      <renderMultiMedia referencedObject="img1"><caption>Schéma</caption></renderMultiMedia></text>
    <entry><observation classCode="OBS" moodCode="EVN">
      <code code="11450-4" codeSystem="{LOINC}"/><text><reference value="#p1"/></text>
    </observation></entry>
    <entry><observationMedia ID="img1" classCode="OBS" moodCode="EVN">
      <value mediaType="image/png" representation="B64">{_PNG}</value></observationMedia></entry>
  </section></component>
  <component><section>
    <templateId root="{PDF_COPY}"/>
    <id root="2b1c6c46-3a58-4b8e-9d0a-5a1f64a2b9c1"/>
    <code code="55108-5" codeSystem="{LOINC}" displayName="Copie du document"/>
    <title>Copie du document</title>
    <text><renderMultiMedia referencedObject="doc1"/></text>
    <entry><observationMedia ID="doc1" classCode="OBS" moodCode="EVN">
      <value mediaType="application/pdf" representation="B64">{_PDF}</value></observationMedia></entry>
  </section></component>
</structuredBody></component>
"""


def sample_n3(entete: Entete | None = None) -> bytes:
    """A small structured document: a section with a table, a list and an image, and a PDF copy. No real volet."""
    return build_document(
        entete or sample_entete(), (Modele("1.2.250.1.213.1.1.1.45", "2024.01"),), Noeud(_STRUCTURED_BODY)
    )


def sample_n1(entete: Entete | None = None) -> bytes:
    """The bytes of a valid N1 document with a text body."""
    return build_n1(entete or sample_entete(), "Examen clinique sans particularité.\n".encode(), TEXT)
