"""A document that came from elsewhere: kept as it is, in the right record, its data taken one by one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cabinet.personnages import MATRICULE, TRAITS, Navigateur
from opensegur.cabinet.documents.models import Document
from opensegur.cabinet.medical.dossier import entries_of
from opensegur.cabinet.patients.models import Patient
from opensegur.cda.n3.allergie import Allergie
from opensegur.cda.n3.probleme import Probleme
from opensegur.cda.n3.produit import Produit
from opensegur.cda.n3.traitement import Traitement
from opensegur.cda.n3.valeurs import Notion, Periode
from opensegur.cda.n3.vsm import TYPE, Vsm, build_vsm
from opensegur.cda.patient import PatientCda
from opensegur.cda.testing import MEDECIN, sample_entete
from opensegur.foundation.acteurs import Code

pytestmark = pytest.mark.django_db(databases=["default", "journal"])
ASTHME = Code("J45.9", "2.16.840.1.113883.6.3", "Asthme")


def vsm_recu(**dit: object) -> bytes:
    header = sample_entete(type=TYPE, titre="Synthèse du Dr Perrin", patient=PatientCda(TRAITS, MATRICULE))
    content = {
        "problemes": (Probleme(Notion("Asthme", ASTHME), Periode("2001")),),
        "traitements": (Traitement(Produit("VENTOLINE"), posologie="à la demande"),),
        "allergies": (Allergie(Notion("Arachide")),),
    }
    return build_vsm(header, Vsm(MEDECIN, **{**content, **dit}))


def ajouter(navigateur: Navigateur, patient: Patient, data: bytes):
    upload = SimpleUploadedFile("recu.xml", data, "text/xml")
    return navigateur.envoyer(
        f"/patients/{patient.pk}/documents/nouveau/",
        {"fichier": upload, "visible_patient": "on", "visible_professionnels": "on"},
    )


def prendre(navigateur: Navigateur, patient: Patient, *rangs: int):
    document = Document.objects.get(patient=patient)
    return navigateur.envoyer(
        f"/patients/{patient.pk}/medical/reprendre/{document.pk}/", {"pris": list(map(str, rangs))}
    )


def test_it_is_kept_byte_for_byte_shown_and_never_sent_again(au_bureau: Navigateur, qualifie: Patient) -> None:
    data = vsm_recu()
    response = ajouter(au_bureau, qualifie, data)

    document = Document.objects.get(patient=qualifie)
    assert bytes(document.origine) == data
    page = au_bureau.get(response.headers["Location"]).content.decode()
    assert "Synthèse du Dr Perrin" in page
    assert "VENTOLINE" in page
    assert au_bureau.get(f"/patients/{qualifie.pk}/documents/{document.pk}/fichier/").content == data
    au_bureau.envoyer(f"/patients/{qualifie.pk}/documents/{document.pk}/envoyer/")
    assert not document.envois.exists()


def test_the_same_document_twice_is_one(au_bureau: Navigateur, qualifie: Patient) -> None:
    ajouter(au_bureau, qualifie, vsm_recu())
    ajouter(au_bureau, qualifie, vsm_recu())

    assert Document.objects.filter(patient=qualifie).count() == 1


def test_that_of_somebody_else_is_refused_and_says_whose_it_is(au_bureau: Navigateur, qualifie: Patient) -> None:
    other = PatientCda(replace(TRAITS, nom_naissance="BOUCHER"), ipp="7", ipp_oid="1.2.3")
    data = build_vsm(
        sample_entete(
            type=TYPE, titre="Synthèse", patient=replace(other, traits=replace(TRAITS, nom_naissance="BOUCHER"))
        ),
        Vsm(MEDECIN),
    )
    response = ajouter(au_bureau, qualifie, data)

    assert response.status_code == 422
    assert "celui d’une autre personne : BOUCHER" in response.content.decode()
    assert not Document.objects.exists()


def test_what_is_new_is_offered_ticked_and_taken(au_bureau: Navigateur, qualifie: Patient) -> None:
    ajouter(au_bureau, qualifie, vsm_recu())
    document = Document.objects.get(patient=qualifie)
    page = au_bureau.get(f"/patients/{qualifie.pk}/medical/reprendre/{document.pk}/").content.decode()
    assert page.count(" checked") == 3

    prendre(au_bureau, qualifie, 0, 1, 2)

    assert {each.libelle for each in entries_of(qualifie)} == {"Asthme", "VENTOLINE", "Arachide"}
    assert all(each.donnee.source == document for each in entries_of(qualifie))


def test_what_contradicts_is_shown_and_takes_the_place_only_when_it_is_ticked(
    au_bureau: Navigateur, qualifie: Patient
) -> None:
    au_bureau.envoyer(
        f"/patients/{qualifie.pk}/medical/noter/problemes/", {"diagnostic": "Asthme (J45.9)", "debut": "1995"}
    )
    ajouter(au_bureau, qualifie, vsm_recu(traitements=(), allergies=()))
    document = Document.objects.get(patient=qualifie)
    page = au_bureau.get(f"/patients/{qualifie.pk}/medical/reprendre/{document.pk}/").content.decode()
    assert "contredit le dossier" in page
    assert "<del>1995</del>" in page
    assert " checked" not in page

    prendre(au_bureau, qualifie)
    assert [each.valeur.periode.debut for each in entries_of(qualifie)] == ["1995"]
    prendre(au_bureau, qualifie, 0)
    assert [each.valeur.periode.debut for each in entries_of(qualifie)] == ["2001"]
    assert qualifie.donnees.count() == 2


def test_what_the_record_has_is_not_offered_again(au_bureau: Navigateur, qualifie: Patient) -> None:
    ajouter(au_bureau, qualifie, vsm_recu())
    prendre(au_bureau, qualifie, 0, 1, 2)
    prendre(au_bureau, qualifie, 0, 1, 2)

    assert qualifie.donnees.count() == 3


def test_a_file_of_the_practice_is_not_taken_from(au_bureau: Navigateur, qualifie: Patient) -> None:
    au_bureau.envoyer(
        f"/patients/{qualifie.pk}/documents/nouveau/",
        {
            "fichier": SimpleUploadedFile("note.txt", b"Bonjour", "text/plain"),
            "type_code": "11488-4",
            "visible_patient": "on",
            "visible_professionnels": "on",
        },
    )

    assert prendre(au_bureau, qualifie, 0).status_code == 404
