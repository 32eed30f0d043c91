"""A heap of files: what its code names files itself, what is not sure waits for a person."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from cabinet.personnages import MATRICULE, TRAITS, Navigateur, open_session
from opensegur.cabinet.accueil.models import Venue
from opensegur.cabinet.bannette import vues
from opensegur.cabinet.bannette.models import Arrivee
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.documents.models import Document
from opensegur.cabinet.patients.models import Patient
from opensegur.cda.n3.vsm import TYPE, Vsm, build_vsm
from opensegur.cda.patient import PatientCda
from opensegur.cda.testing import MEDECIN, sample_entete
from opensegur.ins import Matricule, Sexe
from opensegur.ins.datamatrix import ContenuIns, encode_content
from opensegur.ins.datamatrix.symbole import to_image

pytestmark = pytest.mark.django_db(databases=["default", "journal"])
CONTENU = ContenuIns(
    MATRICULE, TRAITS.nom_naissance, TRAITS.prenoms, Sexe.F, TRAITS.date_naissance, TRAITS.lieu_naissance
)
AUTRE = ContenuIns(
    Matricule("174024512390057", MATRICULE.oid), "COURTOIS", "XAVIER ALEX", Sexe.M, "1974-02-21", "45123"
)


def page(*codes: str) -> bytes:
    """A scanned page with these codes."""
    sheet = Image.new("L", (1240, 1754), 255)
    for rank, code in enumerate(codes):
        sheet.paste(to_image(code, pixels=6), (80 + 500 * rank, 80))
    out = io.BytesIO()
    sheet.save(out, "JPEG", quality=90)
    return out.getvalue()


def deposer(navigateur: Navigateur, *files: tuple[str, bytes], type_code: str = "11488-4"):
    """Leave the files, then have them all read."""
    response = laisser(navigateur, *files, type_code=type_code)
    while Arrivee.objects.filter(lue_le=None).exists():
        navigateur.envoyer("/bannette/avancer/")
    return response


def laisser(navigateur: Navigateur, *files: tuple[str, bytes], type_code: str = "11488-4"):
    uploads = [SimpleUploadedFile(name, data) for name, data in files]
    return navigateur.envoyer("/bannette/deposer/", {"fichiers": uploads, "type_code": type_code})


def cda(**dit: object) -> bytes:
    """A synthesis from elsewhere, about Alice."""
    header = sample_entete(type=TYPE, titre="Synthèse reçue", patient=PatientCda(TRAITS, MATRICULE))
    return build_vsm(replace(header, **dit), Vsm(MEDECIN))


@pytest.mark.exigence("EXI DIF 02")
def test_a_page_that_bears_the_code_of_a_patient_files_itself(au_comptoir: Navigateur, qualifie: Patient) -> None:
    deposer(au_comptoir, ("scan.jpg", page(encode_content(CONTENU))))

    document = Document.objects.get(patient=qualifie)
    assert (document.nom_fichier, document.type_code) == ("scan.jpg", "11488-4")
    arrival = Arrivee.objects.get()
    assert arrival.toute_seule
    assert bytes(arrival.contenu) == b""


def test_a_heap_is_sorted_and_one_refused_file_holds_nothing_back(au_comptoir: Navigateur, qualifie: Patient) -> None:
    deposer(
        au_comptoir,
        ("a.jpg", page(encode_content(CONTENU))),
        ("b.txt", b"Sans code.\n"),
        ("c.exe", b"MZ\x00\x01\x02\x03"),
        ("d.jpg", page()),
    )

    assert Document.objects.count() == 1
    assert set(Arrivee.objects.filter(document=None).values_list("pk", flat=True)).__len__() == 2
    text = au_comptoir.get("/bannette/").content.decode()
    assert "b.txt" in text
    assert "« c.exe »" in text


@pytest.mark.parametrize(
    ("codes", "motif"),
    [
        ((), "Aucun code INS"),
        ((AUTRE,), "Aucun dossier ne porte"),
        ((CONTENU, AUTRE), "Deux codes INS de personnes différentes"),
        (
            (ContenuIns(MATRICULE, "LEVEQUE", "ALICE", Sexe.F, "1982-11-30", "14127"),),
            "n’a pas les mêmes traits",
        ),
    ],
)
def test_what_is_not_sure_waits_and_says_why(
    au_comptoir: Navigateur, qualifie: Patient, codes: tuple[ContenuIns, ...], motif: str
) -> None:
    deposer(au_comptoir, ("scan.jpg", page(*map(encode_content, codes))))

    assert motif in Arrivee.objects.get(document=None).motif
    assert not Document.objects.exists()


def test_two_codes_of_a_page_are_each_called_by_their_name(au_comptoir: Navigateur, qualifie: Patient) -> None:
    deposer(au_comptoir, ("scan.jpg", page(encode_content(AUTRE), "https://exemple.test/ordonnance/1")))

    text = au_comptoir.get(f"/bannette/{Arrivee.objects.get().pk}/").content.decode()
    assert "COURTOIS XAVIER ALEX" in text
    assert text.count("<dt>") == 2


def test_one_key_files_it_under_somebody_who_comes_today_and_opens_the_next(
    au_comptoir: Navigateur, secretaire: Compte, patient: Patient, cabinet
) -> None:
    Venue.objects.create(
        structure=cabinet, patient=patient, prevue_le=timezone.now(), creee_par=secretaire, recu_par=secretaire
    )
    deposer(au_comptoir, ("a.txt", b"Un"), ("b.txt", b"Deux"))
    first, second = Arrivee.objects.order_by("deposee_le", "pk")
    text = au_comptoir.get(f"/bannette/{first.pk}/").content.decode()
    assert f"/bannette/{first.pk}/classer/{patient.pk}/" in text
    assert 'data-touche="1"' in text

    response = au_comptoir.envoyer(f"/bannette/{first.pk}/classer/{patient.pk}/")

    assert Document.objects.get(patient=patient).nom_fichier == "a.txt"
    assert response.headers["Location"] == f"/bannette/{second.pk}/"


def test_somebody_else_is_found_by_name(au_comptoir: Navigateur, patient: Patient) -> None:
    deposer(au_comptoir, ("a.txt", b"Un"))
    arrival = Arrivee.objects.get()

    text = au_comptoir.envoyer(f"/bannette/{arrival.pk}/", {"nom": "lev"}).content.decode()

    assert f"/classer/{patient.pk}/" in text


def test_a_file_is_filed_once(au_comptoir: Navigateur, patient: Patient) -> None:
    deposer(au_comptoir, ("a.txt", b"Un"))
    path = f"/bannette/{Arrivee.objects.get().pk}/classer/{patient.pk}/"
    au_comptoir.envoyer(path)

    assert au_comptoir.envoyer(path).status_code == 404
    assert Document.objects.count() == 1


def test_what_is_thrown_away_leaves_no_content(au_comptoir: Navigateur, patient: Patient) -> None:
    deposer(au_comptoir, ("a.txt", b"Un"))
    arrival = Arrivee.objects.get()
    au_comptoir.envoyer(f"/bannette/{arrival.pk}/ecarter/")

    arrival.refresh_from_db()
    assert bytes(arrival.contenu) == b""
    assert arrival.ecartee_le is not None


def test_another_structure_neither_sees_nor_files(
    au_comptoir: Navigateur, patient: Patient, pharmacienne: Compte
) -> None:
    deposer(au_comptoir, ("a.txt", b"Un"))
    arrival = Arrivee.objects.get()
    stranger = open_session(pharmacienne)

    assert "a.txt" not in stranger.get("/bannette/").content.decode()
    assert stranger.get(f"/bannette/{arrival.pk}/").status_code == 404
    assert stranger.envoyer(f"/bannette/{arrival.pk}/classer/{patient.pk}/").status_code == 404


def test_files_without_a_type_are_not_taken(au_comptoir: Navigateur) -> None:
    assert deposer(au_comptoir, ("a.txt", b"Un"), type_code="").status_code == 400
    assert not Arrivee.objects.exists()


def test_what_was_left_is_kept_before_it_is_read_and_reading_goes_on_where_it_stopped(
    au_comptoir: Navigateur, qualifie: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vues, "_PAS", 0.0)
    laisser(au_comptoir, ("a.jpg", page(encode_content(CONTENU))), ("b.txt", b"Sans code."))
    assert Arrivee.objects.filter(lue_le=None).count() == 2
    assert "2 fichiers à lire" in au_comptoir.get("/bannette/").content.decode()

    au_comptoir.envoyer("/bannette/avancer/")
    assert Arrivee.objects.filter(lue_le=None).count() == 1
    assert "1 fichier à lire" in au_comptoir.get("/bannette/").content.decode()

    au_comptoir.envoyer("/bannette/avancer/")
    assert not Arrivee.objects.filter(lue_le=None).exists()
    assert Document.objects.get(patient=qualifie).auteur == Arrivee.objects.exclude(document=None).get().deposee_par
    assert "à lire" not in au_comptoir.get("/bannette/").content.decode()


def test_a_cda_files_itself_under_the_patient_whom_its_header_names(
    au_comptoir: Navigateur, qualifie: Patient
) -> None:
    data = cda()
    deposer(au_comptoir, ("recu.xml", data), ("encore.xml", data), type_code="cda")

    document = Document.objects.get(patient=qualifie)
    assert bytes(document.origine) == data
    assert (document.recu, document.type_code, document.titre) == (True, TYPE.code, "Synthèse reçue")
    assert set(Arrivee.objects.values_list("document", "toute_seule")) == {(document.pk, True)}


def test_the_cda_of_somebody_whose_traits_differ_waits_and_goes_to_nobody_else(
    au_comptoir: Navigateur, qualifie: Patient
) -> None:
    other = PatientCda(replace(TRAITS, date_naissance="1983-01-02"), MATRICULE)
    deposer(au_comptoir, ("recu.xml", cda(patient=other)), type_code="cda")

    arrival = Arrivee.objects.get()
    assert "pas les mêmes traits" in arrival.motif
    assert "Synthèse reçue" in au_comptoir.get(f"/bannette/{arrival.pk}/").content.decode()

    without = PatientCda(replace(TRAITS, nom_naissance="AUTRE"), ipp="12", ipp_oid="1.2.250.1.999.1")
    deposer(au_comptoir, ("autre.xml", cda(patient=without)), type_code="cda")
    arrival = Arrivee.objects.exclude(pk=arrival.pk).get()
    assert "ne porte pas d’INS" in arrival.motif
    au_comptoir.envoyer(f"/bannette/{arrival.pk}/classer/{qualifie.pk}/")
    answer = au_comptoir.get(f"/bannette/{arrival.pk}/")
    assert "celui d’une autre personne" in answer.content.decode()
    assert not Document.objects.exists()


def test_a_broken_cda_waits_with_the_reason(au_comptoir: Navigateur, qualifie: Patient) -> None:
    deposer(au_comptoir, ("recu.xml", cda()[:-40]), type_code="cda")

    arrival = Arrivee.objects.get()
    assert "ne peut pas être lu" in arrival.motif
    assert "ne peut pas être affiché" in au_comptoir.get(f"/bannette/{arrival.pk}/").content.decode()


def test_a_page_announced_as_a_cda_is_refused(au_comptoir: Navigateur) -> None:
    laisser(au_comptoir, ("a.txt", b"Un"), type_code="cda")

    assert "n’est pas un document CDA" in au_comptoir.get("/bannette/").content.decode()
    assert not Arrivee.objects.exists()
