"""The practice's own letters: deposited once, filled from the record each time."""

from __future__ import annotations

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cabinet.personnages import Navigateur, open_session
from cda.pdf.test_lettre_type import docx
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.documents.composition import cda_of
from opensegur.cabinet.documents.models import Document
from opensegur.cabinet.ecrits.models import Gabarit
from opensegur.cabinet.patients.models import Patient
from opensegur.cda.pdf import check_pdfa
from opensegur.cda.validation import validate_document
from opensegur.ins.datamatrix.images import read_symbols

pytestmark = pytest.mark.django_db(databases=["default", "journal"])


def deposer(navigateur: Navigateur, texte: str, nom: str = "Au cardiologue", type_code: str = "96349-6"):
    body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in texte.split("\n"))
    upload = SimpleUploadedFile("lettre.docx", docx(body))
    return navigateur.envoyer("/modeles/", {"fichier": upload, "nom": nom, "type_code": type_code})


def test_a_letter_is_filled_from_the_record_then_written(au_bureau: Navigateur, qualifie: Patient) -> None:
    au_bureau.envoyer(f"/patients/{qualifie.pk}/medical/noter/problemes/", {"diagnostic": "Asthme"})
    deposer(
        au_bureau,
        "Cher confrère,\n{{ patient.prenom }} {{patient.nom}} : {{pathologies}}\n{{medecin.nom}}{{datamatrix}}",
    )
    gabarit = Gabarit.objects.get()
    assert "Au cardiologue" in au_bureau.get(f"/patients/{qualifie.pk}/documents/").content.decode()
    path = f"/patients/{qualifie.pk}/ecrits/gabarit-{gabarit.pk.hex}/"
    page = au_bureau.get(path).content.decode()
    assert "ALICE VALLEE : - Asthme" in page
    assert "Dr Ana DURAND" in page
    assert page.count("{{") == page.count("Dr Ana DURAND{{datamatrix}}") == 1

    au_bureau.envoyer(path, {"texte": "Cher confrère,\nMerci.", "visible_patient": "on", "geste": "garder"})

    document = Document.objects.get(patient=qualifie)
    assert (document.titre, document.type_code) == ("Au cardiologue", "96349-6")
    assert validate_document(cda_of(document, qualifie)).findings == ()


def test_a_field_that_does_not_exist_is_told_with_the_one_that_is_near(au_bureau: Navigateur) -> None:
    response = deposer(au_bureau, "Bonjour {{patient.mom}} et {{truc}}")

    assert response.status_code == 422
    page = response.content.decode()
    assert "{{patient.mom}} (peut-être {{patient.nom}})" in page
    assert "{{truc}}" in page
    assert 'value="Au cardiologue"' in page
    assert not Gabarit.objects.exists()


def test_a_file_that_is_no_letter_is_refused(au_bureau: Navigateur) -> None:
    upload = SimpleUploadedFile("lettre.docx", b"%PDF-1.4")
    response = au_bureau.envoyer("/modeles/", {"fichier": upload, "nom": "X", "type_code": "96349-6"})

    assert "ni un document Word" in response.content.decode()


def test_a_letter_that_is_withdrawn_is_offered_no_more_and_what_was_written_is_corrected(
    au_bureau: Navigateur, qualifie: Patient
) -> None:
    deposer(au_bureau, "Bonjour")
    gabarit = Gabarit.objects.get()
    path = f"/patients/{qualifie.pk}/ecrits/gabarit-{gabarit.pk.hex}/"
    au_bureau.envoyer(path, {"texte": "Bonjour.", "visible_patient": "on", "geste": "garder"})
    au_bureau.envoyer(f"/modeles/{gabarit.pk}/retirer/")

    assert gabarit.pk.hex not in au_bureau.get(f"/patients/{qualifie.pk}/documents/").content.decode()
    document = Document.objects.get()
    response = au_bureau.get(f"/patients/{qualifie.pk}/documents/{document.pk}/remplacer/")
    assert "Bonjour.</textarea>" in au_bureau.get(response.headers["Location"]).content.decode()


def test_another_structure_has_its_own_letters(au_bureau: Navigateur, pharmacienne: Compte) -> None:
    deposer(au_bureau, "Bonjour")

    assert "Au cardiologue" not in open_session(pharmacienne).get("/modeles/").content.decode()


def test_the_code_of_the_patient_is_printed_where_the_letter_asks_for_it(
    au_bureau: Navigateur, qualifie: Patient, patient: Patient
) -> None:
    deposer(au_bureau, "Bonjour.{{datamatrix}}Merci.")
    key = Gabarit.objects.get().pk.hex
    for each, codes in ((qualifie, 2), (patient, 0)):
        path = f"/patients/{each.pk}/ecrits/gabarit-{key}/"
        asked = "Bonjour.\n{{datamatrix}}\nMerci."
        au_bureau.envoyer(path, {"texte": asked, "visible_patient": "on", "geste": "garder"})

        pdf = bytes(Document.objects.get(patient=each).pdfa)
        # that of the identity, then that of the text
        text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))
        assert text.count("INS à scanner") == codes
        assert len(read_symbols(pdf)) == min(codes, 1)
        assert check_pdfa(pdf) == []
