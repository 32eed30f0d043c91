"""``opensegur ins indexer``, from the terminal."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from opensegur.cabinet import installation
from opensegur.cabinet.antecedence.models import Entree
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.patients.selection import Criteres, search
from opensegur.cabinet.structures.models import Structure
from opensegur.cli.ins_index import indexer

pytestmark = pytest.mark.django_db(databases=["default", "journal"])


def test_the_index_is_made_again(
    cabinet: Structure, patient: Patient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installation, "prepare", lambda donnees: None)
    Entree.objects.all().delete()
    assert search(cabinet, Criteres(nom="LEVEQUE")) == []
    result = CliRunner().invoke(indexer, ["--donnees", str(tmp_path)], standalone_mode=False)
    assert "1 dossiers dans l’index" in result.output
    assert [found.patient for found in search(cabinet, Criteres(nom="LEVEQUE"))] == [patient]
