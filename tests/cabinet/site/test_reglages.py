"""What the environment and the file change in the settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from opensegur.cabinet.site.reglages import databases, read_reglages, secret_key
from opensegur.foundation.errors import ConfigurationError


def test_sqlite_in_the_data_folder_by_default(tmp_path: Path) -> None:
    reglages = read_reglages({"OPENSEGUR_DONNEES": str(tmp_path / "donnees")})
    bases = databases(reglages)
    assert {base["NAME"].name for base in bases.values()} == {"cabinet.sqlite3", "journal.sqlite3"}
    assert all(base["OPTIONS"]["transaction_mode"] == "IMMEDIATE" for base in bases.values())
    assert not reglages.https
    assert "127.0.0.1" in reglages.hotes


def test_postgresql_keeps_the_journal_in_a_schema_of_its_own(tmp_path: Path) -> None:
    base = "postgresql://segur:mot%40de%2Fpasse@base.exemple:5433/cabinet"
    bases = databases(read_reglages({"OPENSEGUR_DONNEES": str(tmp_path), "OPENSEGUR_BASE": base}))
    assert bases["default"]["PASSWORD"] == "mot@de/passe"
    assert bases["default"]["PORT"] == "5433"
    assert "journal" in bases["journal"]["OPTIONS"]["options"]
    assert "journal" not in bases["default"]["OPTIONS"]["options"]


@pytest.mark.parametrize(
    ("base", "mode"),
    [
        ("postgresql://segur:x@base.exemple/cabinet", "require"),
        ("postgresql://segur:x@10.0.0.9/cabinet?sslmode=verify-full", "verify-full"),
        ("postgresql://segur:x@localhost/cabinet", "prefer"),
        ("postgresql:///cabinet", "prefer"),
    ],
)
def test_a_database_that_is_elsewhere_is_reached_over_tls(tmp_path: Path, base: str, mode: str) -> None:
    bases = databases(read_reglages({"OPENSEGUR_DONNEES": str(tmp_path), "OPENSEGUR_BASE": base}))
    assert {each["OPTIONS"]["sslmode"] for each in bases.values()} == {mode}


def test_a_database_that_is_elsewhere_is_never_reached_in_clear(tmp_path: Path) -> None:
    base = "postgresql://segur:x@base.exemple/cabinet?sslmode=disable"
    with pytest.raises(ConfigurationError) as caught:
        databases(read_reglages({"OPENSEGUR_DONNEES": str(tmp_path), "OPENSEGUR_BASE": base}))
    assert caught.value.code == "CONFIG_BASE_CLAIR"


@pytest.mark.parametrize("base", ["mysql://x/y", "postgresql://hote", "n'importe quoi"])
def test_another_base_is_refused_with_what_to_write(tmp_path: Path, base: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        databases(read_reglages({"OPENSEGUR_DONNEES": str(tmp_path), "OPENSEGUR_BASE": base}))
    assert "postgresql://" in caught.value.conseil


def test_a_public_address_is_https(tmp_path: Path) -> None:
    (tmp_path / "opensegur.toml").write_text('[cabinet]\nadresse = "https://cabinet.exemple/"\n', encoding="utf-8")
    reglages = read_reglages({"OPENSEGUR_DONNEES": str(tmp_path)})
    assert (reglages.adresse, reglages.https, reglages.hotes) == (
        "https://cabinet.exemple",
        True,
        ["cabinet.exemple"],
    )


def test_a_server_of_the_local_network_has_several_names(tmp_path: Path) -> None:
    reglages = read_reglages(
        {
            "OPENSEGUR_DONNEES": str(tmp_path),
            "OPENSEGUR_CABINET_ADRESSE": "https://cabinet.lan",
            "OPENSEGUR_CABINET_HOTES": "cabinet.lan,192.168.1.20,fd00::2",
        }
    )
    assert reglages.hotes == ["cabinet.lan", "192.168.1.20", "[fd00::2]"]


@pytest.mark.parametrize(
    ("adresse", "promised"),
    [("https://cabinet.lan", True), ("https://cabinet.lan:443", True), ("https://cabinet.lan:8443", False),
     ("http://127.0.0.1:8000", False)],
    ids=["https", "its port", "another port", "clear"],
)  # fmt: skip
def test_browsers_are_kept_to_https_only_where_it_shuts_no_other_program(
    tmp_path: Path, adresse: str, *, promised: bool
) -> None:
    reglages = read_reglages({"OPENSEGUR_DONNEES": str(tmp_path), "OPENSEGUR_CABINET_ADRESSE": adresse})
    assert bool(reglages.duree_https) is promised


@pytest.mark.parametrize("adresse", ["http://cabinet.exemple", "cabinet", "https://moi:secret@cabinet.exemple"])
def test_an_address_in_clear_over_the_network_is_refused(tmp_path: Path, adresse: str) -> None:
    with pytest.raises(ConfigurationError):
        read_reglages({"OPENSEGUR_DONNEES": str(tmp_path), "OPENSEGUR_CABINET_ADRESSE": adresse})


def test_no_data_folder_no_start() -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_reglages({})
    assert caught.value.code == "CONFIG_DONNEES"


def test_a_broken_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "opensegur.toml").write_text("[cabinet\n", encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        read_reglages({"OPENSEGUR_DONNEES": str(tmp_path)})
    assert caught.value.code == "CONFIG_ILLISIBLE"


def test_the_secret_is_made_once(tmp_path: Path) -> None:
    assert secret_key(tmp_path) == secret_key(tmp_path)
    assert len(secret_key(tmp_path)) > 50
    (tmp_path / "secret").write_text("", encoding="utf-8")
    with pytest.raises(ConfigurationError):
        secret_key(tmp_path)
