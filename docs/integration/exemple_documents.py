# ruff: noqa: INP001, T201 - a script, not a module
"""Trois documents structurés, contrôlés et relus : ``python exemple_documents.py DOSSIER``."""

import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from opensegur.cda import Entete, PatientCda, validate_document
from opensegur.cda.n3 import vaccinations, vsm
from opensegur.cda.n3.allergie import Allergie
from opensegur.cda.n3.biologie import compte_rendu as bio
from opensegur.cda.n3.biologie.analyse import Analyse
from opensegur.cda.n3.biologie.prelevement import Prelevement
from opensegur.cda.n3.intervenant import Intervenant
from opensegur.cda.n3.probleme import Probleme
from opensegur.cda.n3.produit import Produit
from opensegur.cda.n3.traitement import Traitement
from opensegur.cda.n3.vaccination import Vaccination
from opensegur.cda.n3.valeurs import Notion, Periode, Plage, Quantite
from opensegur.cda.participations import Attestation, Participant
from opensegur.cda.pdf import to_pdfa
from opensegur.foundation.acteurs import Code, Professionnel, Structure
from opensegur.foundation.identifiers import new_oid
from opensegur.ins import OID_NIR_TEST, Traits, parse_matricule
from opensegur.medicament.gs1 import parse_box

CIM10, LOINC = "2.16.840.1.113883.6.3", "2.16.840.1.113883.6.1"
dossier, maintenant = Path(sys.argv[1]), datetime.now(UTC)
traits = Traits.typed(
    nom_naissance="Adrtrois",
    premier_prenom="Dominique",
    prenoms="Dominique",
    sexe="F",
    date_naissance="26/02/1997",
    lieu_naissance="20020",
)
patient = PatientCda(traits, parse_matricule("297022A02077878", OID_NIR_TEST))
medecin = Professionnel("899700500012", "MARCHAND", "Claire", "10", "SM26", civilite="MME", titre="DR")
cabinet = Structure("300000099200016", "Cabinet des Tilleuls", "SA07", "AMBULATOIRE")
laboratoire = Structure("300000099200024", "Laboratoire des Lilas", "SA25", "AMBULATOIRE")
moi = Intervenant.of(medecin, cabinet, maintenant)


def entete(type_: Code, titre: str, structure: Structure = cabinet, **plus: object) -> Entete:
    """Ce que tout document porte : qui, pour qui, quand."""
    return Entete(
        new_oid(), new_oid(), 1, type_, titre, maintenant, patient, medecin, structure, medecin, maintenant, **plus
    )


hypertension = Notion("Hypertension artérielle", Code("I10", CIM10, "Hypertension essentielle"))
synthese = vsm.build_vsm(
    entete(vsm.TYPE, vsm.TITRE),
    vsm.Vsm(
        medecin,
        problemes=(Probleme(hypertension, Periode("2019-08")),),
        allergies=(Allergie(Notion("Pénicilline")),),
        traitements=(Traitement(Produit("RAMIPRIL 5 mg, comprimé"), Periode("2019-09"), "1 comprimé le matin"),),
        vigilance=("Clairance à surveiller tous les six mois",),
    ),
)

boite = parse_box("01034009301492251728033110A69C", maintenant.date())
vaccin = Produit(
    "INFLUVAC TETRA, suspension injectable", cis="61077869", cip=boite.cip13, atc="J07BB02", lot=boite.lot,
    peremption=f"{boite.peremption}",
)  # fmt: skip
note = vaccinations.build_vaccination_note(
    entete(vaccinations.NOTE, "Note de vaccination"), Vaccination(vaccin, maintenant, moi, moi)
)

glycemie = Analyse(
    Notion("Glucose", Code("14749-6", LOINC, "Glucose [Moles/Volume] Sérum/Plasma ; Numérique")),
    Quantite(Decimal("5.2"), "mmol/L"),
    maintenant,
    interpretations=("N",),
    reference=Plage(Quantite(Decimal("3.9"), "mmol/L"), Quantite(Decimal("5.5"), "mmol/L")),
)
biochimie = bio.Chapitre(
    Code("18719-5", LOINC, "Chimie"),
    "Biochimie",
    bio.Contenu((glycemie,), (Prelevement(Notion("Prise de sang"), Notion("Sérum"), maintenant),)),
)
resultats = bio.build_cr_bio(
    entete(
        bio.TYPE, bio.TITRE, laboratoire,
        participants=(Participant("REF", medecin, structure=cabinet, fin=maintenant),),
        attestations=(Attestation(medecin, maintenant, laboratoire),),
    ),
    bio.CompteRenduBiologie((biochimie,), to_pdfa(b"Glucose 5,2 mmol/L", title=bio.TITRE).data),
)  # fmt: skip

for nom, document in {"vsm": synthese, "vaccination": note, "biologie": resultats}.items():
    (dossier / f"{nom}.xml").write_bytes(document)
    print(f"{nom}.xml : {len(document)} octets, {len(validate_document(document).findings)} anomalie.")
