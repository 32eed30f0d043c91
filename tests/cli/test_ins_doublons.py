"""``opensegur ins duplicates``, from the terminal, on a file and on the cabinet's base."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from cabinet.conftest import cabinet, medecin, secretaire  # noqa: F401
from cabinet.personnages import make_patient
from opensegur.cabinet import installation
from opensegur.cabinet.doublons.base_entiere import ask, claim
from opensegur.cabinet.doublons.models import Paire
from opensegur.cabinet.imports.erreurs import FichierRefuse
from opensegur.cabinet.journal.models import Ligne
from opensegur.cli.ins_doublons import duplicates
from opensegur.foundation.errors import InvalidValue

TABLE = """N° dossier;Nom de naissance;Prénom;Date de naissance;Sexe;Lieu de naissance;Code postal
17;LE GOFF;Anne;07/03/1951;F;29019;29000
18;TANGUY;Yves;23/11/1948;M;29232;29000
19;Legoff;Anne;03/07/1951;F;29019;29200
20;GUILLOU;;;;;
"""


@pytest.fixture
def tableau(tmp_path: Path) -> Path:
    path = tmp_path / "base.csv"
    path.write_text(TABLE, encoding="cp1252")
    return path


def lancer(*arguments: str):
    result = CliRunner().invoke(duplicates, list(arguments), standalone_mode=False)
    if result.exception:
        raise result.exception
    return result


def test_the_pairs_of_a_table_are_told_with_their_lines_and_reasons(tableau: Path) -> None:
    result = lancer(str(tableau))
    assert result.return_value == 3
    assert "1 paire parmi 4 fiches." in result.stdout
    assert "lignes 2 et 4 (n° 17, n° 19)" in result.stdout
    assert "jour et mois de naissance intervertis" in result.stdout


def test_a_program_reads_the_same(tableau: Path) -> None:
    told = json.loads(lancer(str(tableau), "--json").stdout)
    assert told["fiches"] == 4
    (pair,) = told["paires"]
    assert (pair["a"], pair["b"]) == ({"ligne": 2, "id": "17"}, {"ligne": 4, "id": "19"})
    assert pair["probabilite"] > 0.9


def test_all_the_pairs_go_to_a_file(tableau: Path, tmp_path: Path) -> None:
    out = tmp_path / "paires.csv"
    lancer(str(tableau), "--sortie", str(out))
    with out.open(encoding="utf-8", newline="") as stream:
        (row,) = csv.DictReader(stream, delimiter=";")
    assert (row["ligne_a"], row["ligne_b"], row["id_a"]) == ("2", "4", "17")


def test_a_threshold_leaves_out_the_less_sure(tableau: Path) -> None:
    result = lancer(str(tableau), "--seuil", "0.9999999999")
    assert (result.return_value, result.stdout) == (0, "0 paire parmi 4 fiches.\n")


def test_a_table_without_the_needed_columns_says_which(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a;b\n1;2\n", encoding="utf-8")
    with pytest.raises(FichierRefuse, match="Nom de naissance"):
        lancer(str(path))


@pytest.fixture
def base(cabinet, secretaire, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):  # noqa: F811
    monkeypatch.setattr(installation, "prepare", lambda donnees: None)
    for _ in range(2):
        make_patient(cabinet, secretaire)
    return ["--base", "--donnees", str(tmp_path), "--compte", "sam"]


@pytest.mark.django_db(databases=["default", "journal"])
def test_the_base_of_the_cabinet_is_searched_and_its_pairs_noted(base: list[str]) -> None:
    result = lancer(*base)
    assert result.return_value == 3
    assert "2 dossiers lus, 1 paire, dont 1 nouvelle." in result.stdout
    assert Paire.objects.count() == 1
    assert Ligne.objects.filter(action="doublons.rechercher").count() == 1
    assert json.loads(lancer(*base, "--json").stdout)["nouvelles"] == 0


@pytest.mark.django_db(databases=["default", "journal"])
def test_two_searches_do_not_run_at_once(base: list[str], cabinet, secretaire) -> None:  # noqa: F811
    ask(cabinet, secretaire)
    claim()
    with pytest.raises(InvalidValue, match="déjà en cours"):
        lancer(*base)


@pytest.mark.parametrize("arguments", [[], ["--base"]])
def test_what_is_missing_is_asked_for(arguments: list[str]) -> None:
    result = CliRunner().invoke(duplicates, arguments)
    assert result.exit_code == 2
