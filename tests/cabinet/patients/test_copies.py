"""A copy of an identity document: refused by default, encrypted when it is admitted, gone after five years."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from cabinet.personnages import Navigateur, make_patient, open_session
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.conservation import menage
from opensegur.cabinet.journal.models import Ligne
from opensegur.cabinet.patients.copies import MAX_BYTES, forget_old_copies
from opensegur.cabinet.patients.models import CopiePiece, Patient, Preuve
from opensegur.cabinet.structures.models import Structure
from opensegur.ins import Nature, Statut

pytestmark = pytest.mark.django_db(databases=["default", "journal"])


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def recuperee(cabinet: Structure, secretaire: Compte) -> Patient:
    Structure.objects.update(copies_conservees=True)
    return make_patient(cabinet, secretaire, Nature.RECUPERATION_INSI)


def check(browser: Navigateur, patient: Patient, data: bytes) -> int:
    values = {"piece": "CN", "copie": SimpleUploadedFile("piece.jpg", data)}
    return browser.envoyer(reverse("patients:piece", args=[patient.pk]), values).status_code


def test_a_copy_is_kept_encrypted_seen_with_a_line_and_destroyed_by_hand(
    au_comptoir: Navigateur, recuperee: Patient
) -> None:
    assert check(au_comptoir, recuperee, photo()) == 302
    kept = CopiePiece.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT contenu FROM patients_copiepiece")
        assert photo()[:20] not in bytes(cursor.fetchone()[0])
    address = reverse("patients:copie", args=[recuperee.pk, kept.pk])
    assert address in au_comptoir.get(reverse("patients:histoire", args=[recuperee.pk])).text
    assert au_comptoir.get(address).content == photo()
    assert Ligne.objects.filter(action="copie.lire", patient_ref=str(recuperee.pk)).exists()
    au_comptoir.envoyer(reverse("patients:copie_effacer", args=[recuperee.pk, kept.pk]))
    assert not CopiePiece.objects.exists()
    # the check stays: only the copy is gone
    assert Patient.objects.get().statut is Statut.QUALIFIEE


def test_no_copy_is_kept_unless_the_structure_says_so(au_comptoir: Navigateur, recuperee: Patient) -> None:
    Structure.objects.update(copies_conservees=False)
    assert 'name="copie"' not in au_comptoir.get(reverse("patients:piece", args=[recuperee.pk])).text
    assert check(au_comptoir, recuperee, photo()) == 400
    assert not CopiePiece.objects.exists()
    assert Patient.objects.get().statut is Statut.RECUPEREE


@pytest.mark.parametrize("data", [b"<html>", b"MZ", photo() + b"\0" * MAX_BYTES], ids=["html", "exe", "too big"])
def test_a_file_that_is_no_copy_is_refused_and_nothing_is_recorded(
    au_comptoir: Navigateur, recuperee: Patient, data: bytes
) -> None:
    assert check(au_comptoir, recuperee, data) == 400
    assert Patient.objects.get().statut is Statut.RECUPEREE


def test_a_copy_of_five_years_is_destroyed_by_the_worker_once_a_day(
    au_comptoir: Navigateur, recuperee: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    check(au_comptoir, recuperee, photo())
    now = timezone.now()
    assert forget_old_copies(now + timedelta(days=5 * 365)) == 0
    Preuve.objects.update(moment=now - timedelta(days=5 * 365 + 3))
    monkeypatch.setattr(menage, "_LAST", [])
    assert menage.forget_daily() == 1
    assert menage.forget_daily() == 0
    assert not CopiePiece.objects.exists()


def test_a_copy_is_not_seen_from_elsewhere(
    au_comptoir: Navigateur, recuperee: Patient, pharmacienne: Compte, cabinet: Structure, secretaire: Compte
) -> None:
    check(au_comptoir, recuperee, photo())
    kept = CopiePiece.objects.get()
    address = reverse("patients:copie", args=[recuperee.pk, kept.pk])
    assert open_session(pharmacienne).get(address).status_code == 404
    other = make_patient(cabinet, secretaire)
    assert au_comptoir.get(reverse("patients:copie", args=[other.pk, kept.pk])).status_code == 404
