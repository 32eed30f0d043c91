"""A file dropped on a record: kept as it came, encrypted, sent only for a qualified identity."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from PIL import Image

from cabinet.personnages import Navigateur
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.documents.models import Document
from opensegur.cabinet.documents.representants import is_minor
from opensegur.cabinet.envois.models import Envoi
from opensegur.cabinet.patients.models import Patient
from opensegur.cda import read_document
from opensegur.ins.datamatrix import parse_content
from opensegur.ins.datamatrix.images import read_symbols

pytestmark = pytest.mark.django_db(databases=["default", "journal"])


def _image(kind: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(buffer, kind)
    return buffer.getvalue()


def _drop(browser: Navigateur, patient: Patient, content: bytes, **changes: str):
    fields = {
        "type_code": "11488-4",
        "titre": "Compte rendu",
        "visible_patient": "on",
        "visible_professionnels": "on",
        "geste": "envoyer",
        **changes,
    }
    file = SimpleUploadedFile(changes.pop("nom", "fichier.bin"), content)
    kept = {name: value for name, value in fields.items() if value}
    return browser.envoyer(reverse("documents:ajouter", args=[patient.pk]), {**kept, "fichier": file})


@pytest.mark.parametrize(
    ("content", "format_"),
    [
        ("Bonjour, très bien.\n".encode(), "txt"),
        (rb"{\rtf1\ansi Bonjour}", "rtf"),
        (_image("JPEG"), "jpeg"),
        (_image("TIFF"), "tiff"),
    ],
)
def test_each_accepted_format_leaves_as_an_n1_document(
    au_bureau: Navigateur, qualifie: Patient, content: bytes, format_: str
) -> None:
    answer = _drop(au_bureau, qualifie, content)
    assert answer.status_code == 302
    document = Document.objects.get()
    assert document.format_origine.lower() == format_
    assert bytes(document.origine) == content
    envoi = Envoi.objects.get()
    assert envoi.etat == "en_file"
    read = read_document(bytes(envoi.contenu))
    assert read.uid.root == envoi.identifiants["document"] == document.uid
    assert read.corps is not None
    assert read.corps.media_type == "application/pdf"
    assert read.corps.data.startswith(b"%PDF-")


def test_what_is_kept_cannot_be_read_in_the_database(au_bureau: Navigateur, qualifie: Patient) -> None:
    _drop(au_bureau, qualifie, "Un secret médical reconnaissable.".encode(), titre="Titre reconnaissable")
    with connection.cursor() as cursor:
        for table in ("documents_document", "envois_envoi"):
            cursor.execute(f"SELECT * FROM {table}")
            row = b" ".join(
                bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in cursor.fetchone()
            )
            for clear in ("reconnaissable", "%PDF-", "ClinicalDocument", "LEVEQUE"):
                assert clear.encode() not in row


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02\x03 rien de connu \xff\xfe\x00", b"%PDF-1.4 tronque"])
def test_a_refused_file_says_why_and_records_nothing(
    au_bureau: Navigateur, qualifie: Patient, content: bytes
) -> None:
    answer = _drop(au_bureau, qualifie, content)
    assert answer.status_code == 422
    assert "champ-erreur" in answer.content.decode()
    assert not Document.objects.exists()
    assert not Envoi.objects.exists()


def test_nothing_leaves_for_an_identity_that_is_not_qualified(au_bureau: Navigateur, patient: Patient) -> None:
    answer = _drop(au_bureau, patient, b"Bonjour")
    page = au_bureau.get(answer["Location"]).content.decode()
    assert "ne part pas au DMP" in page
    assert Document.objects.count() == 1
    assert not Envoi.objects.exists()


def test_a_secretary_keeps_a_document_but_is_not_its_author_in_the_dmp(
    au_comptoir: Navigateur, qualifie: Patient
) -> None:
    answer = _drop(au_comptoir, qualifie, b"Bonjour")
    page = au_comptoir.get(answer["Location"]).content.decode()
    assert "n’est pas celui d’un professionnel" in page
    assert Document.objects.count() == 1
    assert not Envoi.objects.exists()


def test_a_document_hidden_from_everybody_is_refused(au_bureau: Navigateur, qualifie: Patient) -> None:
    answer = _drop(au_bureau, qualifie, b"Bonjour", visible_patient="", visible_professionnels="")
    assert answer.status_code == 422
    assert "à la fois au patient et aux professionnels" in answer.content.decode()


@pytest.mark.parametrize(
    ("hidden", "flag"), [("visible_patient", "invisible_patient"), ("visible_professionnels", "masque_ps")]
)
def test_who_may_see_it_goes_with_the_delivery(
    au_bureau: Navigateur, qualifie: Patient, hidden: str, flag: str
) -> None:
    _drop(au_bureau, qualifie, b"Bonjour", **{hidden: ""})
    assert f'"{flag}": true' in Envoi.objects.get().parametres


def test_without_a_title_the_type_is_the_title(au_bureau: Navigateur, qualifie: Patient) -> None:
    _drop(au_bureau, qualifie, b"Bonjour", titre="", geste="garder")
    assert Document.objects.get().titre == "CR ou fiche de consultation ou de visite"
    assert not Envoi.objects.exists()


def test_a_document_kept_is_sent_later_and_only_once(au_bureau: Navigateur, qualifie: Patient) -> None:
    _drop(au_bureau, qualifie, b"Bonjour", geste="garder")
    address = reverse("documents:envoyer", args=[qualifie.pk, Document.objects.get().pk])
    au_bureau.envoyer(address)
    au_bureau.envoyer(address)
    assert Envoi.objects.count() == 1


def test_pages_are_shown_as_images_and_the_file_is_downloaded(au_bureau: Navigateur, qualifie: Patient) -> None:
    _drop(au_bureau, qualifie, b"Bonjour")
    document = Document.objects.get()
    page = au_bureau.get(reverse("documents:lire", args=[qualifie.pk, document.pk])).content.decode()
    assert "data:image/jpeg;base64," in page
    assert "<object" not in page
    assert "<iframe" not in page
    file = au_bureau.get(reverse("documents:fichier", args=[qualifie.pk, document.pk]))
    assert file["Content-Disposition"].startswith("attachment")
    assert file["Cache-Control"] == "no-store"
    (code,) = read_symbols(file.content)
    assert parse_content(code.texte).nom_naissance == qualifie.nom_naissance


def test_only_a_qualified_patient_has_a_code_on_the_document(au_bureau: Navigateur, patient: Patient) -> None:
    _drop(au_bureau, patient, b"Bonjour")
    document = Document.objects.get()
    file = au_bureau.get(reverse("documents:fichier", args=[patient.pk, document.pk]))
    assert file.content == bytes(document.pdfa)


def test_the_state_is_asked_again_only_while_it_may_change(au_bureau: Navigateur, qualifie: Patient) -> None:
    _drop(au_bureau, qualifie, b"Bonjour")
    address = reverse("documents:etat", args=[qualifie.pk, Document.objects.get().pk])
    assert "every 1s" in au_bureau.get(address).content.decode()
    Envoi.objects.update(etat="depose")
    after = au_bureau.get(address).content.decode()
    assert "déposé" in after
    assert "every 1s" not in after


def test_another_structure_sees_none_of_it(au_bureau: Navigateur, qualifie: Patient, pharmacienne: Compte) -> None:
    from cabinet.personnages import open_session

    _drop(au_bureau, qualifie, b"Bonjour")
    document = Document.objects.get()
    elsewhere = open_session(pharmacienne, psc=True)
    for name in ("lire", "fichier", "etat"):
        assert elsewhere.get(reverse(f"documents:{name}", args=[qualifie.pk, document.pk])).status_code == 404


@pytest.mark.parametrize(
    ("born", "minor"),
    [("2008-11-25", False), ("2008-11-26", True), ("2008-00-00", True), ("2007-00-00", False), ("1980-01-01", False)],
)
def test_who_is_a_minor(born: str, minor: bool) -> None:
    assert is_minor(born, date(2026, 11, 25)) is minor
