"""Codes and medicines at the terminal."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from opensegur.cli import main
from opensegur.medicament import forget_base, installed_base
from opensegur.nomenclature import tables

CIM10 = "E119  |0|OOOO|0|DIABETE T2|Diabète sucré de type 2, sans complication\n"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as leaving:
        main(list(arguments))
    printed = capsys.readouterr()
    assert "Traceback" not in printed.err
    return int(leaving.value.code or 0), printed.out + printed.err


@pytest.fixture
def cim10(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(tables.ENVIRONMENT, str(tmp_path / "nomenclatures"))
    tables.forget()
    path = tmp_path / "LIBCIM10MULTI.TXT"
    path.write_text(CIM10, encoding="utf-8")
    return path


def test_a_nomenclature_is_updated_then_searched(cim10: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = run(capsys, "nomenclature", "update", "--essai", str(cim10))
    assert (code, "1 ajoutés" in out) == (0, True)
    assert run(capsys, "nomenclature", "search", "CIM10", "diab")[0] == 1
    code, out = run(capsys, "nomenclature", "update", "--edition", "2026", str(cim10))
    assert (code, "CIM10 (nouvelle → 2026)" in out) == (0, True)
    code, out = run(capsys, "nomenclature", "search", "CIM10", "diab", "type")
    assert (code, out) == (0, "E11.9  Diabète sucré de type 2, sans complication\n")
    code, out = run(capsys, "nomenclature", "update", "--edition", "2026", str(cim10))
    assert (code, "aucun code ne change" in out) == (0, True)
    cim10.write_text(CIM10.replace("sucré ", ""), encoding="utf-8")
    assert "  ~ E11.9 : Diabète sucré de type 2" in run(capsys, "nomenclature", "update", str(cim10))[1]
    tables.forget()


def test_a_search_that_finds_nothing_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    code, out = run(capsys, "nomenclature", "search", "JDV_J07", "zzzz")
    assert (code, "Aucun code" in out) == (3, True)
    code, out = run(capsys, "nomenclature", "search", "JDV_J07", "vaccin", "--json")
    assert code == 0
    assert {"87273-9", "11369-6"} <= {each["code"] for each in json.loads(out)}
    code, out = run(capsys, "nomenclature", "list")
    assert (code, "JDV_J07 " in out) == (0, True)


@pytest.mark.fixtures
def test_a_medicine_and_a_box_are_found(official: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = str(official / "pharmacie" / "bdpm" / "echantillon")
    code, out = run(capsys, "medicament", "search", "doli", "1000", "--base", base)
    assert (code, "DOLIPRANE 1000 mg, comprimé" in out) == (0, True)
    assert run(capsys, "medicament", "search", "zzzz", "--base", base)[0] == 3
    code, out = run(capsys, "medicament", "box", "0103400935955838172802001016-9R", "--base", base, "--json")
    answer = json.loads(out)
    assert (code, answer["boite"]["peremption"], answer["boite"]["lot"]) == (0, "2028-02-29", "16-9R")
    assert answer["specialite"]["denomination"] == "DOLIPRANE 1000 mg, comprimé"


def test_a_box_is_read_without_the_base(capsys: pytest.CaptureFixture[str]) -> None:
    code, out = run(capsys, "medicament", "box", "0103400935955838172011001016-9R")
    assert code == 0
    for words in (
        "CIP : 3400935955838",
        "Lot : 16-9R",
        "Péremption : 30/11/2020",
        "La date de péremption est passée.",
    ):
        assert words in out
    code, out = run(capsys, "medicament", "box", "0103400935955839")
    assert (code, "GS1_CLE" in out) == (1, True)


@pytest.fixture
def base(tmp_path: Path) -> str:
    """A base of one medicine, in the published layout."""
    folder = tmp_path / "telechargee"
    folder.mkdir()
    rows = {
        "CIS_bdpm": "60000001\tESSAI 1 mg, comprimé\tcomprimé\torale\tAutorisation active\tProcédure nationale\t"
        "Commercialisée\t01/01/2000\t\t\tLABO\tNon\n",
        "CIS_CIP_bdpm": "60000001\t3000001\tplaquette de 30\tPrésentation active\tDéclaration de commercialisation\t"
        "01/01/2000\t3400930000014\toui\t65%\t1,00\t2,00\t1,00\t\n",
        "CIS_COMPO_bdpm": "60000001\tcomprimé\t00001\tESSAYINE\t1 mg\tun comprimé\tSA\t1\n",
    }
    for name, text in rows.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return str(folder)


def test_the_base_that_the_library_ships_answers_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    code, out = run(capsys, "medicament", "search", "doli", "1000")
    assert (code, "60234100  DOLIPRANE 1000 mg, comprimé" in out) == (0, True)


def test_the_base_of_the_day_takes_the_place_of_that_of_the_installation(
    capsys: pytest.CaptureFixture[str], base: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "medicaments"
    monkeypatch.setenv("OPENSEGUR_BDPM", str(own))
    forget_base()
    for day in ("01/06/2026", "01/07/2026"):
        code, out = run(capsys, "medicament", "install", base, "--du", day)
        assert (code, f"base du {day}" in out) == (0, True)
    installed = installed_base()
    assert (installed.du, installed.livree) == (date(2026, 7, 1), False)
    assert [each.cis for each in installed.medicaments.search("essay")] == ["60000001"]
    forget_base()


def test_a_folder_that_is_no_base_changes_nothing(
    capsys: pytest.CaptureFixture[str], base: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, empty = tmp_path / "medicaments", tmp_path / "vide"
    empty.mkdir()
    monkeypatch.setenv("OPENSEGUR_BDPM", str(own))
    run(capsys, "medicament", "install", base, "--du", "01/06/2026")
    code, out = run(capsys, "medicament", "install", str(empty), "--du", "01/07/2026")
    assert (code, "BDPM_ABSENTE" in out) == (1, True)
    assert installed_base().du == date(2026, 6, 1)
    forget_base()
