from __future__ import annotations

import sys
from pathlib import Path

import pytest

from opensegur.cda.document_lu import Modele
from opensegur.cda.officiel import FOR_N1, OfficialTree, official_tree, schematrons_of
from opensegur.cda.officiel_copie import mended_copy, user_cache
from opensegur.cda.testing import complete_entete, sample_entete, sample_n1
from opensegur.cda.validation import validate_official
from opensegur.foundation.errors import ConfigurationError


def test_a_folder_that_is_not_the_tree_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        OfficialTree(tmp_path)
    assert caught.value.code == "CDA_OFFICIEL_ABSENT"


def test_the_level_and_the_model_choose_the_schematrons() -> None:
    assert schematrons_of((), structured=False) == FOR_N1
    known = schematrons_of((Modele("1.2.250.1.213.1.1.1.46", "2023.01"),), structured=True)
    assert known[-1].path == "schematrons/CI-SIS_VAC-NOTE_2023.01.sch"
    assert len(schematrons_of((Modele("1.2.3"),), structured=True)) == len(known) - 1


@pytest.fixture
def small_tree(tmp_path: Path) -> Path:
    """A tree of our own, with the two defects of the published one."""
    folder = tmp_path / "arbre"
    entries = folder / "schematrons" / "profils" / "structurationMinimale" / "include"
    entries.mkdir(parents=True)
    (entries / "Minuscule.sch").write_text("<pattern/>", encoding="utf-8")
    main = entries.parent / "ASIP-STRUCT-MIN-StrucMin.sch"
    main.write_text(
        '<schema><include href="include/minuscule.sch"/><include href="include/absent.sch"/></schema>',
        encoding="utf-8",
    )
    return folder


def test_the_copy_is_mended_and_made_once(small_tree: Path, tmp_path: Path) -> None:
    copy = mended_copy(small_tree, tmp_path / "cache")
    include = copy / "schematrons" / "profils" / "structurationMinimale" / "include"
    assert (include / "minuscule.sch").is_file()
    assert not (include / "absent.sch").exists()
    vocabulary = (include / "voc-1.2.250.1.213.1.1.5.471-DYNAMIC.xml").read_text(encoding="utf-8")
    assert 'code="11488-4"' in vocabulary
    assert mended_copy(small_tree, tmp_path / "cache") == copy
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [copy.name]


def test_a_changed_tree_is_copied_again(small_tree: Path, tmp_path: Path) -> None:
    first = mended_copy(small_tree, tmp_path / "cache")
    source = small_tree / "schematrons" / "profils" / "structurationMinimale" / "ASIP-STRUCT-MIN-StrucMin.sch"
    source.write_text("<schema><!-- une autre version --></schema>", encoding="utf-8")
    assert mended_copy(small_tree, tmp_path / "cache") != first


@pytest.mark.parametrize(
    ("platform", "variable"), [("win32", "LOCALAPPDATA"), ("linux", "XDG_CACHE_HOME"), ("linux", "OPENSEGUR_CACHE")]
)
def test_the_cache_is_the_user_s(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, platform: str, variable: str
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.delenv("OPENSEGUR_CACHE", raising=False)
    monkeypatch.setenv(variable, str(tmp_path))
    assert tmp_path in user_cache().parents


@pytest.mark.exigence("DOC/va1.08")
@pytest.mark.exigence("DOC/va1.16")
@pytest.mark.parametrize("entete", [sample_entete(), complete_entete()], ids=["short", "complete"])
def test_our_documents_pass_the_official_checks(official_tree_folder: Path, entete: object) -> None:
    assert validate_official(sample_n1(entete), official_tree_folder).findings == ()  # type: ignore[arg-type]


def test_the_official_checks_find_what_ours_find(official_tree_folder: Path) -> None:
    spoiled = sample_n1().replace(b'code="N"', b'code="MASQUE_PS"').replace(b' qualifier="BR"', b"")
    messages = [finding.message for finding in validate_official(spoiled, official_tree_folder).errors]
    assert "L’attribut qualifier manque." in messages
    assert any("Confidentiality" in message for message in messages)
    wrong_order = sample_n1().replace(b'<realmCode code="FR"/>', b"<title>x</title>")
    assert any(
        finding.rule == "OFFICIEL.XSD" for finding in validate_official(wrong_order, official_tree_folder).errors
    )
    assert validate_official(b"<a/>", official_tree_folder).findings[0].rule == "CDA_RACINE"


def test_the_tree_is_prepared_once(official_tree_folder: Path) -> None:
    assert official_tree(official_tree_folder) is official_tree(official_tree_folder)
