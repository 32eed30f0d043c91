"""Published nomenclatures: read, put in place, and what changed is told."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from opensegur.foundation.errors import ConfigurationError, RefusedInput
from opensegur.nomenclature import Concept, Table, names, table, tables
from opensegur.nomenclature.index import is_one_letter_away
from opensegur.nomenclature.installees import compare, install
from opensegur.nomenclature.publies import CIM10, LOINC, read_published, short_name

ATIH = (
    "E11   |3|NNNN|3|DIABETE DE TYPE 2|Diabète sucré de type 2\r\n"
    "E119  |0|OOOO|0|DIABETE T2 SANS COMPLICATION|Diabète sucré de type 2,  sans complication\r\n"
    "B24   |3|NNNN|3|*** SU16 *** VIH|*** SU16 *** Immunodéficience humaine\r\n"
    "W540  |0|NNNN|0|MORDU|Diabète mordu par un chien\r\n"
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv(tables.ENVIRONMENT, str(tmp_path / "nomenclatures"))
    tables.forget()
    yield tmp_path / "nomenclatures"
    tables.forget()


def put(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / name
    path.write_bytes(
        gzip.compress(text.encode())
        if name.endswith(".gz")
        else text.encode("utf-8" if name.endswith(".xml") else "cp1252")
    )
    return path


@pytest.mark.parametrize("name", ["LIBCIM10MULTI 2026.TXT", "LIBCIM10MULTI 2026.txt.gz"])
def test_the_atih_s_file_becomes_the_cim_10(tmp_path: Path, folder: Path, name: str) -> None:
    read = read_published(put(tmp_path, name, ATIH))
    assert (read.name, read.version, len(read)) == ("CIM10", "2026", 4)
    change = install(read)
    assert (change.avant, len(change.ajoutes)) == (None, 3)
    cim10 = table("CIM10")
    assert cim10.get("E11.9") == Concept("E11.9", CIM10, "Diabète sucré de type 2, sans complication")
    assert [each.code for each in cim10.suggest("diabe")] == ["E11", "E11.9", "W54.0"]
    assert [each.code for each in cim10.suggest("E119")] == ["E11.9"]
    assert [each.code for each in cim10.suggest("dibaete typ")] == ["E11", "E11.9"]
    assert "CIM10" in names()
    assert (folder / "CIM10.tsv").is_file()


def test_a_code_that_is_closed_is_read_and_no_longer_proposed(tmp_path: Path, folder: Path) -> None:
    install(read_published(put(tmp_path, "cim10.txt", ATIH)))
    assert table("CIM10").label("B24", CIM10).endswith("Immunodéficience humaine")
    assert table("CIM10").suggest("immunodeficience") == ()


def test_loinc_comes_from_a_list_in_french(tmp_path: Path) -> None:
    text = "loinc;libelle_fr;units_ucum\n718-7;Hémoglobine;g/dL\nfaux;Rien;\n"
    read = read_published(put(tmp_path, "loinc.csv", text))
    assert read.concepts == (Concept("718-7", LOINC, "Hémoglobine"),)


def test_a_value_set_takes_the_place_of_ours_and_says_what_changes(tmp_path: Path, folder: Path) -> None:
    before = table("JDV_ModaliteEntree")
    kept = before.concepts[1:]
    concepts = "".join(
        f'<Concept code="{each.code} " codeSystem="{each.system}" displayName="{"Autre" if rank == 0 else each.label}"/>'
        for rank, each in enumerate(kept)
    )
    text = (
        f'<ValueSet displayName="JDV_ModaliteEntree_CISIS" id="{before.oid}" dateMaj="20300101000000">{concepts}'
        '<Concept code="NEUF" codeSystem="1.2" displayName="Neuf"/>'
        '<Concept code="VIEUX" codeSystem="1.2" displayName="Vieux" dateFin="20200101000000"/></ValueSet>'
    )
    published = read_published(put(tmp_path, "jdv.xml", text))
    tried = install(published, dry_run=True)
    assert table("JDV_ModaliteEntree") == before
    assert install(published) == tried
    assert [each.code for each in tried.ajoutes] == ["NEUF"]
    assert [each.code for each in tried.retires] == [before.concepts[0].code]
    assert [new.label for _, new in tried.renommes] == ["Autre"]
    assert table("JDV_ModaliteEntree").version == "20300101"
    assert install(published).is_empty


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("a.txt", "bonjour", "NOMENCLATURE_FORMAT"),
        ("a.xml", "<a/>", "NOMENCLATURE_FORMAT"),
        ("a.xml", '<ValueSet displayName="JDV_X"/>', "NOMENCLATURE_VIDE"),
        ("a.xml", "<!DOCTYPE a><a/>", "XML_DOCTYPE"),
        ("a.csv", "loinc;libelle_fr\nx;y\n", "NOMENCLATURE_VIDE"),
    ],
)
def test_what_is_no_nomenclature_is_refused(tmp_path: Path, name: str, text: str, code: str) -> None:
    with pytest.raises(RefusedInput) as refusal:
        read_published(put(tmp_path, name, text))
    assert refusal.value.code == code


def test_an_absent_or_broken_file_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "x.gz"
    broken.write_bytes(b"\x1f\x8b\x08")
    for path in (tmp_path / "absent.xml", broken):
        with pytest.raises(RefusedInput) as refusal:
            read_published(path)
        assert refusal.value.code == "NOMENCLATURE_FORMAT"


def test_without_a_folder_nothing_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(tables.ENVIRONMENT, raising=False)
    tables.forget()
    with pytest.raises(ConfigurationError) as refusal:
        install(Table("CIM10", CIM10, "1", "s", (Concept("A00", CIM10, "Choléra"),)))
    assert refusal.value.code == "NOMENCLATURES_DOSSIER"
    monkeypatch.undo()
    tables.forget()


def test_a_code_that_closes_is_told_as_gone() -> None:
    before = Table("T", "", "1", "s", (Concept("a", "9", "A"),))
    after = Table("T", "", "2", "s", (Concept("a", "9", "A", actif=False),))
    assert [each.code for each in compare(before, after).retires] == ["a"]


@pytest.mark.parametrize(
    ("published", "name"),
    [
        ("JDV_J07_XdsTypeCode_CISIS", "JDV_J07"),
        ("JDV_J66-TypeCode-DMP", "JDV_J66"),
        ("JDV_ProblemCodes_CISIS", "JDV_ProblemCodes"),
        ("TRE_A07-StatutVisibiliteDocument", "TRE_A07"),
    ],
)
def test_a_value_set_is_known_by_its_short_name(published: str, name: str) -> None:
    assert short_name(published) == name


@pytest.mark.parametrize("typed", ["doliprnae", "dolipane", "dolliprane", "dolipbane", "oliprane"])
def test_one_letter_is_one_letter(typed: str) -> None:
    assert is_one_letter_away(typed, "doliprane")
    assert not is_one_letter_away(typed, "kardegic")


@pytest.mark.fixtures
def test_the_published_cim_10_is_read_whole(official: Path) -> None:
    read = read_published(official / "nomenclatures" / "cim10" / "cim10_fr_pmsi_2025.csv.gz")
    assert (len(read), sum(each.actif for each in read), read.version) == (42897, 42897 - 401, "2025")
    assert read.suggest("diabete type 2")[0].code == "E11"
    assert read.suggest("hypertention")[0].label.startswith("Hypertension")
    old = read_published(official / "nomenclatures" / "cim10" / "LIBCIM10MULTI_saufch20.TXT.gz")
    assert len(old) == 15789
