"""A document is never changed: another takes its place, or it is cancelled, and both stay readable."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cabinet.personnages import Navigateur
from opensegur.cabinet.documents.models import Document
from opensegur.cabinet.envois.models import Envoi
from opensegur.cabinet.patients.models import Patient

pytestmark = pytest.mark.django_db(databases=["default", "journal"])


@pytest.fixture
def lettre(au_bureau: Navigateur, qualifie: Patient) -> Document:
    au_bureau.envoyer(f"/patients/{qualifie.pk}/documents/nouveau/", {**fichier(b"Bonjour"), "type_code": "11488-4"})
    return Document.objects.get(patient=qualifie)


def fichier(data: bytes) -> dict[str, object]:
    upload = SimpleUploadedFile("lettre.txt", data, "text/plain")
    return {"fichier": upload, "titre": "Lettre", "visible_patient": "on", "visible_professionnels": "on"}


def remplacer(navigateur: Navigateur, document: Document, data: bytes, suite: str = "garder"):
    path = f"/patients/{document.patient_id}/documents/{document.pk}/remplacer/"
    return navigateur.envoyer(path, {**fichier(data), "geste": suite})


def test_a_new_file_takes_the_place_of_the_former(au_bureau: Navigateur, lettre: Document) -> None:
    remplacer(au_bureau, lettre, b"Bonsoir")

    new = Document.objects.get(version=2)
    assert (new.remplace, new.set_id, new.type_code) == (lettre, lettre.set_id, lettre.type_code)
    assert new.uid != lettre.uid
    page = au_bureau.get(f"/patients/{lettre.patient_id}/documents/").content.decode()
    assert "version 2" in page
    assert "Remplacés ou annulés" in page


def test_what_was_replaced_is_not_replaced_again_nor_sent(au_bureau: Navigateur, lettre: Document) -> None:
    remplacer(au_bureau, lettre, b"Bonsoir")

    assert "déjà été remplacé" in remplacer(au_bureau, lettre, b"Salut").content.decode()
    au_bureau.envoyer(f"/patients/{lettre.patient_id}/documents/{lettre.pk}/envoyer/")
    assert not Envoi.objects.exists()
    assert Document.objects.count() == 2


def test_a_file_that_is_refused_replaces_nothing(au_bureau: Navigateur, lettre: Document) -> None:
    response = remplacer(au_bureau, lettre, b"\x7fELF\x00\x00\x00")

    assert response.status_code == 422
    assert Document.objects.count() == 1


def test_a_cancelled_document_says_why_and_leaves_no_more(au_bureau: Navigateur, lettre: Document) -> None:
    path = f"/patients/{lettre.patient_id}/documents/{lettre.pk}"
    assert "Dites pourquoi" in au_bureau.envoyer(f"{path}/annuler/", {"motif": " "}).content.decode()
    au_bureau.envoyer(f"{path}/annuler/", {"motif": "Autre patient"})

    page = au_bureau.get(f"{path}/").content.decode()
    assert "Document annulé" in page
    assert "Autre patient" in page
    au_bureau.envoyer(f"{path}/envoyer/")
    assert not Envoi.objects.exists()


def test_a_document_on_its_way_is_not_cancelled(au_bureau: Navigateur, lettre: Document) -> None:
    path = f"/patients/{lettre.patient_id}/documents/{lettre.pk}"
    au_bureau.envoyer(f"{path}/envoyer/")

    assert "en file" in au_bureau.envoyer(f"{path}/annuler/", {"motif": "Erreur"}).content.decode()
    lettre.refresh_from_db()
    assert lettre.annule_le is None
