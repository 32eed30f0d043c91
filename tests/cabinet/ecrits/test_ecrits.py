"""Writing a document: begun with what is known, kept while it is typed, printed and sent."""

from __future__ import annotations

import json

import pypdfium2
import pytest

from cabinet.personnages import Navigateur, make_patient, open_session
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.documents.composition import cda_of
from opensegur.cabinet.documents.ecrit import Ecrit, Partie
from opensegur.cabinet.documents.models import Document
from opensegur.cabinet.ecrits.modeles import MODELES, ModeleEcrit, models_for
from opensegur.cabinet.ecrits.models import Brouillon
from opensegur.cabinet.patients.models import Patient
from opensegur.cda.papier import Liste, Paragraphe, Titre
from opensegur.cda.pdf import check_pdfa
from opensegur.cda.reading import read_document
from opensegur.cda.validation import validate_document
from opensegur.ins import Nature
from opensegur.nomenclature import classe_of_type

pytestmark = pytest.mark.django_db(databases=["default", "journal"])


@pytest.fixture
def au_comptoir_de_l_officine(pharmacienne: Compte) -> Navigateur:
    return open_session(pharmacienne)


@pytest.fixture
def cliente(officine, pharmacienne: Compte) -> Patient:
    return make_patient(officine, pharmacienne, Nature.RECUPERATION_INSI, Nature.CONTROLE_REUSSI)


def rempli(modele: ModeleEcrit) -> dict[str, object]:
    """Every part of the form said."""
    return {
        champ.cle: ["cellule"] * len(champ.colonnes)
        if champ.colonnes
        else (champ.choix[0] if champ.choix else "Dit.")
        for champ in modele.champs
    } | {"visible_patient": "on", "visible_professionnels": "on"}


def adresse(patient: Patient, modele: ModeleEcrit, suite: str = "") -> str:
    return f"/patients/{patient.pk}/ecrits/{modele.cle}/{suite}"


def texte(document: Document) -> str:
    pages = pypdfium2.PdfDocument(bytes(document.pdfa))
    return "\n".join(page.get_textpage().get_text_range() for page in pages)


@pytest.mark.parametrize("modele", MODELES, ids=lambda modele: modele.cle)
def test_each_form_makes_a_valid_document_of_its_type(
    modele: ModeleEcrit,
    au_bureau: Navigateur,
    qualifie: Patient,
    au_comptoir_de_l_officine: Navigateur,
    cliente: Patient,
) -> None:
    doctor = "medecin" in modele.roles
    navigateur, patient = (au_bureau, qualifie) if doctor else (au_comptoir_de_l_officine, cliente)
    assert classe_of_type(modele.type_code)

    navigateur.envoyer(adresse(patient, modele), {**rempli(modele), "geste": "garder"})

    document = Document.objects.get(patient=patient)
    data = cda_of(document, patient)
    assert validate_document(data).findings == ()
    read = read_document(data)
    assert read.type.code == modele.type_code
    assert read.corps is not None
    assert check_pdfa(read.corps.data) == []
    assert "Dit." in texte(document)


def test_the_form_begins_with_what_the_record_says(au_comptoir_de_l_officine: Navigateur, cliente: Patient) -> None:
    path = f"/patients/{cliente.pk}/medical/noter"
    au_comptoir_de_l_officine.envoyer(f"{path}/traitements/", {"produit": "VENTOLINE", "posologie": "au besoin"})
    au_comptoir_de_l_officine.envoyer(f"{path}/allergies/", {"agent": "Latex", "nature": "419199007"})

    page = au_comptoir_de_l_officine.get(f"/patients/{cliente.pk}/ecrits/bilan-medication/").content.decode()

    for said in ("VENTOLINE</textarea>", "au besoin</textarea>", "- Latex"):
        assert said in page


@pytest.mark.parametrize("manque", ["points", "conclusion", "theme"])
def test_what_is_missing_is_named_and_what_is_written_stays(
    au_comptoir_de_l_officine: Navigateur, cliente: Patient, manque: str
) -> None:
    (modele,) = (each for each in MODELES if each.cle == "entretien")
    response = au_comptoir_de_l_officine.envoyer(
        adresse(cliente, modele), {**rempli(modele), manque: "", "visible_patient": "", "geste": "envoyer"}
    )

    assert response.status_code == 422
    page = response.content.decode()
    assert "Il manque" in page
    assert "Dit.</textarea>" in page
    assert not Document.objects.exists()


