"""The whole record of a patient in one archive, out of one structure and into another."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cabinet.medical.test_recus import ajouter, vsm_recu
from cabinet.personnages import TRAITS, Navigateur, make_patient, open_session
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.documents.models import Document
from opensegur.cabinet.medical.dossier import entries_of
from opensegur.cabinet.patients.models import Patient
from opensegur.cda.pdf import check_pdfa
from opensegur.cda.reading import read_document
from opensegur.cda.validation import validate_document
from opensegur.ins import Nature

pytestmark = pytest.mark.django_db(databases=["default", "journal"])


@pytest.fixture
def plein(au_bureau: Navigateur, qualifie: Patient) -> Patient:
    """A record with something of each kind."""
    medical = f"/patients/{qualifie.pk}/medical"
    au_bureau.envoyer(f"{medical}/noter/problemes/", {"diagnostic": "Asthme (J45.9)", "debut": "2001"})
    au_bureau.envoyer(f"{medical}/noter/vigilance/", {"texte": "Vit seule"})
    for _ in range(2):
        kept = [str(row.pk) for row in qualifie.donnees.all()]
        au_bureau.envoyer(f"{medical}/synthese/", {"retenu": kept, "geste": "garder"})
    au_bureau.envoyer(
        f"/patients/{qualifie.pk}/documents/nouveau/",
        {
            "fichier": SimpleUploadedFile("note.txt", b"Bonjour", "text/plain"),
            "type_code": "11488-4",
            "visible_patient": "on",
            "visible_professionnels": "on",
        },
    )
    ajouter(au_bureau, qualifie, vsm_recu())
    return qualifie


@pytest.fixture
def chez_la_pharmacienne(officine, pharmacienne: Compte) -> tuple[Navigateur, Patient]:
    known = make_patient(officine, pharmacienne, Nature.RECUPERATION_INSI, Nature.CONTROLE_REUSSI)
    return open_session(pharmacienne), known


def exporter(navigateur: Navigateur, patient: Patient) -> bytes:
    return navigateur.envoyer(f"/patients/{patient.pk}/archive/exporter/").content


def reprendre(navigateur: Navigateur, patient: Patient, data: bytes):
    upload = SimpleUploadedFile("dossier.zip", data, "application/zip")
    return navigateur.envoyer(f"/patients/{patient.pk}/archive/reprendre/", {"archive": upload})


def test_the_archive_holds_documents_that_are_valid_and_data_that_are_typed(
    au_bureau: Navigateur, plein: Patient
) -> None:
    with zipfile.ZipFile(io.BytesIO(exporter(au_bureau, plein))) as archive:
        summary = json.loads(archive.read("dossier.json"))
        assert summary["identite"]["matricule"] == plein.matricule
        assert {each["rubrique"] for each in summary["donnees"]} == {"problemes", "vigilance"}
        assert len(summary["documents"]) == 4
        assert [each["obsolete"] for each in summary["documents"]].count(True) == 1
        for each in summary["documents"]:
            data = archive.read(each["fichiers"]["cda"])
            assert read_document(data).uid.root == each["uid"]
            if not each["recu"]:
                assert validate_document(data).findings == ()
                assert check_pdfa(archive.read(each["fichiers"]["pdf"])) == []


def test_it_goes_into_another_structure_and_nothing_comes_twice(
    au_bureau: Navigateur, plein: Patient, chez_la_pharmacienne: tuple[Navigateur, Patient]
) -> None:
    data = exporter(au_bureau, plein)
    navigateur, autre = chez_la_pharmacienne
    for _ in range(2):
        reprendre(navigateur, autre, data)

    assert {each.libelle for each in entries_of(autre)} == {"Asthme", "Vit seule"}
    assert Document.objects.filter(patient=autre).count() == 3
    assert all(each.recu for each in Document.objects.filter(patient=autre))


def test_that_of_somebody_else_is_refused_whole(
    au_bureau: Navigateur, plein: Patient, secretaire: Compte, cabinet
) -> None:
    from dataclasses import replace

    other = make_patient(cabinet, secretaire, traits=replace(TRAITS, nom_naissance="BOUCHER"))
    response = reprendre(au_bureau, other, exporter(au_bureau, plein))

    assert response.status_code == 422
    assert "Cette archive est celle de LEVEQUE ALICE" in response.content.decode()
    assert not other.donnees.exists()
    assert not other.documents.exists()


def zippe(**members: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, text in members.items():
            made.writestr(f"{name}.json", text)
    return out.getvalue()


HOSTILE = {
    "format": "opensegur-dossier",
    "version": 1,
    "identite": {"matricule": "", "nom_naissance": "LEVEQUE", "date_naissance": "1982-11-30", "premier_prenom": "A"},
    "donnees": [],
    "documents": [{"uid": "1.2", "obsolete": False, "fichiers": {"cda": "../../etc/passwd"}}],
}


@pytest.mark.parametrize(
    ("data", "dit"),
    [
        (b"", "n’est pas une archive"),
        (b"PK\x03\x04", "n’est pas une archive"),
        (zippe(autre="{}"), "n’est pas une archive"),
        (zippe(dossier="{"), "n’est pas une archive"),
        (zippe(dossier='{"format": "opensegur-dossier", "version": 99}'), "version plus récente"),
        (zippe(dossier=json.dumps(HOSTILE)), "n’est pas une archive"),
        (
            zippe(
                dossier=json.dumps(
                    HOSTILE | {"documents": [], "donnees": [{"valeur": {"est": "Popen"}, "retiree_le": ""}]}
                )
            ),
            "ne peuvent pas être relues",
        ),
    ],
)
def test_a_hostile_or_broken_archive_changes_nothing(
    au_bureau: Navigateur, qualifie: Patient, data: bytes, dit: str
) -> None:
    response = reprendre(au_bureau, qualifie, data)

    assert response.status_code == 422
    assert dit in response.content.decode()
    assert not qualifie.donnees.exists()


def test_a_secretary_takes_no_record_away(au_comptoir: Navigateur, qualifie: Patient) -> None:
    assert au_comptoir.envoyer(f"/patients/{qualifie.pk}/archive/exporter/").status_code == 403


def test_the_journal_says_that_a_record_was_taken_away(au_bureau: Navigateur, plein: Patient) -> None:
    from opensegur.cabinet.journal.models import Ligne

    exporter(au_bureau, plein)

    assert Ligne.objects.filter(action="portabilite.exporter", patient_ref=str(plein.pk)).count() == 1
