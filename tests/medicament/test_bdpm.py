"""The public base of medicines: what is read of its files, and what a person finds in it."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from opensegur.foundation.errors import RefusedInput
from opensegur.medicament import BaseMedicaments, Genericite, read_bdpm

Write = Callable[..., Path]


def line(*values: str) -> str:
    return "\t".join(values) + "\r\n"


def speciality(cis: str, name: str, *, sold: str = "Commercialisée", status: str = "Autorisation active") -> str:
    return line(
        cis, name, " comprimé", "orale;rectale", status, "", sold, "01/02/2003", "", "", " LABO FICTIF", "Oui"
    )


def box(cis: str, cip7: str, cip13: str, *, rate: str = "65 %", price: str = "1,466,29") -> str:
    return line(
        cis, cip7, "boîte de 8", "Présentation active", "Déclaration de commercialisation", "", cip13, "oui", rate,
        "", price, "", "",
    )  # fmt: skip


SALT = "CHLORHYDRATE DE FICTIVINE"
FILES = {
    "CIS_bdpm": (
        speciality("60000001", "FICTIDOL 1000 mg, comprimé")
        + speciality("60000002", "FICTIVINE DURAND 1 g, comprimé", sold="Non commercialisée")
        + speciality("60000003", "ROSALGYL L.P. 0,5 mg, gélule", status="Autorisation abrogée")
        + speciality("60000004", "FICTIDOL HOPITAL 1000 mg, solution injectable")
    ).encode("cp1252"),
    "CIS_CIP_bdpm": (
        box("60000001", "3000001", "3400930000014") + box("60000002", "3000002", "3400930000021", rate="", price="")
    ).encode(),
    "CIS_COMPO_bdpm": (
        line("60000001", "comprimé", "00001", SALT, "1100 mg", "un comprimé", "SA", "1")
        + line("60000001", "comprimé", "00002", "FICTIVINE", "1000 mg", "un comprimé", "FT", "1")
        + line("60000002", "comprimé", "00001", SALT, "1100 mg", "un comprimé", "SA", "1")
    ).encode("cp1252"),
    "CIS_GENER_bdpm": (
        line("7", "FICTIVINE 1000 mg - FICTIDOL", "60000001", "0", "1")
        + line("7", "FICTIVINE 1000 mg - FICTIDOL", "60000002", "1", "2")
        + line("7", "FICTIVINE 1000 mg - FICTIDOL", "69999999", "1", "3")
    ).encode("cp1252"),
    "CIS_CPD_bdpm": ("\r\n" + line("60000001", "liste I") + line("60000004", "réservé à l'usage HOSPITALIER")).encode(
        "cp1252"
    ),
    "CIS_MITM": line("60000001", "N02BE01", "FICTIDOL", "http://exemple.invalid").encode("cp1252"),
}


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def put(**files: bytes) -> Path:
        for name, data in {**FILES, **files}.items():
            (tmp_path / f"{name}.txt").write_bytes(data)
        return tmp_path

    return put


@pytest.fixture
def base(write: Write) -> BaseMedicaments:
    return BaseMedicaments(read_bdpm(write()).specialites)


def names(base: BaseMedicaments, text: str, **asked: bool) -> list[str]:
    return [each.denomination for each in base.search(text, **asked)]


def test_a_medicine_has_its_boxes_its_substances_and_its_rules(base: BaseMedicaments) -> None:
    found = base.get("60000001")
    assert found is not None
    assert found.voies == ("orale", "rectale")
    assert found.titulaire == "LABO FICTIF"
    assert found.substances == ("FICTIVINE",)
    assert (found.atc, found.liste, found.surveillance) == ("N02BE01", "liste I", True)
    [only] = found.presentations
    assert (only.taux, only.prix) == (65, Decimal("1466.29"))
    assert found.groupes[0].place is Genericite.PRINCEPS
    assert [each.cis for each in base.same_group("60000001")] == ["60000002"]


def test_a_medicine_that_left_the_market_stays(base: BaseMedicaments) -> None:
    gone, withdrawn = base.get("60000002"), base.get("60000003")
    assert gone is not None
    assert withdrawn is not None
    assert not gone.commercialisee
    assert not withdrawn.autorisee
    assert gone.substances == (SALT,)
    assert (gone.presentations[0].taux, gone.presentations[0].prix) == (None, None)


@pytest.mark.parametrize("code", ["3400930000014", "3000001", "03400930000014"])
def test_a_box_is_found_by_any_of_its_codes(base: BaseMedicaments, code: str) -> None:
    found = base.box(code)
    assert found is not None
    assert found.specialite.cis == "60000001"
    assert names(base, code) == ["FICTIDOL 1000 mg, comprimé"]
    assert base.box("3400930000000") is None


@pytest.mark.parametrize(
    "text",
    [
        "fic 1000",
        "FICTIDÔL",
        "fictidol cp",
        "chlorhydrate fictivine",
        "n02be01",
        "labo fictidol 1000mg",
        "60000001",
    ],
)
def test_what_a_person_types_finds_it_first(base: BaseMedicaments, text: str) -> None:
    assert names(base, text)[0] == "FICTIDOL 1000 mg, comprimé"


def test_grams_and_milligrams_are_the_same_dose(base: BaseMedicaments) -> None:
    assert "FICTIDOL 1000 mg, comprimé" in names(base, "fictidol 1 g")
    assert "FICTIVINE DURAND 1 g, comprimé" in names(base, "fictivine durand 1000 mg")
    assert names(base, "rosalgyl lp 0,5") == ["ROSALGYL L.P. 0,5 mg, gélule"]
    assert names(base, "fictidol 100") == []


@pytest.mark.parametrize("text", ["fictidl", "ficitdol", "fictidoll", "fyctidol"])
def test_one_letter_wrong_is_forgiven(base: BaseMedicaments, text: str) -> None:
    assert names(base, text)[0].startswith("FICTIDOL")


def test_what_only_a_hospital_uses_is_asked_for(base: BaseMedicaments) -> None:
    assert "FICTIDOL HOPITAL 1000 mg, solution injectable" not in names(base, "fictidol")
    assert "FICTIDOL HOPITAL 1000 mg, solution injectable" in names(base, "fictidol", hospital=True)


@pytest.mark.parametrize("text", ["", "  ", "—", "zzzzzz"])
def test_nothing_is_found_with_nothing(base: BaseMedicaments, text: str) -> None:
    assert names(base, text) == []


def test_a_line_that_cannot_be_read_is_told_and_the_others_are_kept(write: Write) -> None:
    spoiled = FILES["CIS_bdpm"] + b"6000\tCOURT\r\n" + line("ABC", *[""] * 11).encode()
    reading = read_bdpm(write(CIS_bdpm=spoiled))
    assert len(reading.specialites) == 4
    assert reading.orphelines == {"CIS_GENER_bdpm": 1}
    assert [(each.numero, each.motif) for each in reading.illisibles] == [
        (5, "2 colonnes au lieu de 12"),
        (6, "le code CIS n’a pas huit chiffres"),
    ]


def test_a_missing_or_broken_file_is_told(write: Write, tmp_path: Path) -> None:
    folder = write()
    (folder / "CIS_COMPO_bdpm.txt").unlink()
    with pytest.raises(RefusedInput) as refusal:
        read_bdpm(folder)
    assert refusal.value.code == "BDPM_ABSENTE"
    (tmp_path / "CIS_COMPO_bdpm.txt.gz").write_bytes(gzip.compress(b"x" * 1000)[:15])
    with pytest.raises(RefusedInput) as refusal:
        read_bdpm(folder)
    assert refusal.value.code == "BDPM_ILLISIBLE"


@pytest.mark.fixtures
def test_the_published_base_is_read_whole_and_found(official: Path) -> None:
    reading = read_bdpm(official / "pharmacie" / "bdpm" / "complet")
    assert reading.illisibles == []
    assert reading.lignes == {
        "CIS_bdpm": 15848,
        "CIS_CIP_bdpm": 20903,
        "CIS_COMPO_bdpm": 32389,
        "CIS_GENER_bdpm": 10704,
        "CIS_CPD_bdpm": 28151,
        "CIS_MITM": 7711,
        "CIS_CIP_Dispo_Spec": 766,
    }
    base = BaseMedicaments(reading.specialites)
    assert reading.orphelines["CIS_CIP_bdpm"] == 4
    assert reading.orphelines["CIS_GENER_bdpm"] == 2517
    assert sum(len(each.presentations) for each in base.specialites) == 20903 - 4
    assert sum(each.is_hospital_only for each in base.specialites) >= 789
    for text, first in {
        "doli 1000": "DOLIPRANE 1000 mg, comprimé",
        "3400935955838": "DOLIPRANE 1000 mg, comprimé",
        "prevenar": "PREVENAR 13",
        "kardegic 75": "KARDEGIC 75 mg",
        "amoxiciline": "AMOXICILLINE",
        "metformine 1000": "METFORMINE ARROW LAB 1000 mg",
        "paracétamol 1g cp eff": "PARACETAMOL",
    }.items():
        assert base.search(text)[0].denomination.startswith(first), text
    assert any("AMLODIPINE" in each.substances[0] for each in base.search("amlodipine"))
