"""The medical record: noted in a few words, corrected, withdrawn, and never lost."""

from __future__ import annotations

import json

import pytest

from cabinet.personnages import Navigateur, open_session
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.journal.models import Ligne
from opensegur.cabinet.medical.dossier import entries_of
from opensegur.cabinet.medical.models import Donnee
from opensegur.cabinet.patients.models import Patient
from opensegur.cda.n3.allergie import Allergie
from opensegur.cda.n3.probleme import Probleme
from opensegur.cda.n3.traitement import Traitement

pytestmark = pytest.mark.django_db(databases=["default", "journal"])


def noter(navigateur: Navigateur, patient: Patient, cle: str, **dit: str):
    return navigateur.envoyer(f"/patients/{patient.pk}/medical/noter/{cle}/", dit)


def libelles(patient: Patient) -> list[str]:
    return [entry.libelle for entry in entries_of(patient)]


def test_a_problem_is_noted_with_the_code_of_the_suggestion(au_bureau: Navigateur, patient: Patient) -> None:
    noter(au_bureau, patient, "problemes", diagnostic="Asthme (J45.9)", debut="03/2019")

    (entry,) = entries_of(patient)
    assert isinstance(entry.valeur, Probleme)
    assert entry.valeur.diagnostic.code is not None
    assert (entry.valeur.diagnostic.code.code, entry.valeur.periode.debut) == ("J45.9", "2019-03")
    page = au_bureau.get(f"/patients/{patient.pk}/medical/").content.decode()
    assert "Asthme" in page
    assert "depuis 03/2019" in page


def test_words_without_a_code_are_kept_as_they_are_typed(au_bureau: Navigateur, patient: Patient) -> None:
    noter(au_bureau, patient, "problemes", diagnostic="Fatigue au réveil depuis le déménagement")

    (entry,) = entries_of(patient)
    assert isinstance(entry.valeur, Probleme)
    assert entry.valeur.diagnostic.code is None


def test_the_exact_name_of_a_usual_diagnosis_takes_its_code(au_bureau: Navigateur, patient: Patient) -> None:
    noter(au_bureau, patient, "antecedents", diagnostic="appendicite aigue", fin="1998")

    (entry,) = entries_of(patient)
    assert isinstance(entry.valeur, Probleme)
    assert entry.valeur.diagnostic.code is not None
    assert (entry.libelle, entry.valeur.diagnostic.code.code, entry.valeur.actif) == (
        "Appendicite aiguë",
        "K35.8",
        False,
    )


@pytest.mark.parametrize(
    ("dit", "attendu"),
    [
        ({"diagnostic": ""}, "obligatoire"),
        ({"diagnostic": "Asthme", "debut": "31/02/2019"}, "n’existe pas"),
        ({"diagnostic": "Asthme", "debut": "hier"}, "n’est pas lisible"),
        ({"diagnostic": "Asthme", "debut": "2999"}, "à venir"),
    ],
)
def test_what_cannot_be_noted_is_said_and_what_was_typed_stays(
    au_bureau: Navigateur, patient: Patient, dit: dict[str, str], attendu: str
) -> None:
    response = noter(au_bureau, patient, "problemes", **dit)

    assert response.status_code == 422
    page = response.content.decode()
    assert attendu in page
    assert f'value="{dit["diagnostic"]}"' in page or not dit["diagnostic"]
    assert not patient.donnees.exists()


def test_three_letters_are_enough_to_be_proposed_a_diagnosis_or_a_medicine(au_bureau: Navigateur) -> None:
    def proposed(source: str, texte: str) -> list[str]:
        return json.loads(au_bureau.envoyer(f"/suggestions/{source}/", {"texte": texte}).content)["suggestions"]

    assert "Asthme (J45.9)" in proposed("problemes", "ast")
    assert any("AMLODIPINE" in each for each in proposed("medicaments", "amlo"))
    assert all("accin" in each or "VAX" in each for each in proposed("vaccins", "vaxigrip"))
    assert "Arachide" in proposed("agents", "ara")
    assert proposed("problemes", "as") == []


def test_a_medicine_of_the_base_keeps_its_codes(au_bureau: Navigateur, patient: Patient) -> None:
    noter(
        au_bureau,
        patient,
        "traitements",
        produit="AMLODIPINE BIOGARAN 5 mg, gélule (65728601)",
        posologie="1 le matin",
    )

    (entry,) = entries_of(patient)
    assert isinstance(entry.valeur, Traitement)
    assert (entry.valeur.produit.cis, entry.valeur.produit.atc) == ("65728601", "C08CA01")


