"""The key is renewed under the application at work; stopped or doubled, nothing is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from cabinet.personnages import make_patient
from opensegur.cabinet.chiffrement import renouvellement
from opensegur.cabinet.chiffrement.chiffre import key_of
from opensegur.cabinet.chiffrement.registre import REGISTRE, Traitement
from opensegur.cabinet.chiffrement.renouvellement import encrypted_columns, rewrite
from opensegur.cabinet.chiffrement.trousseau import add_key, create_trousseau, forget_former_keys, read_trousseau
from opensegur.cabinet.comptes.models import Compte, SecondFacteur
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.structures.models import Structure

pytestmark = pytest.mark.django_db(databases=["default", "journal"])


@pytest.fixture
def ring(tmp_path: Path, settings: Any) -> Path:
    """A key ring of this test alone."""
    path = tmp_path / "cles.json"
    create_trousseau(path)
    settings.OPENSEGUR_CLES = path
    return path


@pytest.fixture
def secrets(ring: Path, cabinet: Structure) -> list[bytes]:
    """Forty-five accounts, each with its secret: more than two batches."""
    kept = [bytes([rank]) * 20 for rank in range(45)]
    for rank, secret in enumerate(kept):
        SecondFacteur.objects.create(
            compte=Compte.objects.create_user(f"c{rank}", nom="N", prenom="P"), secret=secret
        )
    return kept


def _said(column: str, count: int) -> None:
    pass


def _keys() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM comptes_secondfacteur")
        return {key_of(bytes(row[0])) for row in cursor.fetchall()}


def _read() -> list[bytes]:
    return sorted(bytes(each.secret) for each in SecondFacteur.objects.all())


def test_every_column_of_the_register_is_rewritten() -> None:
    listed = {each.colonne for each in REGISTRE if each.traitement is not Traitement.CLAIR}
    assert {each.nom for each in encrypted_columns()} == listed


def test_all_is_under_the_new_key_and_still_reads(ring: Path, secrets: list[bytes]) -> None:
    add_key(ring)
    assert _keys() == {"1"}
    assert _read() == secrets  # a process at work follows the renewed ring
    assert rewrite(_said).refaites == len(secrets)
    assert _keys() == {"2"}
    forget_former_keys(ring)
    assert list(read_trousseau(ring).cles) == ["2"]
    assert _read() == secrets


def test_what_is_found_by_its_index_is_still_found(ring: Path, cabinet: Structure, secretaire: Compte) -> None:
    patient = make_patient(cabinet, secretaire)
    index, traits = patient.matricule_index, patient.matricule
    add_key(ring)
    rewrite(_said)
    assert Patient.objects.get(matricule_index=index, pk=patient.pk).matricule == traits


def test_a_second_pass_changes_nothing(ring: Path, secrets: list[bytes]) -> None:
    add_key(ring)
    rewrite(_said)
    assert rewrite(_said) == renouvellement.Bilan()


def test_stopped_it_goes_on_with_what_is_left(
    ring: Path, secrets: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    add_key(ring)
    real, calls = renouvellement._redo, 0

    def stop(*arguments: Any) -> renouvellement.Bilan:
        nonlocal calls
        calls += 1
        if calls > 30:
            raise KeyboardInterrupt
        return real(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(renouvellement, "_redo", stop)
        with pytest.raises(KeyboardInterrupt):
            rewrite(_said)
    assert _keys() == {"1", "2"}
    assert _read() == secrets
    assert 0 < rewrite(_said).refaites < len(secrets)
    assert _keys() == {"2"}


def test_what_somebody_writes_meanwhile_is_not_undone(
    ring: Path, secrets: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    add_key(ring)
    real = renouvellement.encrypt

    def write_first(*arguments: Any) -> bytes:
        SecondFacteur.objects.filter(pk=SecondFacteur.objects.order_by("pk").first().pk).update(secret=b"z" * 20)
        return real(*arguments)

    monkeypatch.setattr(renouvellement, "encrypt", write_first)
    rewrite(_said)
    assert b"z" * 20 in _read()


def test_a_value_that_no_key_opens_is_counted_and_left(ring: Path, secrets: list[bytes]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT compte_id FROM comptes_secondfacteur")
        pk = cursor.fetchone()[0]
        cursor.execute(
            "UPDATE comptes_secondfacteur SET secret = %s WHERE compte_id = %s",
            [connection.Database.Binary(b"\x01\x019" + bytes(40)), pk],
        )
    add_key(ring)
    assert rewrite(_said) == renouvellement.Bilan(refaites=len(secrets) - 1, illisibles=1)
