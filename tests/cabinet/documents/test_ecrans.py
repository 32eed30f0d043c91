"""The documents' screens: what a file is refused for, what a minor changes, what another record or structure sees."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from fpdf import FPDF

from cabinet.personnages import TRAITS, Navigateur, make_patient, open_session
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.documents import formulaires
from opensegur.cabinet.documents.models import Document
from opensegur.cabinet.envois.models import Envoi
from opensegur.cabinet.journal.models import Ligne
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.structures.models import Structure
from opensegur.cda import read_document
from opensegur.cda.pdf import check_pdfa
from opensegur.ins import Nature

pytestmark = pytest.mark.django_db(databases=["default", "journal"])


def _pdf(pages: int = 1, *, script: bool = False) -> bytes:
    written = FPDF()
    written.set_font("Helvetica", size=12)
    for number in range(pages):
        written.add_page()
        written.cell(text=f"Page {number + 1}")
    data = bytes(written.output())
    if not script:
        return data
    with io.BytesIO(data) as stream, pikepdf.open(stream) as pdf, io.BytesIO() as saved:
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        pdf.save(saved)
        return saved.getvalue()


def _add(browser: Navigateur, patient: Patient, content: bytes = b"Bonjour", nom: str = "note.txt", **fields: Any):
    data = {
        "type_code": "11488-4",
        "titre": "Compte rendu",
        "visible_patient": "on",
        "visible_professionnels": "on",
        "visible_representants": "on",
        "geste": "garder",
        **fields,
    }
    sent = {name: value for name, value in data.items() if value}
    file = SimpleUploadedFile(nom, content)
    return browser.envoyer(reverse("documents:ajouter", args=[patient.pk]), {**sent, "fichier": file})


@pytest.fixture
def document(au_bureau: Navigateur, qualifie: Patient) -> Document:
    _add(au_bureau, qualifie)
    return Document.objects.get()


@pytest.fixture
def mineur(cabinet: Structure, secretaire: Compte) -> Patient:
    born = (timezone.localdate() - timedelta(days=10 * 365)).isoformat()
    natures = (Nature.RECUPERATION_INSI, Nature.CONTROLE_REUSSI)
    return make_patient(cabinet, secretaire, *natures, traits=replace(TRAITS, date_naissance=born))


def test_an_empty_record_says_what_to_add(au_comptoir: Navigateur, patient: Patient) -> None:
    page = au_comptoir.get(reverse("documents:liste", args=[patient.pk])).text
    assert "Aucun document dans ce dossier" in page
    assert "PDF, image, RTF ou texte" in page


def test_a_pdf_is_kept_as_it_came_and_shown_without_what_it_could_run(
    au_bureau: Navigateur, qualifie: Patient
) -> None:
    source = _pdf(2, script=True)
    assert _add(au_bureau, qualifie, source, "lettre.pdf").status_code == 302
    kept = Document.objects.get()
    assert (kept.format_origine, kept.pages, bytes(kept.origine)) == ("pdf", 2, source)
    assert b"JavaScript" not in bytes(kept.pdfa)
    assert check_pdfa(bytes(kept.pdfa)) == []
    page = au_bureau.get(reverse("documents:lire", args=[qualifie.pk, kept.pk])).text
    assert page.count('<img src="data:image/jpeg;base64,') == 2
    assert "Page 2 sur 2" in page
    for tag in ("<embed", "<object", "<iframe"):
        assert tag not in page


def test_a_long_document_shows_its_first_pages_and_says_how_many_are_left(
    au_bureau: Navigateur, qualifie: Patient
) -> None:
    _add(au_bureau, qualifie, _pdf(14), "long.pdf")
    page = au_bureau.get(reverse("documents:lire", args=[qualifie.pk, Document.objects.get().pk])).text
    assert page.count("data:image/jpeg;base64,") == 12
    assert "2 pages de plus" in page


@pytest.mark.parametrize(
    ("content", "nom", "reason"),
    [
        (b"", "vide.txt", "Ce fichier est vide."),
        (b"PK\x03\x04" + bytes(40), "lettre.docx", "document Word, Excel, LibreOffice ou archive ZIP"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "photo.png", "image PNG"),
        (b"%PDF-1.4 tronque", "lettre.pdf", "Ce PDF est abîmé ou incomplet."),
        (b"Bonjour", "lettre.pdf", "Le nom du fichier annonce"),
        (b"<html><script>alert(1)</script></html>", "page.txt", "n’est pas d’un format admis"),
        (b"MZ" + bytes(60), "virus.pdf", "Le nom du fichier annonce|programme"),
    ],
)
def test_a_refused_file_gives_its_reason_and_leaves_nothing(
    au_bureau: Navigateur, qualifie: Patient, content: bytes, nom: str, reason: str
) -> None:
    answer = _add(au_bureau, qualifie, content, nom, geste="envoyer", titre="Mon titre")
    assert answer.status_code == 422
    assert any(words in answer.text for words in reason.split("|"))
    # what was typed is still there
    assert 'value="Mon titre"' in answer.text
    assert not Document.objects.exists()
    assert not Envoi.objects.exists()


def test_a_file_that_is_too_big_is_refused_before_it_is_read(
    au_bureau: Navigateur, qualifie: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formulaires, "TAILLE_MAX", 10)
    answer = _add(au_bureau, qualifie, b"Bonjour, ceci est trop long")
    assert answer.status_code == 422
    assert "Ce fichier dépasse 20 Mo" in answer.text
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"type_code": ""}, "Choisissez le type du document."),
        ({"type_code": "DOCPAT"}, "choix valide|pas valide"),
        ({"titre": "x" * 201}, "200"),
    ],
    ids=["no type", "a type that only patients file", "a title too long"],
)
def test_what_was_not_filled_in_well_is_said(
    au_bureau: Navigateur, qualifie: Patient, fields: dict[str, str], reason: str
) -> None:
    answer = _add(au_bureau, qualifie, **fields)
    assert answer.status_code == 422
    assert "champ-erreur" in answer.text
    assert any(words in answer.text for words in reason.split("|"))
    assert not Document.objects.exists()


def test_without_a_file_one_is_asked_for(au_bureau: Navigateur, qualifie: Patient) -> None:
    answer = au_bureau.envoyer(
        reverse("documents:ajouter", args=[qualifie.pk]), {"type_code": "11488-4", "visible_patient": "on"}
    )
    assert answer.status_code == 422
    assert "Choisissez un fichier." in answer.text


def test_only_a_minor_has_representatives_to_hide_from(
    au_bureau: Navigateur, patient: Patient, mineur: Patient
) -> None:
    for somebody, asked in ((patient, False), (mineur, True)):
        page = au_bureau.get(reverse("documents:ajouter", args=[somebody.pk])).text
        assert ('name="visible_representants"' in page) is asked


@pytest.mark.parametrize(
    ("hidden", "flag", "shown"),
    [
        ((), (), ()),
        (("visible_patient",), ("invisible_patient",), ("caché au patient",)),
        (("visible_professionnels",), ("masque_ps",), ("masqué aux professionnels",)),
        (("visible_representants",), ("invisible_representants",), ("caché aux représentants",)),
        (
            ("visible_patient", "visible_representants"),
            ("invisible_patient", "invisible_representants"),
            ("caché au patient", "caché aux représentants"),
        ),
        (
            ("visible_professionnels", "visible_representants"),
            ("masque_ps", "invisible_representants"),
            ("masqué aux professionnels", "caché aux représentants"),
        ),
    ],
)
def test_every_visibility_of_a_minors_document_leaves_and_is_shown(
    au_bureau: Navigateur, mineur: Patient, hidden: tuple[str, ...], flag: tuple[str, ...], shown: tuple[str, ...]
) -> None:
    answer = _add(au_bureau, mineur, geste="envoyer", **dict.fromkeys(hidden, ""))
    page = au_bureau.get(answer.headers["Location"]).text
    for words in ("caché au patient", "masqué aux professionnels", "caché aux représentants"):
        assert (words in page) is (words in shown)
    sent = json.loads(Envoi.objects.get().parametres)["visibilite"]
    assert {name for name, value in sent.items() if value} == set(flag)


def test_an_adult_hides_nothing_from_representatives_whatever_the_form_says(
    au_bureau: Navigateur, qualifie: Patient
) -> None:
    _add(au_bureau, qualifie, visible_representants="")
    assert Document.objects.get().visible_representants is True


def test_hidden_from_patient_and_professionals_is_refused_even_for_a_minor(
    au_bureau: Navigateur, mineur: Patient
) -> None:
    answer = _add(au_bureau, mineur, visible_patient="", visible_professionnels="")
    assert answer.status_code == 422
    assert "laissez-le visible à l’un des deux" in answer.text
    assert not Document.objects.exists()


def test_what_leaves_names_the_patient_the_author_and_the_type(
    au_bureau: Navigateur, qualifie: Patient, medecin: Compte
) -> None:
    _add(au_bureau, qualifie, geste="envoyer")
    read = read_document(bytes(Envoi.objects.get().contenu))
    assert (read.titre, read.type.code) == ("Compte rendu", "11488-4")
    assert [author.id_nat for author in read.auteurs] == [medecin.id_nat]


def test_the_identity_is_qualified_afterwards_and_the_document_leaves(
    au_bureau: Navigateur, patient: Patient, medecin: Compte
) -> None:
    from cabinet.personnages import MATRICULE
    from opensegur.cabinet.patients.preuves import add_preuve

    _add(au_bureau, patient, geste="envoyer")
    kept = Document.objects.get()
    assert not Envoi.objects.exists()
    assert Ligne.objects.filter(action="document.ajouter").get().resultat == "DMP_IDENTITE_NON_QUALIFIEE"
    add_preuve(patient, Nature.RECUPERATION_INSI, medecin, matricule=MATRICULE)
    add_preuve(patient, Nature.CONTROLE_REUSSI, medecin, piece="CN")
    au_bureau.envoyer(reverse("documents:envoyer", args=[patient.pk, kept.pk]))
    assert Envoi.objects.get().identifiants["document"] == kept.uid


@pytest.mark.parametrize("page", ["liste", "ajouter"])
def test_a_record_of_another_structure_does_not_exist(qualifie: Patient, pharmacienne: Compte, page: str) -> None:
    elsewhere = open_session(pharmacienne, psc=True)
    assert elsewhere.get(reverse(f"documents:{page}", args=[qualifie.pk])).status_code == 404
    assert _add(elsewhere, qualifie).status_code == 404
    assert not Document.objects.exists()


def test_another_structure_sends_nothing(qualifie: Patient, document: Document, pharmacienne: Compte) -> None:
    elsewhere = open_session(pharmacienne, psc=True)
    assert elsewhere.envoyer(reverse("documents:envoyer", args=[qualifie.pk, document.pk])).status_code == 404
    assert not Envoi.objects.exists()


@pytest.mark.parametrize("name", ["lire", "fichier", "etat"])
def test_a_document_is_not_found_under_another_record(
    au_bureau: Navigateur, document: Document, cabinet: Structure, medecin: Compte, name: str
) -> None:
    other = make_patient(cabinet, medecin)
    assert au_bureau.get(reverse(f"documents:{name}", args=[other.pk, document.pk])).status_code == 404


def test_a_download_is_a_file_that_no_browser_opens_and_whose_name_tells_nothing(
    au_bureau: Navigateur, qualifie: Patient
) -> None:
    _add(au_bureau, qualifie, nom="LEVEQUE Alice.txt", titre="Cancer")
    kept = Document.objects.get()
    file = au_bureau.get(reverse("documents:fichier", args=[qualifie.pk, kept.pk]))
    assert file.headers["Content-Type"] == "application/pdf"
    assert file.headers["Content-Disposition"] == 'attachment; filename="document.pdf"'
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in file.headers["Content-Security-Policy"]


def test_reading_and_downloading_are_written_in_the_journal(
    au_bureau: Navigateur, qualifie: Patient, document: Document
) -> None:
    for name in ("lire", "fichier"):
        au_bureau.get(reverse(f"documents:{name}", args=[qualifie.pk, document.pk]))
    au_bureau.get(reverse("documents:etat", args=[qualifie.pk, document.pk]))
    lines = Ligne.objects.filter(action="document.lire", objet=f"document {document.pk}")
    # the state shows nothing of the document and is asked every second: it leaves no line
    assert lines.count() == 2
    assert {line.patient_ref for line in lines} == {str(qualifie.pk)}


@pytest.mark.parametrize(
    ("etat", "polls"),
    [
        ("en_file", True),
        ("en_cours", True),
        ("attend_porteur", True),
        ("depose", False),
        ("refuse", False),
        ("abandonne", False),
    ],
)
def test_the_state_is_asked_again_while_it_waits_and_no_longer(
    au_bureau: Navigateur, qualifie: Patient, etat: str, polls: bool
) -> None:
    _add(au_bureau, qualifie, geste="envoyer")
    Envoi.objects.update(etat=etat)
    fragment = au_bureau.get(reverse("documents:etat", args=[qualifie.pk, Document.objects.get().pk])).text
    assert "<html" not in fragment
    assert ("hx-trigger" in fragment) is polls
    assert fragment.strip() in au_bureau.get(reverse("documents:liste", args=[qualifie.pk])).text


def test_a_document_not_sent_offers_to_send_it_and_asks_nothing_again(
    au_bureau: Navigateur, qualifie: Patient, document: Document
) -> None:
    fragment = au_bureau.get(reverse("documents:etat", args=[qualifie.pk, document.pk])).text
    assert "pas envoyé" in fragment
    assert "Envoyer au DMP" in fragment
    assert "hx-trigger" not in fragment


def test_a_title_is_shown_as_text(au_bureau: Navigateur, qualifie: Patient) -> None:
    answer = _add(au_bureau, qualifie, titre="<b>gras</b>")
    page = au_bureau.get(answer.headers["Location"]).text
    assert "&lt;b&gt;gras" in page
    assert "<b>gras" not in page


def test_the_list_opens_no_file(
    au_bureau: Navigateur, qualifie: Patient, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    from opensegur.cabinet.chiffrement.champs import ChampOctetsChiffres

    def refuse(*_: object) -> bytes:
        raise AssertionError("a list has decrypted a file")

    monkeypatch.setattr(ChampOctetsChiffres, "from_db_value", refuse)
    assert document.titre in au_bureau.get(reverse("documents:liste", args=[qualifie.pk])).text