def test_no_known_allergy_is_said_and_gives_way_to_an_allergy(au_bureau: Navigateur, patient: Patient) -> None:
    au_bureau.envoyer(f"/patients/{patient.pk}/medical/aucune-allergie/")
    (entry,) = entries_of(patient)
    assert isinstance(entry.valeur, Allergie)
    assert entry.valeur.absence is not None

    noter(au_bureau, patient, "allergies", agent="Pénicillines", nature="416098002", reaction="Urticaire")

    (entry,) = entries_of(patient)
    assert entry.libelle == "Pénicillines"
    refused = au_bureau.envoyer(f"/patients/{patient.pk}/medical/aucune-allergie/")
    assert "Des allergies sont notées" in refused.content.decode()


def test_a_correction_keeps_what_was_said_before(au_bureau: Navigateur, patient: Patient) -> None:
    noter(au_bureau, patient, "problemes", diagnostic="Asthme")
    (former,) = patient.donnees.all()

    au_bureau.envoyer(
        f"/patients/{patient.pk}/medical/{former.pk}/modifier/", {"diagnostic": "Asthme", "debut": "2001"}
    )

    assert libelles(patient) == ["Asthme"]
    current = patient.donnees.get(retiree_le=None)
    assert current.remplace == former
    assert Donnee.objects.get(pk=former.pk).contenu == former.contenu


def test_a_problem_that_is_over_passes_into_the_history(au_bureau: Navigateur, patient: Patient) -> None:
    noter(au_bureau, patient, "problemes", diagnostic="Angine", debut="2026")
    (row,) = patient.donnees.all()

    au_bureau.envoyer(f"/patients/{patient.pk}/medical/{row.pk}/retirer/", {"geste": "finir"})

    (entry,) = entries_of(patient)
    assert entry.donnee.rubrique == "antecedents"


def test_what_is_withdrawn_can_be_put_back_once(au_bureau: Navigateur, patient: Patient) -> None:
    noter(au_bureau, patient, "vigilance", texte="Vit seule au troisième étage")
    (row,) = patient.donnees.all()

    au_bureau.envoyer(f"/patients/{patient.pk}/medical/{row.pk}/retirer/", {"geste": "retirer"})
    assert libelles(patient) == []
    au_bureau.envoyer(f"/patients/{patient.pk}/medical/{row.pk}/remettre/")

    assert libelles(patient) == ["Vit seule au troisième étage"]


def test_two_tabs_do_not_withdraw_twice(au_bureau: Navigateur, patient: Patient) -> None:
    noter(au_bureau, patient, "problemes", diagnostic="Asthme")
    (row,) = patient.donnees.all()
    au_bureau.envoyer(f"/patients/{patient.pk}/medical/{row.pk}/retirer/", {"geste": "retirer"})

    assert au_bureau.envoyer(f"/patients/{patient.pk}/medical/{row.pk}/retirer/").status_code == 404


@pytest.mark.parametrize(
    ("cle", "dit", "libelle"),
    [
        (
            "actes",
            {"acte": "Prothèse de hanche droite", "date": "2018", "motif": ""},
            "Prothèse de hanche droite, 2018",
        ),
        ("habitudes", {"sujet": "74013-4", "valeur_dite": "2 verres par jour"}, "Consommation d'alcool"),
        ("famille", {"parent": "MTH", "diagnostic": "Cancer du sein"}, "Mère : Cancer du sein"),
        ("profession", {"texte": "Port de charges"}, "Port de charges"),
        (
            "equipe",
            {"fonction": "CORRE", "nom": "VIDAL", "prenom": "Anne", "specialite": "Cardiologue"},
            "Anne VIDAL",
        ),
    ],
)
def test_each_part_of_the_record_is_noted_and_opens_again_as_typed(
    au_bureau: Navigateur, patient: Patient, cle: str, dit: dict[str, str], libelle: str
) -> None:
    noter(au_bureau, patient, cle, **dit)

    assert libelles(patient) == [libelle]
    (row,) = patient.donnees.all()
    page = au_bureau.get(f"/patients/{patient.pk}/medical/{row.pk}/modifier/").content.decode()
    assert all(said in page for said in dit.values())


def test_a_secretary_neither_reads_nor_notes(au_comptoir: Navigateur, patient: Patient) -> None:
    assert au_comptoir.get(f"/patients/{patient.pk}/medical/").status_code == 403
    assert noter(au_comptoir, patient, "problemes", diagnostic="Asthme").status_code == 403
    assert "Médical</a>" not in au_comptoir.get(f"/patients/{patient.pk}/").content.decode()


def test_another_structure_sees_nothing(pharmacienne: Compte, patient: Patient) -> None:
    assert open_session(pharmacienne).get(f"/patients/{patient.pk}/medical/").status_code == 404


def test_the_journal_says_who_noted_and_nothing_of_what(au_bureau: Navigateur, patient: Patient) -> None:
    noter(au_bureau, patient, "problemes", diagnostic="Asthme")

    line = Ligne.objects.filter(action="medical.noter").latest("id")
    assert line.patient_ref == str(patient.pk)
    assert "sthme" not in line.objet + line.motif
