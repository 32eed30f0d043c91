"""Correcting a line of the record changes what was typed, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from cabinet.personnages import Navigateur
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.medical import dossier
from opensegur.cabinet.medical.dossier import entries_of
from opensegur.cabinet.medical.formulaires import (
    FormulaireActe,
    FormulaireAllergie,
    FormulaireAntecedent,
    FormulaireDispositif,
    FormulaireDonnee,
    FormulaireFamille,
    FormulaireHabitude,
    FormulaireProbleme,
    FormulaireSoignant,
    FormulaireTraitement,
)
from opensegur.cabinet.medical.models import Donnee
from opensegur.cabinet.medical.valeurs import Soignant, Valeur
from opensegur.cabinet.patients.models import Patient
from opensegur.cda.n3.acte import Acte
from opensegur.cda.n3.allergie import Allergie
from opensegur.cda.n3.dispositifs import DispositifPorte
from opensegur.cda.n3.ecriture import SNOMED
from opensegur.cda.n3.famille import AntecedentFamilial
from opensegur.cda.n3.habitude import Habitude
from opensegur.cda.n3.probleme import Probleme
from opensegur.cda.n3.produit import Produit
from opensegur.cda.n3.traitement import Traitement
from opensegur.cda.n3.valeurs import Notion, Periode, Plage, Quantite
from opensegur.foundation.acteurs import Code
from opensegur.nomenclature import table

pytestmark = pytest.mark.django_db(databases=["default", "journal"])

UN = Quantite(Decimal(1))
MATIN = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


def _de(nom: str, code: str) -> Code:
    found = table(nom).get(code)
    assert found is not None
    return Code(found.code, found.system, found.label)


TRAITEMENT = Traitement(
    Produit("MÉTHOTREXATE 2,5 mg, comprimé", cis="60234100", lot="A12"),
    Periode(MATIN, "2027"),
    "1 le lundi",
    dose=Plage(UN, UN),
    voie=Notion("orale", Code("20053000", "0.4.0.127.0.16.1.1.2.1", "Voie orale")),
    dose_maximale=(UN, Quantite(Decimal(1), "wk")),
    uid="1.2.3^4",
)
ALLERGIE = Allergie(
    Notion("Produit de contraste", Code("V08", "2.16.840.1.113883.6.73", "Produits de contraste")),
    Code("420134006", SNOMED, "propension à présenter des effets indésirables"),
    Periode("2019", "2021"),
    active=False,
    statut=_de("JDV_HL7_allergyintolerance_clinical", "resolved"),
    reaction=Probleme(Notion("Œdème", Code("T78.3", "2.16.840.1.113883.6.3", "Œdème angioneurotique"))),
    severite=Code("H", "2.16.840.1.113883.5.1063", "Élevé"),
)
ANCIEN = Probleme(
    Notion("Fracture", Code("263225007", SNOMED, "fracture du poignet")), Periode(MATIN, "2026-04"), False
)
COUSINE = AntecedentFamilial(Notion("arrière-cousine"), Notion("Diabète"), Periode("1980"), "F")
TABAC = Habitude(_de("JDV_SocialHistoryCodes", "74011-8"), Quantite(Decimal(20), "/d"), Periode("2000", "2010"))
SOIGNANT = Soignant("MARTIN", Code("LOC", "1.2.3", "Remplaçant"), "Léa", "DR", "Cardiologie", "810012345678", "0102")
ACTE = Acte(
    Notion("Appendicectomie", Code("HHFA016", "1.2.250.1.213.2.5", "Appendicectomie")), MATIN, fin="2026-03-05"
)
IMPLANT = DispositifPorte(Notion("Prothèse", Code("P0908", "1.2.250.1.213.2.68", "Prothèse de hanche")), udi="(01)1")
LIGNES: list[tuple[type[FormulaireDonnee], Valeur]] = [
    (FormulaireTraitement, TRAITEMENT),
    (FormulaireAllergie, ALLERGIE),
    (FormulaireAntecedent, ANCIEN),
    (FormulaireProbleme, replace(ANCIEN, actif=True)),
    (FormulaireFamille, COUSINE),
    (FormulaireHabitude, TABAC),
    (FormulaireSoignant, SOIGNANT),
    (FormulaireActe, ACTE),
    (FormulaireDispositif, IMPLANT),
]


def _corrige(formulaire: type[FormulaireDonnee], avant: Valeur, **dit: str) -> Valeur:
    shown = formulaire(avant=avant).initial
    form = formulaire({**shown, **dit}, avant=avant)
    assert form.is_valid(), form.errors
    return form.valeur()


@pytest.mark.parametrize(("formulaire", "avant"), LIGNES)
def test_saving_a_form_that_nobody_touched_changes_nothing(formulaire: type[FormulaireDonnee], avant: Valeur) -> None:
    assert _corrige(formulaire, avant) == avant


def test_a_date_that_is_corrected_leaves_the_rest_of_the_treatment_as_it_was() -> None:
    assert _corrige(FormulaireTraitement, TRAITEMENT, debut="2025") == replace(
        TRAITEMENT, periode=Periode("2025", "2027")
    )


def test_another_dosage_does_not_keep_the_structured_dose_of_the_former() -> None:
    changed = _corrige(FormulaireTraitement, TRAITEMENT, posologie="2 le lundi")

    assert changed == replace(TRAITEMENT, posologie="2 le lundi", dose=None, dose_maximale=None)


def test_another_medicine_does_not_keep_the_route_of_the_former() -> None:
    changed = _corrige(FormulaireTraitement, TRAITEMENT, produit="Vitamine D")

    assert changed == Traitement(Produit("Vitamine D"), TRAITEMENT.periode, TRAITEMENT.posologie)


def test_the_agent_of_an_allergy_is_corrected_and_its_severity_stays() -> None:
    changed = _corrige(FormulaireAllergie, ALLERGIE, agent="Iode")

    assert changed == replace(ALLERGIE, agent=Notion("Iode"))


def test_another_relative_has_the_sex_that_the_word_says() -> None:
    changed = _corrige(FormulaireFamille, COUSINE, parent="FTH")

    assert isinstance(changed, AntecedentFamilial)
    assert (changed.parent.texte, changed.sexe, changed.periode) == (
        table("JDV_J11").label("FTH"),
        "M",
        COUSINE.periode,
    )


def test_a_choice_that_came_from_a_document_is_shown_and_kept(
    au_bureau: Navigateur, patient: Patient, medecin: Compte
) -> None:
    row = dossier.write(patient, ALLERGIE, medecin)
    path = f"/patients/{patient.pk}/medical/{row.pk}/modifier/"

    page = au_bureau.get(path).content.decode()
    assert 'value="420134006" selected' in page

    au_bureau.envoyer(
        path,
        {"agent": "Produit de contraste iodé", "nature": "420134006", "reaction": "Œdème", "debut": "2019"},
    )
    (entry,) = entries_of(patient)
    assert entry.valeur == replace(ALLERGIE, agent=Notion("Produit de contraste iodé"))


def test_a_line_that_cannot_be_read_is_told_and_does_not_hide_the_others(
    au_bureau: Navigateur, patient: Patient, medecin: Compte
) -> None:
    dossier.write(patient, Probleme(Notion("Asthme")), medecin)
    later = dossier.write(patient, Probleme(Notion("Goutte")), medecin)
    Donnee.objects.filter(pk=later.pk).update(contenu='{"est":"DonneeDeDemain"}')

    page = au_bureau.get(f"/patients/{patient.pk}/medical/").content.decode()
    assert "Asthme" in page
    assert "1 ligne de ce dossier ne peut pas être relue : Pathologies en cours" in page
    synthesis = au_bureau.get(f"/patients/{patient.pk}/medical/synthese/").content.decode()
    assert "ne peuvent pas être relues, et ne partent pas : 1" in synthesis
