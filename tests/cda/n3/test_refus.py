"""What cannot be written is refused when it is made, in French, with what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from cda.n3.documents import BY_NAME
from opensegur.cda.n3 import vaccinations, vsm
from opensegur.cda.n3.allergie import Allergie
from opensegur.cda.n3.biologie import compte_rendu as bio
from opensegur.cda.n3.biologie.analyse import Analyse
from opensegur.cda.n3.famille import AntecedentFamilial
from opensegur.cda.n3.habitude import Habitude
from opensegur.cda.n3.image import Image
from opensegur.cda.n3.intervenant import Intervenant
from opensegur.cda.n3.mesures import Mesure
from opensegur.cda.n3.pharmacie.dispensation import Dispensation
from opensegur.cda.n3.pharmacie.dispositif import DispositifPrescrit
from opensegur.cda.n3.pharmacie.ligne import LignePrescription, Mode
from opensegur.cda.n3.pharmacie.prescription import Prescription
from opensegur.cda.n3.piece_jointe import PieceJointe
from opensegur.cda.n3.produit import Produit
from opensegur.cda.n3.traitement import Traitement
from opensegur.cda.n3.vaccination import Vaccination
from opensegur.cda.n3.valeurs import Notion, Periode, Plage, Quantite
from opensegur.cda.testing import CABINET, MEDECIN, MOMENT, sample_entete
from opensegur.foundation.acteurs import Code
from opensegur.foundation.errors import InvalidValue

MOT, UN, DEUX = Notion("Mot"), Quantite(Decimal(1), "g"), Quantite(Decimal(2), "g")
MOI = Intervenant.of(MEDECIN, CABINET, MOMENT)
VACCIN = Vaccination(Produit("FICTIVAX", cis="60000009", atc="J07BB02", lot="A1"), "2026-03-12", MOI, MOI)
NOTE = BY_NAME["note de vaccination"]

REFUSALS: dict[str, tuple[str, Callable[[], object]]] = {
    "no words and no code": ("CDA_NOTION_VIDE", lambda: Notion("  ")),
    "a control character": ("CDA_CARACTERE", lambda: Notion("a\x07b")),
    "a date that is none": ("CDA_DATE", lambda: Periode("12/03/2026")),
    "a moment without its zone": ("CDA_FUSEAU", lambda: Periode(datetime(2026, 3, 12))),
    "an end before its beginning": ("CDA_INTERVALLE", lambda: Periode("2026-03", "2025")),
    "infinity": ("CDA_QUANTITE", lambda: Quantite(Decimal("Infinity"))),
    "a number without end": ("CDA_QUANTITE", lambda: Quantite(Decimal("1." + "3" * 60))),
    "a unit with a space": ("CDA_UNITE", lambda: Quantite(Decimal(1), "g par L")),
    "a range without a bound": ("CDA_PLAGE", Plage),
    "a range upside down": ("CDA_PLAGE", lambda: Plage(DEUX, UN)),
    "a range of two units": ("CDA_PLAGE", lambda: Plage(UN, replace(DEUX, unite="L"))),
    "a dose with one bound": ("CDA_DOSE", lambda: Traitement(Produit("X"), dose=Plage(UN))),
    "a product without a name": ("CDA_PRODUIT", lambda: Produit(" ")),
    "a device without a name": ("CDA_DISPOSITIF", lambda: DispositifPrescrit(" ")),
    "a file that is no PDF": ("CDA_PDF", lambda: PieceJointe("a", b"MZ")),
    "a picture that is another": ("CDA_IMAGE", lambda: Image("image/png", b"\xff\xd8\xff")),
    "a type of picture that nobody shows": ("CDA_IMAGE", lambda: Image("image/svg+xml", b"<svg/>")),
    "a rank that is none": ("CDA_RANG", lambda: replace(VACCIN, rang=0)),
    "a weight in metres": (
        "CDA_UNITE",
        lambda: Mesure(Code("29463-7", "2.16.840.1.113883.6.1", "Poids"), Quantite(Decimal(70), "m")),
    ),
    "a chapter without a result": ("CDA_BIO_VIDE", lambda: bio.Contenu(())),
    "a chapter with nothing": ("CDA_BIO_CHAPITRE", lambda: bio.Chapitre(Code("18719-5", "x"), "Biochimie")),
    "an empty prescription": ("CDA_PRESCRIPTION_VIDE", lambda: Prescription(b"%PDF-1.4")),
    "an empty dispensation": ("CDA_DISPENSATION_VIDE", lambda: Dispensation(())),
    "fewer than no renewal": (
        "CDA_RENOUVELLEMENT",
        lambda: LignePrescription(Produit("X"), "1 par jour", renouvellements=-1),
    ),
    "a mode without a dose": ("CDA_POSOLOGIE", lambda: LignePrescription(Produit("X"), "…", mode=Mode.PROGRESSIF)),
    "an empty history": (
        "CDA_HISTORIQUE_VIDE",
        lambda: vaccinations.build_vaccination_history(BY_NAME["historique de vaccinations"].entete, ()),
    ),
    "a VSM of another type": ("CDA_TYPE_VOLET", lambda: vsm.build_vsm(sample_entete(), vsm.Vsm(MEDECIN))),
    "a report without a chapter": (
        "CDA_BIO_VIDE",
        lambda: bio.build_cr_bio(BY_NAME["biologie"].entete, bio.CompteRenduBiologie((), b"%PDF-1.4")),
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_it_is_refused(name: str) -> None:
    code, make = REFUSALS[name]
    with pytest.raises(InvalidValue) as refusal:
        make()
    assert refusal.value.code == code
    assert refusal.value.message.endswith(".")
    assert refusal.value.conseil.endswith(".")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (replace(VACCIN, date="2026-03"), "le jour de l’injection"),
        (replace(VACCIN, vaccin=replace(VACCIN.vaccin, cis="")), "le code CIS"),
        (replace(VACCIN, vaccin=replace(VACCIN.vaccin, atc="")), "la classe ATC"),
        (replace(VACCIN, vaccin=replace(VACCIN.vaccin, lot="")), "le numéro de lot"),
    ],
)
def test_a_note_says_what_it_misses(changed: Vaccination, words: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        NOTE.build(NOTE.entete, changed)
    assert refusal.value.code == "CDA_NOTE_VACCINATION"
    assert words in refusal.value.message


@pytest.mark.parametrize(
    "make",
    [
        lambda: Allergie(MOT, absence=Code("rien", "1.2")),
        lambda: Allergie(MOT, statut=Code("rien", "1.2")),
        lambda: Habitude(Code("rien", "1.2"), MOT),
        lambda: AntecedentFamilial(Notion("Mère", Code("rien", "1.2")), MOT),
        lambda: Analyse(MOT, interpretations=("rien",)),
        lambda: replace(VACCIN, acte=Code("rien", "1.2")),
        lambda: replace(VACCIN, voie=Notion("Voie", Code("rien", "1.2"))),
    ],
)
def test_a_code_out_of_its_set_is_refused(make: Callable[[], object]) -> None:
    with pytest.raises(InvalidValue) as refusal:
        make()
    assert refusal.value.conseil
