"""``opensegur ins import``, from the terminal."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from cabinet.imports_fichiers import TABLE
from opensegur.cabinet import installation
from opensegur.cabinet.imports.erreurs import ImportRefuse
from opensegur.cabinet.imports.models import Import
from opensegur.cabinet.journal.models import Ligne
from opensegur.cabinet.patients.models import Patient
from opensegur.cli.ins_import import importer
from opensegur.foundation.errors import InvalidValue

pytestmark = pytest.mark.django_db(databases=["default", "journal"])


@pytest.fixture
def lancer(tmp_path: Path, cabinet, gestionnaire, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(installation, "prepare", lambda donnees: None)
    source = tmp_path / "base.csv"
    source.write_text(TABLE, encoding="cp1252")

    def run(*arguments: str, fichier: bool = True):
        common = ["--donnees", str(tmp_path), "--compte", "gaelle"]
        asked = [*([str(source)] if fichier else []), *common, *arguments]
        result = CliRunner().invoke(importer, asked, standalone_mode=False)
        if result.exception:
            raise result.exception
        return result

    return run


def test_a_file_is_tried_and_nothing_is_written(lancer) -> None:
    result = lancer()
    assert result.return_value == 3
    assert "3 dossiers à créer" in result.output
    assert "ligne 5 :" in result.output
    assert not Patient.objects.exists()


def test_applied_told_resumed_and_undone(lancer, tmp_path: Path) -> None:
    report = tmp_path / "rapport.csv"
    result = lancer("--appliquer", "--rapport", str(report))
    assert "3 dossiers créés" in result.output
    assert Patient.objects.count() == 3
    assert report.read_text(encoding="utf-8-sig").splitlines()[0] == "Ligne;Issue;Explication;N° de dossier"
    back = lancer("--defaire", str(Import.objects.get().pk), fichier=False)
    assert back.return_value == 0
    assert not Patient.objects.exists()
    assert {"import.deposer", "import.appliquer", "import.defaire"} == set(
        Ligne.objects.values_list("action", flat=True)
    )


def test_what_was_tried_is_applied_later(lancer) -> None:
    lancer()
    result = lancer("--reprendre", str(Import.objects.get().pk), fichier=False)
    assert "3 dossiers créés" in result.output


def test_columns_may_be_named(lancer) -> None:
    result = lancer("--colonne", "2=nom_utilise", "--colonne", "3=nom_naissance", "--appliquer")
    assert "1 dossiers créés" not in result.output
    assert Patient.objects.filter(nom_naissance="VALLEE").exists()


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("--structure", "399"), InvalidValue),
        (("--reprendre", "x"), Exception),
        (("--colonne", "2=couleur"), Exception),
    ],
)
def test_what_is_asked_wrongly_is_refused(lancer, arguments: tuple[str, ...], error: type[Exception]) -> None:
    with pytest.raises(error):
        lancer(*arguments)


def test_an_unknown_import_is_said(lancer) -> None:
    with pytest.raises(ImportRefuse):
        lancer("--defaire", "pas-un-import", fichier=False)