def test_a_box_that_was_unticked_is_not_ticked_again_by_an_error(au_bureau: Navigateur, qualifie: Patient) -> None:
    page = au_bureau.envoyer(
        f"/patients/{qualifie.pk}/ecrits/certificat/", {"texte": "", "visible_professionnels": "on"}
    ).content.decode()

    assert 'name="visible_patient">' in page
    assert 'name="visible_professionnels" checked>' in page


def sauver(navigateur: Navigateur, patient: Patient, revision: int, **dit: str):
    path = f"/patients/{patient.pk}/ecrits/certificat/brouillon/"
    return navigateur.envoyer(path, {"revision": str(revision), **dit})


def test_a_draft_is_found_again_and_goes_when_the_document_is_made(au_bureau: Navigateur, qualifie: Patient) -> None:
    assert json.loads(sauver(au_bureau, qualifie, 0, texte="Je certifie").content)["revision"] == 1
    page = au_bureau.get(f"/patients/{qualifie.pk}/ecrits/certificat/").content.decode()
    assert "Je certifie</textarea>" in page
    assert "Brouillon" in au_bureau.get(f"/patients/{qualifie.pk}/documents/").content.decode()

    au_bureau.envoyer(
        f"/patients/{qualifie.pk}/ecrits/certificat/",
        {"texte": "Je certifie.", "visible_patient": "on", "geste": "garder"},
    )

    assert not Brouillon.objects.exists()
    assert Document.objects.count() == 1


def test_two_tabs_do_not_overwrite_one_another(au_bureau: Navigateur, qualifie: Patient) -> None:
    sauver(au_bureau, qualifie, 0, texte="Premier onglet")
    late = sauver(au_bureau, qualifie, 0, texte="Second onglet")

    assert late.status_code == 409
    assert "un autre onglet" in json.loads(late.content)["message"]
    assert "Premier onglet" in Brouillon.objects.get().contenu


def test_a_draft_is_its_author_s_alone(au_bureau: Navigateur, qualifie: Patient, cabinet) -> None:
    from cabinet.personnages import make_compte
    from opensegur.cabinet.comptes.roles import Role

    sauver(au_bureau, qualifie, 0, texte="Confidence")
    other = make_compte("dr.b", cabinet, Role.MEDECIN, nom="BERG", id_nat="899700500061", profession="10")

    assert "Confidence" not in open_session(other).get(f"/patients/{qualifie.pk}/ecrits/certificat/").content.decode()


def test_a_correction_is_the_next_version_and_begins_with_the_former(
    au_bureau: Navigateur, qualifie: Patient
) -> None:
    path = f"/patients/{qualifie.pk}/ecrits/certificat/"
    au_bureau.envoyer(path, {"texte": "Apte au judo.", "visible_professionnels": "on", "geste": "garder"})
    former = Document.objects.get()
    response = au_bureau.get(f"/patients/{qualifie.pk}/documents/{former.pk}/remplacer/")
    page = au_bureau.get(response.headers["Location"]).content.decode()
    assert "Apte au judo.</textarea>" in page
    assert 'name="visible_patient">' in page

    au_bureau.envoyer(
        response.headers["Location"], {"texte": "Apte au karaté.", "visible_patient": "on", "geste": "garder"}
    )

    latest = Document.objects.get(version=2)
    assert latest.remplace == former
    assert "karaté" in texte(latest)


def test_a_form_is_refused_to_another_profession(au_bureau: Navigateur, qualifie: Patient) -> None:
    assert (
        "que votre profession écrit" in au_bureau.get(f"/patients/{qualifie.pk}/ecrits/entretien/").content.decode()
    )
    assert {each.cle for each in models_for("pharmacien")} == {"entretien", "bilan-medication"}


def test_the_token_of_forms_is_asked_for_again_and_is_no_page_to_come_back_to(medecin: Compte) -> None:
    from django.test import Client

    stranger = Client()
    stranger.get("/compte/jeton/", headers={"Sec-Fetch-Dest": "empty"})
    assert "suite" not in stranger.session
    assert json.loads(open_session(medecin).get("/compte/jeton/").content)["jeton"]


def test_words_become_paragraphs_and_lists() -> None:
    part = Partie("a", "Conclusion", "Bien.\n- un\n- deux\n\nFin")
    alone = Ecrit("certificat", (part, Partie("b", "Vide", " ")))
    assert [type(each) for each in alone.blocs()] == [Paragraphe, Liste, Paragraphe]

    blocs = Ecrit("certificat", (part, Partie("c", "Suite", "À revoir."))).blocs()[:4]

    assert [type(each) for each in blocs] == [Titre, Paragraphe, Liste, Paragraphe]
    assert isinstance(blocs[2], Liste)
    assert blocs[2].lignes == ("un", "deux")
