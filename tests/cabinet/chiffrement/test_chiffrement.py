"""What is written in the database cannot be read, moved or altered without the key ring."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st

from opensegur.cabinet.chiffrement.champs import ChampChiffre
from opensegur.cabinet.chiffrement.chiffre import DecryptionError, decrypt, encrypt
from opensegur.cabinet.chiffrement.registre import REGISTRE, Traitement
from opensegur.cabinet.chiffrement.trousseau import Trousseau, create_trousseau, read_trousseau
from opensegur.foundation.errors import ConfigurationError

_RING = Trousseau(actuelle="2", cles={"1": b"a" * 32, "2": b"b" * 32}, index=b"c" * 32, journal=b"d" * 32)


@given(st.binary())
def test_what_is_encrypted_comes_back(clair: bytes) -> None:
    assert decrypt(_RING, "patients.patient.matricule", encrypt(_RING, "patients.patient.matricule", clair)) == clair


def test_the_same_value_never_looks_the_same() -> None:
    assert encrypt(_RING, "c", b"valeur") != encrypt(_RING, "c", b"valeur")


def test_a_value_moved_to_another_column_does_not_decrypt() -> None:
    with pytest.raises(DecryptionError):
        decrypt(_RING, "patients.patient.nir_facturation", encrypt(_RING, "patients.patient.matricule", b"2"))


def test_a_value_of_an_older_key_still_decrypts() -> None:
    before = Trousseau(actuelle="1", cles={"1": b"a" * 32}, index=b"c" * 32, journal=b"d" * 32)
    assert decrypt(_RING, "c", encrypt(before, "c", b"ancien")) == b"ancien"


@given(st.data())
def test_an_altered_value_is_refused(data: st.DataObject) -> None:
    sealed = bytearray(encrypt(_RING, "c", b"valeur"))
    position = data.draw(st.integers(0, len(sealed) - 1))
    sealed[position] ^= data.draw(st.integers(1, 255))
    with pytest.raises(DecryptionError):
        decrypt(_RING, "c", bytes(sealed))


@given(st.binary(max_size=40))
def test_rubbish_is_refused_with_a_message(rubbish: bytes) -> None:
    with pytest.raises(DecryptionError):
        decrypt(_RING, "c", rubbish)


def test_the_key_ring_is_made_once_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "cles" / "trousseau.json"
    create_trousseau(path)
    first = read_trousseau(path)
    create_trousseau(path)
    assert read_trousseau(path).cles == first.cles
    assert "b'" not in repr(first)
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"actuelle": "1", "cles": {"1": "xx"}}'])
def test_a_damaged_key_ring_is_refused_with_what_to_do(tmp_path: Path, content: str) -> None:
    path = tmp_path / "trousseau.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        read_trousseau(path)
    assert caught.value.conseil


def test_a_missing_key_ring_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_trousseau(tmp_path / "absent.json")
    assert caught.value.code == "CLES_ABSENTES"


def test_the_register_says_what_the_models_do() -> None:
    encrypted = {
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, ChampChiffre)
    }
    listed = {donnee.colonne for donnee in REGISTRE if donnee.traitement is not Traitement.CLAIR}
    assert encrypted == listed
    in_clear = {donnee.colonne for donnee in REGISTRE if donnee.traitement is Traitement.CLAIR}
    existing = {f"{m._meta.label_lower}.{f.name}" for m in apps.get_models() for f in m._meta.get_fields()}
    assert in_clear <= existing
